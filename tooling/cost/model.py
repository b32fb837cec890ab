"""An estimate: what the resources of one stack cost in a month, line by line, before a plan and after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any, Literal

from tooling.typed import read_as

Kind = Literal["fixed", "usage", "unknown"]
Lack = Literal["", "usage", "plan", "price"]
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """One part of what one resource costs.

    Attributes:
        address: The resource.
        type: Its type.
        service: As Cost Explorer names it.
        part: Which part of the resource, in a word that stays the same when the resource changes.
        what: The part in words, as it will be (or was, for what goes).
        kind: ``fixed``: the plan alone says how much. ``usage``: an assumption says so. ``unknown``: nobody does, or
            the price is not known.
        quantity: In single units a month; None when unknown.
        unit: Of the quantity and of the price.
        price_usd: For ``per`` units, in the first tier; None without a price.
        per: How many units the price is for.
        monthly_usd: After the plan; None when unknown.
        before_usd: Before the plan; None when unknown.
        lacks: What makes it unknown: no assumption (``usage``), a value that the plan does not know (``plan``), or the
            ``price``; empty when it is known.
        assumption: What the figure rests on, or what is missing.
        source: Page of AWS's that has the price; empty for what is free.
        as_of: Date of the price, as 2026-11-21; empty for what is free.
        region: Where it is paid.
        change: What the plan does to the resource: ``created``, ``updated``, ``replaced``, ``destroyed``,
            ``forgotten`` or ``unchanged``.
    """

    address: str
    type: str
    service: str
    part: str
    what: str
    kind: Kind
    quantity: Decimal | None
    unit: str
    price_usd: Decimal | None
    per: int
    monthly_usd: Decimal | None
    before_usd: Decimal | None
    lacks: Lack
    assumption: str
    source: str
    as_of: str
    region: str
    change: str

    @property
    def price(self) -> str:
        """The price as a text, with what it is for; empty for what is free or unknown."""
        if self.price_usd is None:
            return ""
        return f"${plain(self.price_usd)} per {f'{self.per:,} ' if self.per != 1 else ''}{self.unit}"

    @property
    def change_usd(self) -> Decimal | None:
        """What the plan adds; None when one side is unknown."""
        if self.monthly_usd is None or self.before_usd is None:
            return None
        return self.monthly_usd - self.before_usd


@dataclass(frozen=True)
class FreeType:
    """Resources of one type that cost nothing, and why."""

    type: str
    count: int
    why: str


@dataclass(frozen=True, kw_only=True)
class CostEstimate:
    """What one stack costs in a month.

    Attributes:
        stack: ``<env>/<architecture>``.
        prices_as_of: Date of the oldest price that a line rests on; empty when none does.
        lines: Every part of every resource that is paid, ordered by address.
        free: Types that cost nothing.
        free_tier: Whether what AWS gives away each month is taken off.
    """

    stack: str
    prices_as_of: str
    lines: tuple[CostLine, ...]
    free: tuple[FreeType, ...] = ()
    free_tier: bool = False

    @property
    def monthly_usd(self) -> Decimal:
        """After the plan, of all lines that are known: at least so much."""
        return total(line.monthly_usd for line in self.lines)

    @property
    def monthly_before_usd(self) -> Decimal:
        return total(line.before_usd for line in self.lines)

    @property
    def change_usd(self) -> Decimal:
        """What the plan adds, of the lines that are known before and after."""
        return total(line.change_usd for line in self.lines)

    @property
    def fixed_usd(self) -> Decimal:
        """What the plan alone decides."""
        return total(line.monthly_usd for line in self.lines if line.kind == "fixed")

    @property
    def usage_usd(self) -> Decimal:
        """What rests on assumptions."""
        return total(line.monthly_usd for line in self.lines if line.kind == "usage")

    @property
    def unknown(self) -> tuple[CostLine, ...]:
        """Lines of which nobody knows what they cost after the plan."""
        return tuple(line for line in self.lines if line.monthly_usd is None)

    @property
    def sentence(self) -> str:
        """The total as it may be said: never as if what is unknown were nothing."""
        return in_words([self])

    def by_service(self) -> dict[str, tuple[CostLine, ...]]:
        return _grouped(self.lines, lambda line: line.service)

    def by_resource(self) -> dict[str, tuple[CostLine, ...]]:
        return _grouped(self.lines, lambda line: line.address)


def plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no zeros at its end."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def total(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


def in_words(estimates: Sequence[CostEstimate]) -> str:
    """The total of several estimates as it may be said."""
    known = f"${total(each.monthly_usd for each in estimates):,.2f} a month"
    count = sum(len(each.unknown) for each in estimates)
    return f"at least {known}, {count} line{'' if count == 1 else 's'} unknown" if count else known


def change_in_words(estimates: Sequence[CostEstimate]) -> str:
    """What plans add or take away; empty when that is nothing."""
    change = total(each.change_usd for each in estimates)
    return f"{'+' if change > 0 else '-'}${abs(change):,.2f} against before" if change else ""


def _grouped(lines: Iterable[CostLine], key: Any) -> dict[str, tuple[CostLine, ...]]:
    """Dearest first."""
    groups: dict[str, list[CostLine]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    ordered = sorted(groups.items(), key=lambda group: (-total(line.monthly_usd for line in group[1]), group[0]))
    return {name: tuple(members) for name, members in ordered}


def to_json(estimate: CostEstimate) -> dict[str, Any]:
    """What ``cost.json`` holds. Lines are rounded so that their amounts come back from it as they were."""
    return {
        "format": FORMAT,
        "stack": estimate.stack,
        "prices_as_of": estimate.prices_as_of,
        "free_tier": estimate.free_tier,
        "monthly_usd": float(estimate.monthly_usd),
        "monthly_before_usd": float(estimate.monthly_before_usd),
        "change_usd": float(estimate.change_usd),
        "fixed_usd": float(estimate.fixed_usd),
        "usage_usd": float(estimate.usage_usd),
        "unknown_lines": len(estimate.unknown),
        "lines": [
            {name: float(value) if isinstance(value, Decimal) else value for name, value in asdict(line).items()}
            for line in estimate.lines
        ],
        "free": [asdict(entry) for entry in estimate.free],
    }


def from_json(content: Mapping[str, Any]) -> CostEstimate:
    """Read what :func:`to_json` wrote.

    Raises:
        ValueError: It is none, or of another format.
    """
    if content.get("format") != FORMAT:
        raise ValueError(f"this is no cost estimate of format {FORMAT}")
    names = {field.name for field in fields(CostLine)}
    asked = {field.name: content[field.name] for field in fields(CostEstimate) if field.name in content}
    if isinstance(asked.get("lines"), list):
        # Written beside them: what follows from them.
        asked["lines"] = [{name: line[name] for name in names & line.keys()} for line in asked["lines"]]
    return read_as(CostEstimate, asked)
