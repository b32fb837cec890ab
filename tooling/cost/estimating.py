"""From a plan to an estimate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tooling.cost import estate
from tooling.cost.allowances import ALLOWANCES, Free
from tooling.cost.component import Component, unpriced
from tooling.cost.estate import Estate, NotKnownError, Resource
from tooling.cost.model import CostEstimate, CostLine, FreeType, Kind, Lack
from tooling.cost.prices import Price, PriceTable, monthly
from tooling.cost.resources import FREE, PRICED
from tooling.cost.usage import Usage

#: Lines are rounded to this, so that their sum is the total to the digit.
_STEP = Decimal("0.0001")
_QUANTITY_STEP = Decimal("0.000001")


@dataclass(frozen=True)
class _Priced:
    """A component with its price, at one time."""

    component: Component
    region: str
    price: Price | None
    usd: Decimal | None
    kind: Kind
    lacks: Lack
    assumption: str


def estimate(plan: Mapping[str, Any], *, stack: str, region: str, usage: Usage, prices: PriceTable) -> CostEstimate:
    """What the resources of a plan cost in a month, and what those cost that were there before.

    Args:
        plan: The JSON of ``terraform show -json``, masked or not.
        stack: ``<env>/<architecture>``.
        region: Where resources are whose provider does not say.
        usage: What is assumed of a month.
        prices: What AWS asks.
    """
    now = estate.after(plan, stack=stack, region=region, usage=usage)
    then = estate.before(plan, stack=stack, region=region, usage=usage)
    changes = estate.changes(plan)
    priced_now, priced_then = _priced(now, prices), _priced(then, prices)
    types = _types(now, then)
    lines = [
        _line(address, part, changes.get(address, "unchanged"), priced_now, priced_then, types[address])
        for address, part in sorted({*priced_now, *priced_then})
    ]
    dates = [line.as_of for line in lines if line.as_of]
    return CostEstimate(
        stack=stack,
        prices_as_of=min(dates, default=""),
        lines=tuple(lines),
        free=tuple(_free(now)),
        free_tier=usage.free_tier,
    )


def _priced(whole: Estate, prices: PriceTable) -> dict[tuple[str, str], _Priced]:
    free = Free(used=whole.usage.free_tier)
    found: dict[tuple[str, str], _Priced] = {}
    for item in sorted(whole, key=lambda each: each.address):
        for component in _components(item):
            key = (item.address, component.part)
            if key in found:
                raise ValueError(f"{item.address} has two parts '{component.part}'")
            found[key] = _with_price(component, item, prices, free)
    return found


def _components(item: Resource) -> Iterator[Component]:
    """Parts of a resource. A type that nobody thought of is a part as well: an unknown one."""
    if item.type in FREE:
        return
    pricer = PRICED.get(item.type)
    if pricer is None:
        yield unpriced("resource", "other", f"no prices of {item.type}")
        return
    try:
        yield from pricer(item)
    except NotKnownError as error:
        yield unpriced("resource", "other", str(error))


def _with_price(component: Component, item: Resource, prices: PriceTable, free: Free) -> _Priced:
    region = component.region or item.region
    quantity = component.amount
    notes = [*quantity.assumed, component.remark]
    kind: Kind = "usage" if quantity.assumed else "fixed"
    lacks: Lack = ""
    price = prices.usd(component.price, region) if component.price else None
    usd: Decimal | None = None
    if component.price and price is None:
        lacks = "price"
        notes.insert(0, prices.why_not(component.price, region))
    if quantity.value is None:
        lacks = lacks or ("plan" if quantity.missing else "usage")
        notes = [*quantity.missing, *quantity.unassumed, *notes]
    elif price is not None:
        covered = free.take(component.price, quantity.value)
        usd = monthly(price, quantity.value - covered).quantize(_STEP)
        if covered:
            notes.append(f"{covered:,.0f} of it free")
        elif not free.used and usd >= 1 and component.price in ALLOWANCES:
            notes.append(f"an account has {ALLOWANCES[component.price][1]:,f} free, which are not taken off")
    elif not component.price:
        usd = Decimal(0)
    kind = "unknown" if usd is None else kind
    return _Priced(component, region, price, usd, kind, lacks, "; ".join(note for note in notes if note))


def _types(*estates: Estate) -> dict[str, str]:
    return {item.address: item.type for whole in estates for item in whole}


def _line(
    address: str,
    part: str,
    change: str,
    now: Mapping[tuple[str, str], _Priced],
    then: Mapping[tuple[str, str], _Priced],
    kind: str,
) -> CostLine:
    after, before = now.get((address, part)), then.get((address, part))
    shown = after or before
    assert shown is not None
    price, quantity = shown.price, shown.component.amount.value
    return CostLine(
        address=address,
        type=kind,
        service=shown.component.service,
        part=part,
        what=shown.component.what,
        kind=shown.kind,
        quantity=None if quantity is None else quantity.quantize(_QUANTITY_STEP),
        unit=price.unit if price else "",
        price_usd=price.usd if price else None,
        per=price.per if price else 1,
        monthly_usd=after.usd if after else Decimal(0),
        before_usd=before.usd if before else Decimal(0),
        lacks=shown.lacks,
        assumption=shown.assumption,
        source=price.source if price else "",
        as_of=price.as_of.isoformat() if price else "",
        region=shown.region,
        change=change,
    )


def _free(whole: Estate) -> Iterator[FreeType]:
    counts: dict[str, int] = {}
    for item in whole:
        if item.type in FREE:
            counts[item.type] = counts.get(item.type, 0) + 1
    for kind in sorted(counts):
        yield FreeType(kind, counts[kind], FREE[kind])
