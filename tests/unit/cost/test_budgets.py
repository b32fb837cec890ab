"""Budgets: when an estimate is a finding, on which address, and when it is undecided."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.costs import STACK, cost_of, dollars, plan_of
from tests.support.plans import Json
from tooling.cost import budget_findings
from tooling.gate import Finding

PRICES = dollars(
    vpc__public_ipv4="0.1", nat_gateway__hour="0.01", nat_gateway__gb="0.01", data_transfer__internet_out="0.09"
)
BUDGET = {"budget_type": "COST", "time_unit": "MONTHLY", "limit_unit": "USD", "limit_amount": "100"}
# 73 dollars each.
ADDRESSES: dict[str, dict[str, Any]] = {f"aws_eip.{name}": {} for name in "ab"}


def judged(plan: Json, ceiling: float | None = None) -> tuple[Finding, ...]:
    return budget_findings(cost_of(plan, PRICES), plan, ceiling)


def test_estimate_above_the_modules_own_budget_is_a_finding_on_that_budget() -> None:
    (finding,) = judged(plan_of({**ADDRESSES, "aws_budgets_budget.all": BUDGET}))

    assert (finding.check_id, finding.address, finding.undecided) == ("GP_COST_1", "aws_budgets_budget.all", False)
    assert finding.message == (
        "$146.00 a month: above the $100.00 of the budget that it makes; most of it aws_eip.a $73.00, aws_eip.b $73.00"
    )


def test_estimate_within_its_budget_is_no_finding() -> None:
    assert judged(plan_of({"aws_eip.a": {}, "aws_budgets_budget.all": BUDGET}), ceiling=73) == ()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"limit_amount": "146"}, 0),
        ({"limit_amount": "145.99"}, 1),
        ({"cost_filter": [{"name": "Service", "values": ["AWS Lambda"]}]}, 0),
        ({"cost_filter": [{"name": "TagKeyValue", "values": ["user:Project$shop"]}]}, 1),
        ({"budget_type": "USAGE"}, 0),
        ({"limit_unit": "EUR"}, 0),
        ({"time_unit": "DAILY"}, 0),
        # 1,752 a year are 146 a month.
        ({"time_unit": "ANNUALLY", "limit_amount": "1752"}, 0),
        ({"time_unit": "QUARTERLY", "limit_amount": "437"}, 1),
    ],
)
def test_only_budgets_of_all_costs_in_dollars_count(change: dict[str, Any], found: int) -> None:
    assert len(judged(plan_of({**ADDRESSES, "aws_budgets_budget.all": {**BUDGET, **change}}))) == found


def test_ceiling_of_the_environment_is_told_at_the_budget_or_else_at_what_costs_most() -> None:
    with_budget = judged(
        plan_of({**ADDRESSES, "aws_budgets_budget.all": {**BUDGET, "limit_amount": "500"}}), ceiling=100
    )
    without = judged(plan_of({"aws_nat_gateway.small": {}, "aws_eip.big": {}}), ceiling=10)

    assert [(each.check_id, each.address) for each in with_budget] == [("GP_COST_2", "aws_budgets_budget.all")]
    assert [(each.check_id, each.address) for each in without] == [("GP_COST_2", "aws_eip.big")]


def test_price_that_is_unknown_leaves_it_undecided_whether_a_budget_fits() -> None:
    plan = plan_of({"aws_eip.a": {}, "aws_mq_broker.b": {}, "aws_budgets_budget.all": BUDGET})

    (finding,) = judged(plan)

    assert finding.undecided
    assert finding.message == (
        "at least $73.00 a month, 1 line unknown: whether that fits the $100.00 of the budget that it makes "
        "nobody can say, without aws_mq_broker.b (no prices of aws_mq_broker)"
    )


def test_what_is_known_to_be_too_much_is_decided_whatever_is_unknown() -> None:
    (finding,) = judged(plan_of({**ADDRESSES, "aws_mq_broker.b": {}, "aws_budgets_budget.all": BUDGET}))

    assert not finding.undecided
    assert finding.message.startswith("at least $146.00 a month, 1 line unknown: above")


def test_usage_that_nobody_assumes_is_said_but_refuses_nothing() -> None:
    plan = plan_of({"aws_nat_gateway.a": {}, "aws_budgets_budget.all": BUDGET})

    assert cost_of(plan, PRICES).unknown
    assert judged(plan) == ()


def test_plan_that_leaves_nothing_is_held_to_no_budget() -> None:
    plan = plan_of({}, before={**ADDRESSES, "aws_budgets_budget.all": BUDGET})

    assert judged(plan, ceiling=0.01) == ()
    assert cost_of(plan, PRICES).stack == STACK
