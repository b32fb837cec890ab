"""Logs, the metrics made from them, alarms and whom they tell, in each region."""

from __future__ import annotations

import pytest

from tests.plan.rewind.parts import FUNCTIONS, KEY_ADMINISTRATION, Side, home, sides, suffix
from tests.support.plans import Plan, Resource

ALARM = "aws_cloudwatch_metric_alarm"
FILTER = "aws_cloudwatch_log_metric_filter"
KEY = "aws_kms_key"
LOG_GROUP = "aws_cloudwatch_log_group"
SUBSCRIPTION = "aws_sns_topic_subscription"
TOPIC = "aws_sns_topic"

each_function = pytest.mark.parametrize("name", FUNCTIONS)


def logs(side: Side, name: str) -> Resource:
    return side.one(LOG_GROUP, name=f"/aws/lambda/{name}{side.suffix}")


def log_key(side: Side) -> Resource:
    (key,) = [each for each in side.all(KEY) if not each.values.get("multi_region")]
    return key


@pytest.mark.requirement("RW-MON-01")
@each_function
def test_function_logs_to_a_group_of_its_own(everywhere: Plan, name: str) -> None:
    for side in sides(everywhere):
        (logging,) = side.function(name)["logging_config"]
        assert logging["log_group"] == logs(side, name)["name"]
        # One object a line, which can be searched for its level.
        assert logging["log_format"] == "JSON"


@pytest.mark.requirement("RW-MON-01")
def test_logs_are_kept_for_14_days_in_development_and_30_in_prod(
    development: Plan, prod: Plan, minimal: Plan, chosen: Plan
) -> None:
    for plan, days in ((development, 14), (prod, 30), (minimal, 30), (chosen, 90)):
        assert {each["retention_in_days"] for each in plan.all(LOG_GROUP)} == {days}
        # Three functions, the API's access and execution logs, the web ACL's; and the training's.
        builds = 2 * ("aws_codebuild_project" in plan.types())
        assert len(plan.all(LOG_GROUP)) == 6 * len(sides(plan)) + 1 + builds


@pytest.mark.requirement("RW-MON-01")
@each_function
def test_errors_in_the_log_are_counted(everywhere: Plan, name: str) -> None:
    for side in sides(everywhere):
        (found,) = [
            each
            for each in side.all(FILTER)
            if everywhere.referred(each, "log_group_name", LOG_GROUP) == logs(side, name)
        ]
        assert found["name"] == f"{name}-errors{side.suffix}"
        assert found["pattern"] == '{ $.level = "ERROR" }'
        (metric,) = found["metric_transformation"]
        assert {key: metric[key] for key in ("name", "namespace", "value", "default_value")} == {
            "name": "LoggedErrors",
            "namespace": "rewind",
            "value": "1",
            "default_value": "0",
        }
        assert not metric["dimensions"]
        assert len(side.all(FILTER)) == len(FUNCTIONS)


@pytest.mark.requirement("RW-MON-03")
def test_alarm_goes_off_at_5_percent_of_failed_requests_in_5_minutes(everywhere: Plan) -> None:
    for side in sides(everywhere):
        alarm = side.one(ALARM, alarm_name=f"rewind-api-5xx{side.suffix}")
        failed, share = sorted(alarm["metric_query"], key=lambda query: str(query["id"]))
        (metric,) = failed["metric"]

        assert (failed["id"], failed["return_data"]) == ("failed", False)
        # Of a REST API the average of this metric is the share of requests that failed.
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
        assert {key: metric[key] for key in ("namespace", "metric_name", "stat", "period", "dimensions")} == {
            "namespace": "AWS/ApiGateway",
            "metric_name": "5XXError",
            "stat": "Average",
            "period": 300,
            "dimensions": {"ApiName": f"rewind-api{side.suffix}", "Stage": everywhere.input("environment")},
        }
        # No request is no failure.
        assert (share["expression"], share["return_data"]) == ("FILL(failed, 0)", True)
        assert share["metric"] == []
        assert alarm["comparison_operator"] == "GreaterThanOrEqualToThreshold"
        assert alarm["evaluation_periods"] == 1
        assert alarm["treat_missing_data"] == "notBreaching"
        assert side.one("aws_api_gateway_rest_api")["name"] == metric["dimensions"]["ApiName"]
        assert side.one("aws_api_gateway_stage")["stage_name"] == metric["dimensions"]["Stage"]


