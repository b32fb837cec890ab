from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alarm_limit import Limited
from cdktf_app.constructs.alert_topic import AlertTopic, AlertTopicProps
from cdktf_app.constructs.dashboard import Choice, Dashboard, DashboardProps, Graph, Level
from cdktf_app.constructs.metric import Metric, MetricMath, Source
from cdktf_app.constructs.metric_alarms import Alarm, MetricAlarms, MetricAlarmsProps
from cdktf_app.constructs.metric_math_alarm import MetricMathAlarm, MetricMathAlarmProps
from cdktf_app.constructs.saved_queries import SavedQueries, SavedQueriesProps, SavedQuery
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.constructs.trace_group import TraceGroup, TraceGroupProps
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


@pytest.fixture
def always(part: Construct, deployment: Deployment, key: ServiceKey) -> AlertTopic:
    """A topic that nobody can switch off."""
    props = AlertTopicProps(deployment=deployment, name="always", kms_key=key, emails=Input("emails"))
    return AlertTopic(part, "always", props=props)


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


@pytest.mark.parametrize(
    ("limit", "operator"),
    [
        ({"above": 80}, "GreaterThanThreshold"),
        ({"at_least": 80}, "GreaterThanOrEqualToThreshold"),
        ({"below": 80}, "LessThanThreshold"),
        ({"above": 0}, "GreaterThanThreshold"),
    ],
)
def test_a_limit_has_a_direction(limit: dict[str, float], operator: str) -> None:
    limited = Limited(**limit)

    assert (limited.comparison_operator, limited.threshold) == (operator, *limit.values())


@pytest.mark.parametrize("limits", [{}, {"above": 1, "below": 0}])
def test_refuses_an_alarm_without_one_limit(limits: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"an alarm has one limit, got {', '.join(limits) or 'none'}"):
        Limited(**limits)


def test_an_alarm_may_need_several_periods_and_start_something(
    part: Construct, deployment: Deployment, synthesize: Synthesize, always: AlertTopic
) -> None:
    alarm = Alarm(
        name="low",
        description="Low.",
        namespace="AWS/RDS",
        metric="FreeStorageSpace",
        below=5,
        period_seconds=60,
        periods=3,
        watched=Expression("{ for name in var.names : name => { Name = name } }"),
        responses=["arn:aws:autoscaling:policy"],
    )
    made = MetricAlarms(
        part, "alarm", props=MetricAlarmsProps(deployment=deployment, alarm_topic=always, alarms=[alarm])
    )

    found = synthesize().the("aws_cloudwatch_metric_alarm")
    assert found["for_each"] == "${{ for name in var.names : name => { Name = name } }}"
    assert (found["comparison_operator"], found["threshold"]) == ("LessThanThreshold", 5)
    assert found["evaluation_periods"] == 3
    assert found["alarm_actions"] == ["${aws_sns_topic.always.arn}", "arn:aws:autoscaling:policy"]
    # What was started when it went off is not started again when it is over.
    assert found["ok_actions"] == ["${aws_sns_topic.always.arn}"]
    assert made.arns == ["values(aws_cloudwatch_metric_alarm.alarm_low)[*].arn"]


def math() -> MetricMath:
    balancer = Source(namespace="AWS/ApplicationELB", dimensions={"LoadBalancer": "${aws_lb.app.arn_suffix}"})
    return MetricMath(
        name="availability",
        label="Availability",
        expression="100 * (1 - failed / requests)",
        metrics={"answered": balancer.metric("RequestCount", "Sum"), "failed": balancer.metric("5XX", "Sum")},
        steps={"requests": "FILL(answered, 0)"},
    )


def test_an_alarm_may_be_on_a_figure_made_of_metrics(
    part: Construct, deployment: Deployment, synthesize: Synthesize, always: AlertTopic
) -> None:
    props = MetricMathAlarmProps(
        deployment=deployment,
        name="availability",
        description="Down.",
        math=math(),
        below=99.9,
        period_seconds=300,
        periods=2,
        alarm_topic=always,
    )
    alarm = MetricMathAlarm(part, "availability", props=props)

    found = synthesize().the("aws_cloudwatch_metric_alarm")
    assert (found["comparison_operator"], found["threshold"]) == ("LessThanThreshold", 99.9)
    assert (found["evaluation_periods"], found["treat_missing_data"]) == (2, "notBreaching")
    answered, failed, requests, result = found["metric_query"]
    assert answered == {
        "id": "answered",
        "return_data": False,
        "metric": {
            "namespace": "AWS/ApplicationELB",
            "metric_name": "RequestCount",
            "dimensions": {"LoadBalancer": "${aws_lb.app.arn_suffix}"},
            "period": 300,
            "stat": "Sum",
        },
    }
    assert failed["metric"]["metric_name"] == "5XX"
    assert requests == {"id": "requests", "expression": "FILL(answered, 0)", "return_data": False}
    assert result == {
        "id": "availability",
        "expression": "100 * (1 - failed / requests)",
        "label": "Availability",
        "return_data": True,
    }
    assert found["alarm_actions"] == found["ok_actions"] == ["${aws_sns_topic.always.arn}"]
    assert alarm.arns == ["aws_cloudwatch_metric_alarm.availability[*].arn"]
    assert "count" not in found


