from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic, AlertTopicProps
from cdktf_app.constructs.dashboard import Choice, Dashboard, DashboardProps, Graph, Metric
from cdktf_app.constructs.metric_alarms import Alarm, MetricAlarms, MetricAlarmsProps
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.deployment import Deployment
from cdktf_app.expressions import Expression
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]
WATCHED = Input("watched")


@pytest.fixture
def key(part: Construct, deployment: Deployment) -> ServiceKey:
    props = ServiceKeyProps(deployment=deployment, name="logs", description="Logs", enabled="var.encrypted")
    return ServiceKey(part, "logs", props=props)


@pytest.fixture
def topic(part: Construct, deployment: Deployment, key: ServiceKey) -> AlertTopic:
    props = AlertTopicProps(
        deployment=deployment,
        name="alerts",
        enabled=WATCHED,
        kms_key=key,
        emails=Input("emails"),
        phone_numbers=Input("phones"),
    )
    return AlertTopic(part, "alerts", props=props)


def test_an_alarm_watches_each_thing_and_reports_to_the_topic(
    part: Construct, deployment: Deployment, topic: AlertTopic, synthesize: Synthesize
) -> None:
    alarm = Alarm(
        name="many_errors",
        description="Many errors.",
        namespace="AWS/Lambda",
        metric="Errors",
        above=10,
        period_seconds=60,
        watched={"one": {"FunctionName": Expression("aws_lambda_function.one.function_name")}},
    )
    props = MetricAlarmsProps(deployment=deployment, enabled=WATCHED, alarm_topic=topic, alarms=[alarm])
    MetricAlarms(part, "alarm", props=props)

    made = synthesize().resource("aws_cloudwatch_metric_alarm", "alarm_many_errors")
    assert made["for_each"] == (
        "${{\n  for name, dimensions in { one = { FunctionName = aws_lambda_function.one.function_name } }"
        " : name => dimensions if var.watched\n}}"
    )
    assert made["alarm_name"] == "app-${var.environment}-${each.key}-many-errors"
    assert made["comparison_operator"] == "GreaterThanThreshold"
    assert (made["threshold"], made["period"], made["evaluation_periods"]) == (10, 60, 1)
    assert made["treat_missing_data"] == "notBreaching"
    assert made["alarm_actions"] == "${aws_sns_topic.alerts[*].arn}"


def test_an_alarm_may_hang_on_a_condition_of_its_own(
    part: Construct, deployment: Deployment, topic: AlertTopic, synthesize: Synthesize
) -> None:
    alarm = Alarm(
        name="depth",
        description="Deep.",
        namespace="AWS/SQS",
        metric="Depth",
        above=0,
        period_seconds=60,
        watched={"one": {"QueueName": "q"}},
        only_if="var.queued",
    )
    props = MetricAlarmsProps(deployment=deployment, enabled=WATCHED, alarm_topic=topic, alarms=[alarm])
    MetricAlarms(part, "alarm", props=props)

    made = synthesize().resource("aws_cloudwatch_metric_alarm", "alarm_depth")
    assert "=> dimensions if var.watched && var.queued" in made["for_each"]


@pytest.mark.parametrize(("statistic", "argument"), [("Sum", "statistic"), ("p95", "extended_statistic")])
def test_a_percentile_is_an_extended_statistic(
    statistic: str,
    argument: str,
    part: Construct,
    deployment: Deployment,
    topic: AlertTopic,
    synthesize: Synthesize,
) -> None:
    alarm = Alarm(
        name="slow",
        description="Slow.",
        namespace="AWS/Lambda",
        metric="Duration",
        above=1,
        period_seconds=60,
        watched={},
        statistic=statistic,
    )
    props = MetricAlarmsProps(deployment=deployment, enabled=WATCHED, alarm_topic=topic, alarms=[alarm])
    MetricAlarms(part, "alarm", props=props)

    made = synthesize().the("aws_cloudwatch_metric_alarm")
    assert {name: made[name] for name in ("statistic", "extended_statistic") if name in made} == {argument: statistic}


