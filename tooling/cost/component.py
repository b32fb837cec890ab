"""What a resource is paid for: parts of it, each with a price and an amount."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from tooling.cost.amount import Amount, amount, missing
from tooling.cost.estate import Resource


@dataclass(frozen=True, kw_only=True)
class Component:
    """One part of what a resource costs.

    Attributes:
        part: Which part of the resource; the same before and after a change, and only once in a resource.
        what: In words, with what the price hangs on.
        service: As Cost Explorer names it, so that an estimate can be laid beside a bill.
        price: Id in ``prices.yaml``; empty for what costs nothing.
        amount: How much of it in a month.
        region: Where it is paid. Default: the resource's region.
        remark: What one has to know to take the figure as it is meant.
    """

    part: str
    what: str
    service: str
    price: str
    amount: Amount
    region: str | None = None
    remark: str = ""


Pricer = Callable[[Resource], Iterable[Component]]


def nothing(part: str, service: str, why: str) -> Component:
    """A part that costs nothing, and why; said rather than left out."""
    return Component(part=part, what=part, service=service, price="", amount=amount(0), remark=why)


def unpriced(part: str, service: str, why: str) -> Component:
    """A part that costs something nobody here knows."""
    return Component(part=part, what=part, service=service, price="", amount=missing(why))


def only(
    service: str, part: str, price: str, quantity: Amount | Decimal | int, what: str = "", remark: str = ""
) -> Component:
    """A component in one line."""
    return Component(part=part, what=what or part, service=service, price=price, amount=amount(quantity), remark=remark)