def test_an_alarm_on_a_figure_may_hang_on_a_condition(
    part: Construct, deployment: Deployment, synthesize: Synthesize, always: AlertTopic
) -> None:
    props = MetricMathAlarmProps(
        deployment=deployment,
        name="availability",
        description="Down.",
        math=math(),
        below=99.9,
        period_seconds=300,
        alarm_topic=always,
        only_if="var.served",
    )
    MetricMathAlarm(part, "availability", props=props)

    assert synthesize().the("aws_cloudwatch_metric_alarm")["count"] == "${var.served ? 1 : 0}"


def body(synthesize: Synthesize) -> str:
    text: str = synthesize().the("aws_cloudwatch_dashboard")["dashboard_body"]
    return " ".join(text.split()).replace("[ {", "[{").replace("}, ]", "}]")


def test_a_graph_shows_levels_and_figures_made_of_metrics(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    graph = Graph(
        title="Availability",
        metrics=[math()],
        levels=[Level(label="Target", value=99.9), Level(label="Alarm", value=Expression("var.alarm"))],
        region="us-east-1",
    )
    Dashboard(
        part,
        "all",
        props=DashboardProps(deployment=deployment, name="all", graphs=[graph], period_follows_range=False),
    )

    text = body(synthesize)
    assert 'horizontal = [{ label = "Target" value = 99.9 }, { label = "Alarm" value = var.alarm }]' in text
    assert 'id = "answered" visible = false' in text
    assert '[{ expression = "FILL(answered, 0)" id = "requests" visible = false }]' in text
    assert '[{ expression = "100 * (1 - failed / requests)" id = "availability" label = "Availability" }]' in text
    assert 'region = "us-east-1"' in text
    assert 'periodOverride = "inherit"' in text


def test_a_graph_may_hang_on_a_condition(part: Construct, deployment: Deployment, synthesize: Synthesize) -> None:
    graphs = [Graph(title="Always", metrics=[]), Graph(title="Sometimes", metrics=[], only_if="var.some")]
    Dashboard(part, "all", props=DashboardProps(deployment=deployment, name="all", graphs=graphs))

    text = body(synthesize)
    always, sometimes = text[text.index("concat(") :].split("[for widget in ")
    assert 'title = "Always"' in always
    assert 'title = "Sometimes"' in sometimes
    assert sometimes.endswith("] : widget if var.some] ) })}")


def test_states_of_alarms_stand_above_the_graphs(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    props = DashboardProps(
        deployment=deployment,
        name="all",
        graphs=[Graph(title="Graph", metrics=[])],
        alarms=[Expression("aws_a.b[*].arn"), Expression("aws_c.d[*].arn")],
    )
    Dashboard(part, "all", props=props)

    text = body(synthesize)
    assert 'type = "alarm" x = 0 y = 0 width = 24 height = 4' in text
    assert "alarms = concat(aws_a.b[*].arn, aws_c.d[*].arn)" in text
    assert 'type = "metric" x = 0 y = 4' in text


@pytest.mark.parametrize(
    ("enabled", "count"),
    [(None, '${var.hook != "" ? 1 : 0}'), (WATCHED, '${var.watched && var.hook != "" ? 1 : 0}')],
)
def test_a_service_is_told_by_https_where_there_is_one(
    enabled: Input | None,
    count: str,
    part: Construct,
    deployment: Deployment,
    key: ServiceKey,
    synthesize: Synthesize,
) -> None:
    props = AlertTopicProps(
        deployment=deployment,
        name="alerts",
        enabled=enabled,
        kms_key=key,
        emails=Expression("compact([var.email])"),
        webhook=Input("hook"),
    )
    AlertTopic(part, "alerts", props=props)

    module = synthesize()
    webhook = module.resource("aws_sns_topic_subscription", "alerts_https")
    assert webhook["count"] == count
    assert (webhook["protocol"], webhook["endpoint"]) == ("https", "${var.hook}")
    # An apply tells when nobody listens there.
    assert webhook["endpoint_auto_confirms"] is True
    mail = module.resource("aws_sns_topic_subscription", "alerts_email")
    assert "for endpoint in compact([var.email]) :" in mail["for_each"]


@pytest.mark.parametrize(
    ("groups", "names"),
    [(["/ecs/app"], ["/ecs/app"]), (Expression("local.groups"), "${local.groups}")],
)
def test_a_saved_query_asks_the_log_groups(
    groups: list[str] | Expression,
    names: list[str] | str,
    part: Construct,
    deployment: Deployment,
    synthesize: Synthesize,
) -> None:
    query = SavedQuery(name="find_errors", query="filter @message like /ERROR/")
    SavedQueries(part, "query", props=SavedQueriesProps(deployment=deployment, log_groups=groups, queries=[query]))

    found = synthesize().resource("aws_cloudwatch_query_definition", "query_find_errors")
    assert found["name"] == "app-${var.environment}-find-errors"
    assert found["query_string"] == "filter @message like /ERROR/"
    assert found["log_group_names"] == names


def test_requests_to_a_service_are_traced_by_a_share(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    props = TraceGroupProps(deployment=deployment, name="app", service="shop", sampling_percent=Input("share"))
    TraceGroup(part, "traces", props=props)

    module = synthesize()
    group, rule = module.the("aws_xray_group"), module.the("aws_xray_sampling_rule")
    assert group["group_name"] == rule["rule_name"] == "app-${var.environment}-app"
    assert group["filter_expression"] == 'service("shop")'
    assert (rule["fixed_rate"], rule["reservoir_size"], rule["service_name"]) == ("${var.share / 100}", 1, "shop")
    assert {rule[name] for name in ("host", "http_method", "url_path", "service_type", "resource_arn")} == {"*"}
