"""Plans to price, made by hand, and a table of prices that no refresh changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tests.support.plans import Json
from tooling.cost import CostEstimate, CostLine, Usage, estimate
from tooling.cost.keys import KEYS
from tooling.cost.prices import Missing, Price, PriceTable, Tier
from tooling.cost.usage import Assumption, StackUsage
from tooling.gate.addresses import parse_address

STACK, REGION = "dev/shop", "us-east-1"
AS_OF = date(2026, 1, 31)


def price(price_id: str, usd: str, per: int = 1, unit: str = "thing", *, tiers: tuple[Tier, ...] = ()) -> Price:
    whole = tiers or (Tier(None, Decimal(usd)),)
    return Price(price_id, Decimal(usd), per, unit, whole, f"https://aws.example/{price_id}", AS_OF, confirmed=True)


def table(*prices: Price | Missing, **regions: Price) -> PriceTable:
    """A table with one price an id in us-east-1; what differs elsewhere as ``us_west_2=price(...)``."""
    rows: dict[str, dict[str, Price | Missing]] = {each.id: {REGION: each} for each in prices}
    for region, each in regions.items():
        rows.setdefault(each.id, {})[region.replace("_", "-")] = each
    return PriceTable(rows)


def dollars(**prices: str) -> PriceTable:
    """A table of prices for one unit each; ``nat_gateway__hour`` is ``nat_gateway.hour``."""
    return table(*(price(name.replace("__", "."), usd) for name, usd in prices.items()))


def assume(everywhere: Mapping[str, str | int | Decimal], *, free_tier: bool = False) -> Usage:
    """A usage file that says this of every resource."""
    return Usage("usage.yaml", free_tier, assumptions(everywhere))


def assumptions(values: Mapping[str, str | int | Decimal]) -> dict[str, Assumption]:
    assert set(values) <= set(KEYS), sorted(set(values) - set(KEYS))
    return {
        key: Assumption(key, Decimal(str(value)), f"a note on {key}", "usage.yaml:1") for key, value in values.items()
    }


def of_stack(own: Mapping[str, Any], addresses: Mapping[str, Mapping[str, Any]] | None = None) -> Usage:
    """A usage file that says this of the stack, and of those of its resources that a glob names."""
    globs = tuple((glob, assumptions(values)) for glob, values in (addresses or {}).items())
    return Usage("usage.yaml", stacks={"shop": StackUsage(assumptions(own), globs)})


def plan_of(
    resources: Mapping[str, Mapping[str, Any]],
    *,
    before: Mapping[str, Mapping[str, Any]] | None = None,
    unknown: Mapping[str, Mapping[str, Any]] | None = None,
    expressions: Mapping[str, Mapping[str, Any]] | None = None,
) -> Json:
    """A plan's JSON.

    Args:
        resources: Values after the plan, by address in the root module.
        before: Values before it; what is in both with other values is updated, what is in neither does not exist.
        unknown: What is known only after the apply.
        expressions: Arguments in the configuration.
    """
    earlier = before or {}
    configured = {_block(address) for address in (*resources, *(expressions or {}))}
    return {
        "format_version": "1.2",
        "planned_values": {
            "root_module": {
                "resources": [{"address": name, "values": dict(given)} for name, given in resources.items()]
            }
        },
        "resource_changes": [
            {
                "address": name,
                "type": parse_address(name).type,
                "mode": "managed",
                "change": {
                    "actions": _actions(earlier.get(name), resources.get(name)),
                    "before": earlier.get(name),
                    "after": resources.get(name),
                    "after_unknown": (unknown or {}).get(name, {}),
                },
            }
            for name in {**resources, **earlier}
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {
                        "mode": "managed",
                        "type": kind,
                        "name": name,
                        "expressions": (expressions or {}).get(f"{kind}.{name}", {}),
                    }
                    for kind, name in sorted(configured)
                ]
            }
        },
        "variables": {},
    }


def _block(address: str) -> tuple[str, str]:
    at = parse_address(address)
    return at.type, at.name


def _actions(was: Any, will: Any) -> list[str]:
    if was is None:
        return ["create"]
    if will is None:
        return ["delete"]
    return ["no-op"] if was == will else ["update"]


def cost_of(plan: Json, prices: PriceTable, usage: Usage | None = None) -> CostEstimate:
    return estimate(plan, stack=STACK, region=REGION, usage=usage or Usage("usage.yaml"), prices=prices)


def lines_of(
    kind: str, values: Mapping[str, Any], prices: PriceTable, usage: Usage | None = None, **others: Mapping[str, Any]
) -> dict[str, CostLine]:
    """The lines of one resource, by part; others stand around it by address, with ``__`` for the dot."""
    around = {name.replace("__", "."): given for name, given in others.items()}
    found = cost_of(plan_of({f"{kind}.it": values, **around}), prices, usage)
    return {line.part: line for line in found.lines if line.address == f"{kind}.it"}


def paid(lines: Mapping[str, CostLine]) -> dict[str, Decimal | None]:
    """What each part costs, to the cent."""
    return {
        part: None if line.monthly_usd is None else line.monthly_usd.quantize(Decimal("0.01"))
        for part, line in lines.items()
    }
