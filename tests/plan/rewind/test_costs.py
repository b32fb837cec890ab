"""What it costs: the budget, what is tracked, and the weekly report."""

from __future__ import annotations

import pytest

from tests.plan.rewind.conftest import GIVEN_MONITOR
from tests.plan.rewind.parts import home, suffix
from tests.support.plans import Plan, Resource

BUDGET = "aws_budgets_budget"
MONITOR = "aws_ce_anomaly_monitor"
REPORT = "aws_ce_anomaly_subscription"
TOPIC = "aws_sns_topic"


def budget(plan: Plan, name: str) -> Resource:
    return plan.one(BUDGET, name=f"rewind-{name}{suffix(plan)}")


@pytest.mark.requirement("RW-BUD-01")
def test_budget_is_50_dollars_a_month(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, limit in ((every, "50"), (minimal, "50"), (chosen, "75")):
        found = budget(plan, "monthly")
        assert (found["limit_amount"], found["limit_unit"]) == (limit, "USD")
        assert (found["time_unit"], found["budget_type"]) == ("MONTHLY", "COST")
        assert found["auto_adjust_data"] == found["planned_limit"] == []
        # All that there is, not a part of it.
        assert not found.values.get("cost_filter")


@pytest.mark.requirement("RW-BUD-01")
def test_budget_warns_before_and_when_it_is_overrun(everywhere: Plan) -> None:
    alerts = budget(everywhere, "monthly")["notification"]

    assert sorted((each["notification_type"], each["threshold"]) for each in alerts) == [
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    ]
    for each in alerts:
        assert each["threshold_type"] == "PERCENTAGE"
        assert each["comparison_operator"] == "GREATER_THAN"


@pytest.mark.requirement("RW-BUD-04")
def test_budget_tells_the_topic(everywhere: Plan) -> None:
    found = budget(everywhere, "monthly")
    topic = home(everywhere).one(TOPIC)

    for place in range(3):
        assert everywhere.references(found, "notification", place, "subscriber_sns_topic_arns") == {
            topic.block,
            f"{topic.block}.arn",
        }


@pytest.mark.requirement("RW-BUD-02")
@pytest.mark.parametrize(
    ("name", "service"),
    [("lambda", "AWS Lambda"), ("dynamodb", "Amazon DynamoDB"), ("personalize", "Amazon Personalize")],
)
def test_use_of_a_service_is_tracked(everywhere: Plan, name: str, service: str) -> None:
    found = budget(everywhere, name)
    # No service may cost more than all of them.
    assert found["limit_amount"] == budget(everywhere, "monthly")["limit_amount"]

    assert found["cost_filter"] == [{"name": "Service", "values": [service]}]
    assert (found["time_unit"], found["budget_type"], found["limit_unit"]) == ("MONTHLY", "COST", "USD")
    # To be looked at: it tells nobody.
    assert found["notification"] == []


@pytest.mark.requirement("RW-BUD-02")
def test_there_are_no_other_budgets(everywhere: Plan) -> None:
    assert len(everywhere.all(BUDGET)) == 4


@pytest.mark.requirement("RW-BUD-03")
def test_report_of_the_week_goes_out_by_mail(every: Plan, chosen: Plan) -> None:
    for plan, emails, least in (
        (every, ["oncall@example.com"], "5"),
        (chosen, ["oncall@example.com", "team@example.com"], "20"),
    ):
        report = plan.one(REPORT)
        assert report["frequency"] == "WEEKLY"
        assert sorted((each["type"], each["address"]) for each in report["subscriber"]) == [
            ("EMAIL", each) for each in emails
        ]
        (expression,) = report["threshold_expression"]
        assert expression["dimension"] == [
            {
                "key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                "match_options": ["GREATER_THAN_OR_EQUAL"],
                "values": [least],
            }
        ]


@pytest.mark.requirement("RW-BUD-03")
def test_report_is_of_every_service(every: Plan) -> None:
    monitor = every.one(MONITOR)

    assert (monitor["monitor_type"], monitor["monitor_dimension"]) == ("DIMENSIONAL", "SERVICE")
    assert every.referred(every.one(REPORT), "monitor_arn_list", MONITOR) == monitor


@pytest.mark.requirement("RW-BUD-03")
def test_report_uses_the_monitor_of_the_account_where_there_is_one(chosen: Plan) -> None:
    assert not chosen.all(MONITOR)
    assert chosen.one(REPORT)["monitor_arn_list"] == [GIVEN_MONITOR]


@pytest.mark.requirement("RW-BUD-03")
def test_there_is_no_report_for_nobody(alone: Plan) -> None:
    assert not alone.all(REPORT)
    assert alone.all(MONITOR)