@pytest.mark.usefixtures("topic")
def test_only_this_accounts_alarms_may_publish(synthesize: Synthesize) -> None:
    (publisher,) = synthesize().statements("alerts_publishers").values()

    assert publisher["principals"] == [{"type": "Service", "identifiers": ["cloudwatch.amazonaws.com"]}]
    assert publisher["condition"] == [
        {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["${var.account_id}"]}
    ]


@pytest.mark.usefixtures("topic")
def test_people_subscribe_by_mail_and_by_sms(synthesize: Synthesize) -> None:
    module = synthesize()

    assert module.resource("aws_sns_topic_subscription", "alerts_email")["protocol"] == "email"
    assert module.resource("aws_sns_topic_subscription", "alerts_sms")["protocol"] == "sms"
    assert "var.emails" in module.resource("aws_sns_topic_subscription", "alerts_email")["for_each"]


@pytest.mark.usefixtures("topic")
def test_alerts_are_encrypted_with_a_key_that_alarms_may_use(synthesize: Synthesize) -> None:
    module = synthesize()

    assert module.the("aws_sns_topic")["kms_master_key_id"] == "${one(aws_kms_key.logs[*].arn)}"
    assert module.statements("logs_policy")["Alarms"]["actions"] == ["kms:Decrypt", "kms:GenerateDataKey"]


def test_a_key_rotates_and_gives_nobody_but_services_its_use(key: ServiceKey, synthesize: Synthesize) -> None:
    key.grant_log_groups(["/aws/lambda/app-*"])

    module = synthesize()
    made = module.the("aws_kms_key")
    assert made["count"] == "${var.encrypted ? 1 : 0}"
    assert made["enable_key_rotation"] is True
    statements = module.statements("logs_policy")
    assert statements["LogGroups"]["condition"] == [
        {
            "test": "ArnLike",
            "variable": "kms:EncryptionContext:aws:logs:arn",
            "values": ["arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/lambda/app-*"],
        }
    ]
    administration = set(statements["Administration"]["actions"])
    assert not administration & {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant"}
    # Without these nobody could ever change the key or be rid of it.
    assert administration >= {"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"}


def test_a_dashboard_lays_its_graphs_out_two_a_row(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    metric = Metric(namespace="AWS/ApiGateway", name="Count", dimensions={"ApiId": "-"}, statistic="Sum")
    props = DashboardProps(
        deployment=deployment,
        name="overview",
        enabled=WATCHED,
        graphs=[Graph(title=f"Graph {number}", metrics=[metric]) for number in range(3)],
        choices=[Choice(dimension="ApiId", label="API", search="{AWS/ApiGateway,ApiId}")],
    )
    Dashboard(part, "overview", props=props)

    body = synthesize().the("aws_cloudwatch_dashboard")["dashboard_body"]
    assert body.count('type = "metric"') == 3
    assert "x = 12\n      y = 0\n" in body
    assert "x = 0\n      y = 6\n" in body
    assert 'metrics = [["AWS/ApiGateway", "Count", "ApiId", "-", { stat = "Sum" }]]' in body
    assert 'search = "{AWS/ApiGateway,ApiId}"' in body
    assert 'start = "-PT3H"' in body


def test_a_dashboard_is_always_there_unless_told_otherwise(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    dashboard = Dashboard(part, "all", props=DashboardProps(deployment=deployment, name="all", graphs=[]))

    assert "count" not in synthesize().the("aws_cloudwatch_dashboard")
    assert dashboard.name == "${aws_cloudwatch_dashboard.all.dashboard_name}"


def test_a_dashboard_without_choices_has_no_variables(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    props = DashboardProps(deployment=deployment, name="overview", enabled=WATCHED, graphs=[])
    Dashboard(part, "overview", props=props)

    assert "variables" not in synthesize().the("aws_cloudwatch_dashboard")["dashboard_body"]