@pytest.mark.requirement("RW-MON-03")
def test_the_share_is_the_callers(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, share in ((every, 0.05), (minimal, 0.05), (chosen, 0.1)):
        for side in sides(plan):
            assert side.one(ALARM, alarm_name=f"rewind-api-5xx{side.suffix}")["threshold"] == share


@pytest.mark.requirement("RW-PZ-04", "RW-PZ-05")
def test_failed_trainings_and_exports_are_reported(everywhere: Plan) -> None:
    side = home(everywhere)
    machine = side.arn("states", f"stateMachine:rewind-training{suffix(everywhere)}")
    limits = {
        each["metric_name"]: (each["namespace"], each["statistic"], each["dimensions"])
        for each in everywhere.all(ALARM)
        if each["metric_name"]
    }

    assert limits == {
        "ExecutionsFailed": ("AWS/States", "Sum", {"StateMachineArn": machine}),
        "ApproximateNumberOfMessagesVisible": (
            "AWS/SQS",
            "Maximum",
            {"QueueName": f"rewind-not-exported{suffix(everywhere)}"},
        ),
    }
    for each in everywhere.all(ALARM):
        if each["metric_name"]:
            assert (each["threshold"], each["comparison_operator"]) == (0, "GreaterThanThreshold")
            assert (each["period"], each["evaluation_periods"]) == (300, 1)
            assert each["treat_missing_data"] == "notBreaching"


@pytest.mark.requirement("RW-MON-03")
def test_alarms_tell_the_topic_of_their_region(everywhere: Plan) -> None:
    for side in sides(everywhere):
        topic = side.one(TOPIC)
        assert topic["name"] == f"rewind-alerts{side.suffix}"
        assert side.all(ALARM)
        for each in side.all(ALARM):
            assert everywhere.referred(each, "alarm_actions", TOPIC) == topic
            assert everywhere.referred(each, "ok_actions", TOPIC) == topic
            assert each["actions_enabled"] is True
    assert f"{home(everywhere).one(TOPIC).block}.arn" in everywhere.output_references("alerts_topic_arn")


@pytest.mark.requirement("RW-MON-03", "RW-BUD-04")
def test_topic_tells_who_is_named(every: Plan, chosen: Plan, alone: Plan) -> None:
    for plan, emails in (
        (every, ["oncall@example.com"]),
        (chosen, ["oncall@example.com", "team@example.com"]),
        (alone, []),
    ):
        for side in sides(plan):
            subscriptions = side.all(SUBSCRIPTION)
            assert sorted((each["protocol"], each["endpoint"]) for each in subscriptions) == [
                ("email", each) for each in emails
            ]
            assert all(plan.referred(each, "topic_arn", TOPIC) == side.one(TOPIC) for each in subscriptions)


@pytest.mark.requirement("RW-MON-03", "RW-BUD-04")
def test_alarms_and_budgets_of_the_account_publish_and_nobody_else(everywhere: Plan) -> None:
    account = everywhere.input("account_id")
    for side in sides(everywhere):
        policy = side.one("aws_sns_topic_policy")
        # Budgets have no region: they tell the first one's topic.
        publishers = {"cloudwatch.amazonaws.com", *(["budgets.amazonaws.com"] if side == home(everywhere) else [])}
        statements = everywhere.statements(policy, "policy")

        assert everywhere.referred(policy, "arn", TOPIC) == side.one(TOPIC)
        assert {each for statement in statements for each in statement.principals} == {
            ("Service", name) for name in publishers
        }
        for each in statements:
            assert each.allows
            assert each.grants == {("sns:Publish", side.arn("sns", f"rewind-alerts{side.suffix}"))}
            assert each.conditions == {("StringEquals", "aws:SourceAccount", account)}


@pytest.mark.requirement("RW-MON-01", "RW-BUD-04")
def test_logs_and_alerts_are_encrypted_with_a_key_of_the_region(everywhere: Plan) -> None:
    for side in sides(everywhere):
        key = log_key(side)
        assert key["enable_key_rotation"] is True
        assert key["is_enabled"] is True
        (alias,) = [
            each for each in side.all("aws_kms_alias") if key.block in everywhere.references(each, "target_key_id")
        ]
        assert alias["name"] == f"alias/rewind-logs{side.suffix}"
        assert everywhere.referred(side.one(TOPIC), "kms_master_key_id", KEY) == key
        for each in side.all(LOG_GROUP):
            assert everywhere.referred(each, "kms_key_id", KEY) == key


@pytest.mark.requirement("RW-MON-01", "RW-MON-03", "RW-BUD-04")
def test_key_is_for_these_logs_and_alerts(everywhere: Plan) -> None:
    account = everywhere.input("account_id")
    own_account = {("StringEquals", "aws:SourceAccount", account)}
    for side in sides(everywhere):
        administration, *uses = everywhere.statements(log_key(side), "policy")
        by = {name: each for each in uses for kind, name in each.principals if kind == "Service"}
        publishers = {"cloudwatch.amazonaws.com", *(["budgets.amazonaws.com"] if side == home(everywhere) else [])}

        assert administration.principals == {("AWS", f"arn:aws:iam::{account}:root")}
        assert administration.actions == KEY_ADMINISTRATION
        assert by.keys() == publishers | {f"logs.{side.region}.amazonaws.com"}
        for name in publishers:
            # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
            assert by[name].actions == {"kms:Decrypt", "kms:GenerateDataKey"}
            assert by[name].conditions == own_account
        of_logs = by[f"logs.{side.region}.amazonaws.com"]
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        assert of_logs.actions == {
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        }
        groups = [each.values.get("name") or "API-Gateway-Execution-Logs_*" for each in side.all(LOG_GROUP)]
        patterns = {value for _, _, value in of_logs.conditions}
        assert {(test, variable) for test, variable, _ in of_logs.conditions} == {
            ("ArnLike", "kms:EncryptionContext:aws:logs:arn")
        }
        # All the groups there are, and nobody else's.
        assert not [name for name in groups if not any(matches(side, name, pattern) for pattern in patterns)]
        assert all(pattern.startswith(side.arn("logs", "log-group:")) for pattern in patterns)
        assert not [pattern for pattern in patterns if pattern.endswith(("log-group:*", "/*"))]


def matches(side: Side, name: str, pattern: str) -> bool:
    arn = side.arn("logs", f"log-group:{name}")
    before, star, after = pattern.partition("*")
    return arn == pattern if not star else arn.startswith(before) and arn.endswith(after)
