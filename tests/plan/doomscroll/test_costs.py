"""What it costs: the document's budget."""

from __future__ import annotations

import pytest

from tests.plan.doomscroll.conftest import CHOSEN
from tests.support.plans import Plan

BUDGET = "aws_budgets_budget"


@pytest.mark.requirement("FD-COST-01")
def test_budget_of_development_is_60_dollars(development: Plan) -> None:
    assert development.one(BUDGET)["limit_amount"] == "60"


@pytest.mark.requirement("FD-COST-02")
def test_budget_of_production_is_110_dollars(prod: Plan, minimal: Plan) -> None:
    for plan in (prod, minimal):
        assert plan.one(BUDGET)["limit_amount"] == "110"


@pytest.mark.requirement("FD-COST-01", "FD-COST-02")
def test_budget_is_of_all_costs_of_a_month(everywhere: Plan) -> None:
    budget = everywhere.one(BUDGET)

    assert (budget["budget_type"], budget["time_unit"], budget["limit_unit"]) == ("COST", "MONTHLY", "USD")
    assert budget["auto_adjust_data"] == budget["planned_limit"] == []
    # All that there is, not a part of it.
    assert not budget.values.get("cost_filter")


@pytest.mark.requirement("FD-COST-01", "FD-COST-02")
def test_budget_is_an_input(chosen: Plan) -> None:
    assert chosen.one(BUDGET)["limit_amount"] == str(CHOSEN["monthly_budget"])


@pytest.mark.requirement("FD-COST-03")
def test_budget_warns_before_and_when_it_is_spent(everywhere: Plan) -> None:
    budget = everywhere.one(BUDGET)
    (warning,) = [each for each in everywhere.all("aws_sns_topic") if "-warning-" in each["name"]]

    assert sorted(
        (each["notification_type"], each["comparison_operator"], each["threshold"], each["threshold_type"])
        for each in budget["notification"]
    ) == [("ACTUAL", "GREATER_THAN", 80, "PERCENTAGE"), ("ACTUAL", "GREATER_THAN", 100, "PERCENTAGE")]
    for place in range(2):
        assert everywhere.references(budget, "notification", place, "subscriber_sns_topic_arns") == {
            warning.block,
            f"{warning.block}.arn",
        }
