"""What was paid for a stack, from Cost Explorer: the other side of an estimate.

Cost Explorer knows a stack by the tags that its root gives every resource; an account has to activate these two as cost
allocation tags once, and they count from then on. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

#: Where Cost Explorer answers, for all regions.
HOME_REGION = "us-east-1"
TAGS = ("Architecture", "Environment")
_METRIC = "UnblendedCost"
By = Literal["service", "day"]


@dataclass(frozen=True)
class Period:
    """Whole days.

    Attributes:
        first: The first day.
        end: The day after the last one, as Cost Explorer wants it.
    """

    first: date
    end: date

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)


@dataclass(frozen=True)
class Paid:
    """What one service, or one day, was paid.

    Attributes:
        name: The service, or the day.
        usd: In US dollars, unblended.
        estimated: Whether AWS may still change it.
    """

    name: str
    usd: Decimal
    estimated: bool


@dataclass(frozen=True)
class Bill:
    """What a stack was paid in a period, dearest first, or day by day."""

    stack: str
    period: Period
    paid: tuple[Paid, ...]

    @property
    def total(self) -> Decimal:
        return sum((entry.usd for entry in self.paid), Decimal(0))


def last_week(today: date) -> Period:
    """The seven whole days before today."""
    return Period(today - timedelta(days=7), today)


def this_month(today: date) -> Period:
    """The month up to yesterday; on its first day, the month before."""
    yesterday = today - timedelta(days=1)
    return Period(yesterday.replace(day=1), today)


def read_bill(client: Any, stack: str, environments: Sequence[str], period: Period, by: By) -> Bill:
    """Ask Cost Explorer; each page of an answer costs a cent.

    Args:
        client: boto3's of ``ce``.
        stack: ``<env>/<architecture>``.
        environments: What the tag ``Environment`` may say of it.
        period: The days.
        by: What to add up by.
    """
    values = dict(zip(TAGS, ([stack.rpartition("/")[2]], list(environments)), strict=True))
    question = {
        "TimePeriod": {"Start": period.first.isoformat(), "End": period.end.isoformat()},
        "Granularity": "DAILY",
        "Metrics": [_METRIC],
        "Filter": {"And": [{"Tags": {"Key": key, "Values": named}} for key, named in values.items()]},
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}],
    }
    sums: dict[str, Paid] = {}
    for name, usd, estimated in _entries(client.get_cost_and_usage, question, by):
        known = sums.get(name, Paid(name, Decimal(0), False))
        sums[name] = Paid(name, known.usd + usd, known.estimated or estimated)
    ordered = sorted(sums.values(), key=(lambda paid: paid.name) if by == "day" else (lambda paid: -paid.usd))
    return Bill(stack, period, tuple(ordered))


def _entries(ask: Callable[..., Any], question: dict[str, Any], by: By) -> Iterator[tuple[str, Decimal, bool]]:
    """Name, amount and whether it is final, of each day and service."""
    token: str | None = None
    while True:
        answer = ask(**question, **({"NextPageToken": token} if token else {}))
        for day in answer.get("ResultsByTime", []):
            for group in day.get("Groups", []):
                name = day["TimePeriod"]["Start"] if by == "day" else group["Keys"][0]
                yield name, Decimal(group["Metrics"][_METRIC]["Amount"]), bool(day.get("Estimated"))
        token = answer.get("NextPageToken")
        if not token:
            return
