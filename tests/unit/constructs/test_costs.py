from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic
from cdktf_app.constructs.cost_allocation_tags import CostAllocationTags
from cdktf_app.constructs.cost_anomalies import CostAnomalies, CostAnomaliesProps
from cdktf_app.constructs.cost_budget import BudgetAlert, CostBudget, CostBudgetProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]


def test_a_budget_tells_the_topic_at_each_mark(
    part: Construct, deployment: Deployment, topic: AlertTopic, synthesize: Synthesize
) -> None:
    props = CostBudgetProps(
        deployment=deployment,
        name="monthly",
        monthly_limit=Input("budget"),
        alerts=[BudgetAlert(percent=80), BudgetAlert(percent=100, forecast=True)],
        topic=topic,
    )
    CostBudget(part, "budget", props=props)

    budget = synthesize().the("aws_budgets_budget")
    assert (budget["limit_amount"], budget["limit_unit"], budget["time_unit"]) == ("${var.budget}", "USD", "MONTHLY")
    assert "cost_filter" not in budget
    marks = [(each["threshold"], each["notification_type"]) for each in budget["notification"]]
    assert marks == [(80, "ACTUAL"), (100, "FORECASTED")]
    for each in budget["notification"]:
        assert each["subscriber_sns_topic_arns"] == ["${aws_sns_topic.alerts.arn}"]
        assert (each["comparison_operator"], each["threshold_type"]) == ("GREATER_THAN", "PERCENTAGE")


def test_a_budget_can_just_track_one_service(part: Construct, deployment: Deployment, synthesize: Synthesize) -> None:
    props = CostBudgetProps(
        deployment=deployment, name="lambda", monthly_limit=Input("budget"), filters={"Service": ["AWS Lambda"]}
    )
    CostBudget(part, "budget", props=props)

    budget = synthesize().the("aws_budgets_budget")
    assert budget["cost_filter"] == [{"name": "Service", "values": ["AWS Lambda"]}]
    assert "notification" not in budget


def test_refuses_alerts_with_nobody_to_tell(part: Construct, deployment: Deployment) -> None:
    props = CostBudgetProps(
        deployment=deployment, name="monthly", monthly_limit=Input("budget"), alerts=[BudgetAlert(percent=80)]
    )

    with pytest.raises(ValueError, match="budget monthly: alerts need a topic"):
        CostBudget(part, "budget", props=props)


def test_budgets_may_publish_to_a_topic_that_lets_them(topic: AlertTopic, synthesize: Synthesize) -> None:
    topic.allow_budgets()

    module = synthesize()
    assert module.statements("alerts_publishers")["PublishBudgets"]["principals"] == [
        {"identifiers": ["budgets.amazonaws.com"], "type": "Service"}
    ]
    # A topic under a key is no use to who may not use the key.
    assert module.statements("key_policy")["Budgets"]["condition"] == [
        {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["${var.account_id}"]}
    ]


def test_unusual_spending_is_reported_weekly_to_whom_there_is(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    props = CostAnomaliesProps(
        deployment=deployment,
        name="spending",
        emails=Input("emails"),
        monitor_arn=Input("monitor_arn"),
        least_impact=Input("least"),
    )
    CostAnomalies(part, "anomalies", props=props)

    module = synthesize()
    # AWS allows one monitor of the services an account.
    assert module.the("aws_ce_anomaly_monitor")["count"] == '${var.monitor_arn == "" ? 1 : 0}'
    report = module.the("aws_ce_anomaly_subscription")
    assert report["count"] == "${length(var.emails) > 0 ? 1 : 0}"
    assert report["frequency"] == "WEEKLY"
    assert report["monitor_arn_list"] == [
        '${var.monitor_arn != "" ? var.monitor_arn : one(aws_ce_anomaly_monitor.anomalies_monitor[*].arn)}'
    ]
    assert report["dynamic"]["subscriber"] == {
        "for_each": "${toset(var.emails)}",
        "content": {"type": "EMAIL", "address": "${subscriber.value}"},
    }
    threshold = report["threshold_expression"]["dimension"]
    assert (threshold["key"], threshold["values"]) == ("ANOMALY_TOTAL_IMPACT_ABSOLUTE", ["${tostring(var.least)}"])


def test_tags_break_bills_down_where_the_stack_looks_after_them(part: Construct, synthesize: Synthesize) -> None:
    CostAllocationTags(part, "tags", keys=["Project", "CostCenter"], managed=Input("managed"))

    tag = synthesize().the("aws_ce_cost_allocation_tag")
    assert tag["for_each"] == '${{ for key in ["Project", "CostCenter"] : key => key if var.managed }}'
    assert (tag["tag_key"], tag["status"]) == ("${each.key}", "Active")
