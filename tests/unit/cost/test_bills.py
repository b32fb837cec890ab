"""``cost report``: what Cost Explorer is asked, and what is made of its answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tooling.cost.bills import Period, last_week, read_bill, this_month

WEEK = Period(date(2026, 11, 14), date(2026, 11, 21))


def day(start: str, *groups: tuple[str, str], estimated: bool = False) -> dict[str, Any]:
    """One day of an answer, in the form of the API reference of GetCostAndUsage."""
    return {
        "TimePeriod": {"Start": start, "End": "-"},
        "Estimated": estimated,
        "Total": {},
        "Groups": [
            {"Keys": [name], "Metrics": {"UnblendedCost": {"Amount": usd, "Unit": "USD"}}} for name, usd in groups
        ],
    }


class Explorer:
    """Cost Explorer with answers that were written down; keeps what it was asked."""

    def __init__(self, *pages: list[dict[str, Any]]) -> None:
        self.pages = pages
        self.asked: list[dict[str, Any]] = []

    def get_cost_and_usage(self, **question: Any) -> dict[str, Any]:
        self.asked.append(question)
        at = int(question.get("NextPageToken", "0"))
        more = {"NextPageToken": str(at + 1)} if at + 1 < len(self.pages) else {}
        return {"ResultsByTime": self.pages[at], **more} if self.pages else {}


@pytest.mark.requirement("RW-BUD-03")
def test_week_is_the_last_seven_whole_days() -> None:
    period = last_week(date(2026, 11, 21))

    assert (period.first, period.last) == (date(2026, 11, 14), date(2026, 11, 20))


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 21), date(2026, 11, 1), date(2026, 11, 20)),
        (date(2026, 12, 1), date(2026, 11, 1), date(2026, 11, 30)),
        (date(2027, 1, 1), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_month_ends_yesterday(today: date, first: date, last: date) -> None:
    period = this_month(today)

    assert (period.first, period.last) == (first, last)


@pytest.mark.requirement("RW-BUD-02", "RW-BUD-03")
def test_services_of_the_stack_are_added_up_over_days_and_pages() -> None:
    explorer = Explorer(
        [day("2026-11-14", ("AWS Lambda", "0.10"), ("Amazon DynamoDB", "1.25"))],
        [day("2026-11-15", ("AWS Lambda", "0.30"), ("Amazon Personalize", "4.80"), estimated=True)],
    )

    bill = read_bill(explorer, "prod/rewind", ["prod"], WEEK, "service")

    assert [(paid.name, paid.usd, paid.estimated) for paid in bill.paid] == [
        ("Amazon Personalize", Decimal("4.80"), True),
        ("Amazon DynamoDB", Decimal("1.25"), False),
        ("AWS Lambda", Decimal("0.40"), True),
    ]
    assert bill.total == Decimal("6.45")


def test_days_are_added_up_in_their_order() -> None:
    explorer = Explorer([day("2026-11-14", ("A", "1"), ("B", "2")), day("2026-11-15", ("A", "0.5"))])

    bill = read_bill(explorer, "prod/rewind", ["prod"], WEEK, "day")

    assert [(paid.name, paid.usd) for paid in bill.paid] == [
        ("2026-11-14", Decimal(3)),
        ("2026-11-15", Decimal("0.5")),
    ]


def test_question_is_of_the_tags_of_that_stack() -> None:
    explorer = Explorer([])

    read_bill(explorer, "prod/solemate", ["prod", "production"], WEEK, "service")

    (asked,) = explorer.asked
    assert asked["TimePeriod"] == {"Start": "2026-11-14", "End": "2026-11-21"}
    assert asked["Filter"] == {
        "And": [
            {"Tags": {"Key": "Architecture", "Values": ["solemate"]}},
            {"Tags": {"Key": "Environment", "Values": ["prod", "production"]}},
        ]
    }


def test_stack_without_a_bill_is_paid_nothing() -> None:
    bill = read_bill(Explorer(), "dev/kefir", ["dev"], WEEK, "service")

    assert (bill.paid, bill.total) == ((), Decimal(0))
