"""What AWS asks for one unit of something, from a dated table: ``prices.yaml`` beside this file.

The table is a file and not a call, so that an estimate is the same twice and needs no account. Every figure has the
date on which it held and the page it stands on; what nobody knows is in the table as well, without a figure.
:mod:`tooling.cost.refresh` replaces figures with those of AWS's own price list.

Free allowances of an account are not in the table: an account has them once, whichever stack uses them up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

#: The table that ships with the toolkit.
FILE = Path(__file__).with_name("prices.yaml")

#: Key of figures that are the same whatever the region: CloudFront, Route 53.
GLOBAL = "global"

#: From this age on an estimate says that its prices are old.
OLD_AFTER_DAYS = 180


@dataclass(frozen=True)
class Tier:
    """A price that holds up to a quantity of the month.

    Attributes:
        up_to: Last quantity, in single units, that it holds for; None: for all beyond.
        usd: For ``per`` units of the price it belongs to.
    """

    up_to: Decimal | None
    usd: Decimal


@dataclass(frozen=True)
class Price:
    """One price in one region.

    Attributes:
        id: As ``nat_gateway.hour``.
        usd: For ``per`` units, in the first tier.
        per: How many units ``usd`` is for: 1,000,000 where AWS quotes a million requests.
        unit: A single unit: ``hour``, ``GB-month``, ``request``.
        tiers: All tiers, the first one included; at least one.
        source: Page of AWS's that has the price.
        as_of: Date on which it held.
        confirmed: Whether a stored source, or AWS's price list, was read for this very figure.
        note: What the price is for, or what it leaves out.
    """

    id: str
    usd: Decimal
    per: int
    unit: str
    tiers: tuple[Tier, ...]
    source: str
    as_of: date
    confirmed: bool
    note: str = ""


@dataclass(frozen=True)
class Missing:
    """A price that is known not to be known, and why."""

    id: str
    why: str


@dataclass(frozen=True)
class PriceTable:
    """All prices.

    Attributes:
        by_id: Price, or why there is none, by id and region (:data:`GLOBAL` for what is the same everywhere).
    """

    by_id: Mapping[str, Mapping[str, Price | Missing]]

    def usd(self, price_id: str, region: str) -> Price | None:
        """The price in a region; None when there is none (:meth:`why_not` says why)."""
        found = self._find(price_id, region)
        return found if isinstance(found, Price) else None

    def why_not(self, price_id: str, region: str) -> str:
        """Why :meth:`usd` gives none; empty when it gives one."""
        if price_id not in self.by_id:
            return f"the price table has no {price_id}"
        found = self._find(price_id, region)
        if found is None:
            return f"no price for {region}; groundplan cost refresh --region {region}"
        return found.why if isinstance(found, Missing) else ""

    @property
    def ids(self) -> tuple[str, ...]:
        """As the table lists them."""
        return tuple(self.by_id)

    @property
    def oldest(self) -> date:
        """Date of the oldest figure."""
        return min(price.as_of for price in self._prices())

    @property
    def newest(self) -> date:
        """Date of the newest figure."""
        return max(price.as_of for price in self._prices())

    def age_warning(self, today: date) -> str:
        """What to tell whoever reads an estimate; empty while every figure is young enough."""
        old = [price for price in self._prices() if (today - price.as_of).days > OLD_AFTER_DAYS]
        if not old:
            return ""
        oldest = min(price.as_of for price in old)
        return (
            f"{len(old)} prices are older than {OLD_AFTER_DAYS} days, the oldest of {oldest}: "
            "groundplan cost refresh takes today's"
        )

    def _find(self, price_id: str, region: str) -> Price | Missing | None:
        regions = self.by_id.get(price_id, {})
        return regions.get(GLOBAL) or regions.get(region)

    def _prices(self) -> list[Price]:
        return [each for regions in self.by_id.values() for each in regions.values() if isinstance(each, Price)]


@cache
def load_prices(path: Path = FILE) -> PriceTable:
    """Read a table; once a process.

    Raises:
        ToolError: The file is missing or an entry is malformed (exit code 2, file and line).
    """
    from tooling.cost.price_file import read_entries

    return PriceTable({entry.id: entry.figures() for entry in read_entries(path)})


def monthly(price: Price, quantity: Decimal | int) -> Decimal:
    """What a month's quantity costs, tier by tier.

    Args:
        price: Of one unit.
        quantity: In single units (requests, hours, GB-months), not in what the price is quoted for.

    >>> nat = load_prices().usd("nat_gateway.hour", "us-east-1")
    >>> nat and monthly(nat, 730)
    Decimal('32.850')
    """
    if quantity < 0:
        raise ValueError(f"a quantity of {quantity}")
    total, begun = Decimal(0), Decimal(0)
    for tier in price.tiers:
        end = Decimal(quantity) if tier.up_to is None else min(tier.up_to, Decimal(quantity))
        total += max(end - begun, Decimal(0)) * tier.usd / price.per
        begun = end
    return total
