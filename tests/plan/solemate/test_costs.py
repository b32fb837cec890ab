"""What it costs: the budget, the weekly report, the tags of bills, and that staging is the smaller one."""

from __future__ import annotations

import pytest

from tests.plan.solemate.conftest import CHOSEN, REQUIRED, Planned
from tests.support.planner import BARE
from tests.support.plans import Plan

BUDGET = "aws_budgets_budget"
MONITOR = "aws_ce_anomaly_monitor"
REPORT = "aws_ce_anomaly_subscription"
TAG = "aws_ce_cost_allocation_tag"
TOPIC = "aws_sns_topic"
GIVEN_MONITOR = "arn:aws:ce::111122223333:anomalymonitor/12345678-1234-1234-1234-123456789012"


@pytest.mark.requirement("SM-FR6-06")
def test_budget_is_the_environments(prod: Plan, removable: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, limit in ((prod, "500"), (removable, "100"), (minimal, "100"), (chosen, str(CHOSEN["monthly_budget"]))):
        budget = plan.one(BUDGET)
        assert (budget["limit_amount"], budget["limit_unit"]) == (limit, "USD")
        assert (budget["time_unit"], budget["budget_type"]) == ("MONTHLY", "COST")
        assert budget["auto_adjust_data"] == budget["planned_limit"] == []
        # All that there is, not a part of it.
        assert not budget.values.get("cost_filter")


@pytest.mark.requirement("SM-FR6-06")
def test_budget_tells_the_topic_before_and_when_it_is_spent(everywhere: Plan) -> None:
    budget, topic = everywhere.one(BUDGET), everywhere.one(TOPIC)

    assert sorted(
        (each["notification_type"], each["comparison_operator"], each["threshold"], each["threshold_type"])
        for each in budget["notification"]
    ) == [
        ("ACTUAL", "GREATER_THAN", 80, "PERCENTAGE"),
        ("ACTUAL", "GREATER_THAN", 100, "PERCENTAGE"),
        ("FORECASTED", "GREATER_THAN", 100, "PERCENTAGE"),
    ]
    for place in range(3):
        assert everywhere.references(budget, "notification", place, "subscriber_sns_topic_arns") == {
            topic.block,
            f"{topic.block}.arn",
        }


@pytest.mark.requirement("SM-FR6-06")
def test_unusual_costs_of_any_service_are_looked_for(everywhere: Plan) -> None:
    monitor = everywhere.one(MONITOR)

    assert (monitor["monitor_type"], monitor["monitor_dimension"]) == ("DIMENSIONAL", "SERVICE")


@pytest.mark.requirement("SM-FR6-06")
def test_unusual_costs_are_reported_by_mail(every: Plan, chosen: Plan, minimal: Plan) -> None:
    for plan, emails, least in (
        (every, ["oncall@example.com"], "5"),
        (chosen, ["oncall@example.com", "team@example.com"], "50"),
    ):
        report = plan.one(REPORT)
        assert report["frequency"] == "WEEKLY"
        assert sorted((each["type"], each["address"]) for each in report["subscriber"]) == [
            ("EMAIL", each) for each in emails
        ]
        (expression,) = report["threshold_expression"]
        assert expression["dimension"] == [
            {"key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "match_options": ["GREATER_THAN_OR_EQUAL"], "values": [least]}
        ]
        assert plan.referred(report, "monitor_arn_list", MONITOR) == plan.one(MONITOR)
    assert not minimal.all(REPORT)


@pytest.mark.requirement("SM-FR6-06")
def test_the_accounts_own_monitor_is_used_where_there_is_one(plan: Planned) -> None:
    given = plan(BARE, **REQUIRED, alert_emails=["oncall@example.com"], anomaly_monitor_arn=GIVEN_MONITOR)

    assert not given.all(MONITOR)
    assert given.one(REPORT)["monitor_arn_list"] == [GIVEN_MONITOR]


@pytest.mark.requirement("SM-UI-03")
def test_bills_are_broken_down_by_the_tags_where_this_stack_looks_after_them(chosen: Plan, everywhere: Plan) -> None:
    assert sorted((each["tag_key"], each["status"]) for each in chosen.all(TAG)) == [
        (key, "Active") for key in ("CostCenter", "Environment", "ManagedBy", "Project")
    ]
    # They are the account's.
    assert not everywhere.all(TAG)


@pytest.mark.requirement("SM-SU-05")
def test_staging_is_smaller_than_production(staging: Plan, prod: Plan) -> None:
    assert [plan.one("aws_db_instance", replicate_source_db=None)["instance_class"] for plan in (staging, prod)] == [
        "db.t3.micro",
        "db.t3.small",
    ]
    for kind, argument, small, large in (
        ("aws_ecs_service", "desired_count", 1, 3),
        ("aws_appautoscaling_target", "max_capacity", 4, 10),
        ("aws_autoscaling_group", "desired_capacity", 1, 2),
        ("aws_autoscaling_group", "min_size", 1, 2),
        ("aws_autoscaling_group", "max_size", 2, 6),
    ):
        assert (staging.one(kind)[argument], prod.one(kind)[argument]) == (small, large)
    # Paid by the hour.
    for kind in ("aws_elasticache_replication_group", "aws_cloudtrail", "aws_backup_plan"):
        assert not staging.all(kind)
    assert not staging.all("aws_vpc_endpoint", vpc_endpoint_type="Interface")
    assert len(staging.all("aws_nat_gateway")) == 1
