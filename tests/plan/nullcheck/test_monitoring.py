"""Logs, alarms and their topic, and the dashboard."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from tests.plan.nullcheck.conftest import REQUIRED, Planned
from tests.plan.nullcheck.functions import FUNCTIONS, arn, function, functions, suffix
from tests.support.planner import BARE
from tests.support.plans import Plan

ALARM = "aws_cloudwatch_metric_alarm"
TOPIC = "aws_sns_topic"
SUBSCRIPTION = "aws_sns_topic_subscription"
LOG_GROUP = "aws_cloudwatch_log_group"
KEY = "aws_kms_key"


@dataclass(frozen=True)
class Limit:
    """When an alarm goes off: a statistic of a metric above a threshold, over five minutes."""

    namespace: str
    metric: str
    statistic: str
    default: int
    chosen: int


ALARMS = [
    (Limit("AWS/Lambda", "Errors", "Sum", default=5, chosen=1), "functions"),
    (Limit("AWS/Lambda", "Throttles", "Sum", default=5, chosen=2), "functions"),
    (Limit("AWS/ApiGateway", "5XXError", "Sum", default=5, chosen=3), "api"),
    (Limit("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", default=0, chosen=4), "queue"),
]


@pytest.mark.requirement("NC-MON-03")
@pytest.mark.parametrize(("limit", "watched"), ALARMS, ids=lambda value: getattr(value, "metric", value))
def test_alarm(prod: Plan, minimal: Plan, chosen: Plan, limit: Limit, watched: str) -> None:
    for plan, threshold in ((prod, limit.default), (minimal, limit.default), (chosen, limit.chosen)):
        end = suffix(plan)
        dimensions = {
            "functions": [{"FunctionName": name + end} for name in FUNCTIONS],
            "api": [{"ApiName": f"nullcheck-api{end}", "Stage": "api"}],
            "queue": [{"QueueName": f"nullcheck-dead-letters{end}"}],
        }[watched]
        alarms = plan.all(ALARM, namespace=limit.namespace, metric_name=limit.metric)

        assert sorted(json.dumps(each["dimensions"]) for each in alarms) == sorted(map(json.dumps, dimensions))
        for alarm in alarms:
            assert (alarm["statistic"], alarm["extended_statistic"]) == (limit.statistic, None)
            assert (alarm["period"], alarm["evaluation_periods"]) == (300, 1)
            assert (alarm["comparison_operator"], alarm["threshold"]) == ("GreaterThanThreshold", threshold)
            assert alarm["treat_missing_data"] == "notBreaching"
            assert alarm["actions_enabled"] is True


@pytest.mark.requirement("NC-MON-03")
def test_every_alarm_tells_the_one_topic_and_there_is_no_other(prod: Plan, chosen: Plan) -> None:
    for plan in (prod, chosen):
        topic = plan.one(TOPIC)

        assert len(plan.all(ALARM)) == 2 * len(FUNCTIONS) + 2
        for alarm in plan.all(ALARM):
            assert plan.references(alarm, "alarm_actions") == plan.references(alarm, "ok_actions") == {topic.block}
            assert alarm["insufficient_data_actions"] is None


@pytest.mark.requirement("NC-MON-03")
def test_only_alarms_of_the_account_publish_to_the_topic(prod: Plan) -> None:
    policy = prod.one("aws_sns_topic_policy")
    (statement,) = prod.statements(policy, "policy")

    assert statement.allows
    assert statement.grants == {("sns:Publish", arn(prod, "sns", "nullcheck-alerts"))}
    assert statement.principals == {("Service", "cloudwatch.amazonaws.com")}
    assert statement.conditions == {("StringEquals", "aws:SourceAccount", prod.input("account_id"))}
    assert prod.references(prod.one(TOPIC), "kms_master_key_id") == {prod.one(KEY).block}


@pytest.mark.requirement("NC-MON-03")
def test_there_are_no_alarms_where_they_are_off(development: Plan, bare: Plan) -> None:
    for plan in (development, bare):
        assert not {ALARM, TOPIC, SUBSCRIPTION, "aws_sns_topic_policy"} & plan.types()


@pytest.mark.requirement("NC-MON-03")
def test_people_are_told_by_mail(chosen: Plan, prod: Plan) -> None:
    subscriptions = chosen.all(SUBSCRIPTION)

    assert {(each["protocol"], each["endpoint"]) for each in subscriptions} == {
        ("email", "oncall@example.com"),
        ("email", "team@example.com"),
    }
    assert not prod.all(SUBSCRIPTION)


@pytest.mark.requirement("NC-MON-03")
def test_the_queues_alarm_goes_with_the_queue(minimal: Plan, plan: Planned) -> None:
    without = plan(BARE, **REQUIRED, enable_dlq=False)

    assert minimal.all(ALARM, namespace="AWS/SQS")
    assert not without.all(ALARM, namespace="AWS/SQS")
    assert len(without.all(ALARM)) == 2 * len(FUNCTIONS) + 1


@pytest.mark.requirement("NC-MON-02")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_logs_json_to_a_group_of_its_own(every: Plan, name: str) -> None:
    logging_function = function(every, name)
    (logging,) = logging_function["logging_config"]
    group = every.one(LOG_GROUP, name=f"/aws/lambda/{logging_function['function_name']}")

    assert (logging["log_format"], logging["log_group"]) == ("JSON", group["name"])
    assert group.block in every.references(logging_function, "logging_config", "log_group")


@pytest.mark.requirement("NC-MON-02")
def test_logs_are_kept_for_a_configurable_time(prod: Plan, development: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, days in ((prod, 30), (development, 14), (minimal, 30), (chosen, 90)):
        groups = plan.all(LOG_GROUP)

        # One a function, the API's access log, and its execution log.
        assert len(groups) == len(FUNCTIONS) + 2
        assert {group["retention_in_days"] for group in groups} == {days}
    assert prod.input("log_retention_days") == 30


@pytest.mark.requirement("NC-MON-02", "NC-API-07")
def test_logs_of_the_api_are_ours_too(every: Plan) -> None:
    stage = every.one("aws_api_gateway_stage")
    access = every.one(LOG_GROUP, name=f"/aws/apigateway/nullcheck-api{suffix(every)}")
    (execution,) = [group for group in every.all(LOG_GROUP) if "name" not in group.values]
    api = every.one("aws_api_gateway_rest_api")

    assert every.references(stage, "access_log_settings", "destination_arn") == {access.block, f"{access.block}.arn"}
    # API Gateway names it after the id that it makes up.
    assert every.references(execution, "name") == {api.block, f"{api.block}.id"}
    assert execution.block in every.awaited(stage)


@pytest.mark.requirement("NC-MON-02")
def test_logs_of_production_are_under_a_key_of_our_own(prod: Plan, minimal: Plan) -> None:
    for plan in (prod, minimal):
        key = plan.one(KEY)

        assert all(plan.references(group, "kms_key_id") == {key.block} for group in plan.all(LOG_GROUP))
        # Known would mean null: the key is made by the same apply.
        assert not [group.address for group in plan.all(LOG_GROUP) if "kms_key_id" in group.values]
        assert key["enable_key_rotation"] is True


@pytest.mark.requirement("NC-MON-02")
def test_cloudwatch_logs_may_use_the_key_for_these_logs(prod: Plan) -> None:
    logs = ("Service", "logs.us-east-1.amazonaws.com")
    (use,) = [each for each in prod.statements(prod.one(KEY), "policy") if logs in each.principals]
    groups = ["/aws/apigateway/nullcheck-api", "API-Gateway-Execution-Logs_*/api"]

    assert use.conditions == {
        ("ArnLike", "kms:EncryptionContext:aws:logs:arn", arn(prod, "logs", f"log-group:{name}"))
        for name in (*groups, *(f"/aws/lambda/{each['function_name']}" for each in functions(prod)))
    }


@pytest.mark.requirement("NC-MON-02")
def test_logs_of_development_have_the_encryption_of_the_service(development: Plan, bare: Plan) -> None:
    for plan in (development, bare):
        assert not plan.all(KEY)
        assert [group["kms_key_id"] or None for group in plan.all(LOG_GROUP)] == [None] * (len(FUNCTIONS) + 2)


def shown(plan: Plan) -> set[tuple[str, str, str, str]]:
    """Namespace, name, dimensions and statistic of every metric on the dashboard."""
    body = json.loads(plan.one("aws_cloudwatch_dashboard")["dashboard_body"])
    lines = [line for widget in body["widgets"] for line in widget["properties"]["metrics"]]
    assert {widget["properties"]["region"] for widget in body["widgets"]} == {"us-east-1"}
    return {(line[0], line[1], " ".join(line[2:-1]), line[-1]["stat"]) for line in lines}


@pytest.mark.requirement("NC-MON-01")
def test_dashboard_shows_the_metrics_that_services_send_by_themselves(every: Plan) -> None:
    end = suffix(every)
    api, table = f"ApiName nullcheck-api{end} Stage api", f"TableName NullCheckTable{end}"

    assert shown(every) == {
        *(("AWS/ApiGateway", name, api, "Sum") for name in ("Count", "4XXError", "5XXError")),
        *(("AWS/ApiGateway", "Latency", api, statistic) for statistic in ("p50", "p95")),
        *(
            ("AWS/Lambda", name, f"FunctionName {each}{end}", statistic)
            for each in FUNCTIONS
            for name, statistic in (("Invocations", "Sum"), ("Errors", "Sum"), ("Duration", "p95"))
        ),
        *(("AWS/DynamoDB", f"Consumed{name}CapacityUnits", table, "Sum") for name in ("Read", "Write")),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", f"QueueName nullcheck-dead-letters{end}", "Maximum"),
    }
    assert every.outputs["dashboard_name"] == f"nullcheck-overview{end}"
