"""Alarms, their topic, and logs: in production."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.plan.kefir.functions import FUNCTIONS, prefix
from tests.support.plans import Plan

ALARM = "aws_cloudwatch_metric_alarm"
TOPIC = "aws_sns_topic"
SUBSCRIPTION = "aws_sns_topic_subscription"
LOG_GROUP = "aws_cloudwatch_log_group"
KEY = "aws_kms_key"
MONITORING = {ALARM, "aws_cloudwatch_dashboard", TOPIC}


@dataclass(frozen=True)
class Limit:
    """When an alarm goes off: a statistic of a metric above a threshold, over a period in seconds."""

    namespace: str
    metric: str
    threshold: int
    period: int
    statistic: str = "Sum"


@pytest.mark.requirement("KF-MON-01")
def test_prod_is_monitored(prod: Plan) -> None:
    assert prod.types() >= MONITORING


@pytest.mark.requirement("KF-MON-01")
def test_development_is_not_monitored(development: Plan) -> None:
    assert not MONITORING & development.types()
    assert development.outputs["dashboard_name"] is None
    assert development.outputs["alerts_topic_arn"] is None
    assert development.all(LOG_GROUP)


@pytest.mark.parametrize(
    ("limit", "watched"),
    [
        pytest.param(
            Limit("AWS/Lambda", "Errors", 10, 60),
            "functions",
            marks=pytest.mark.requirement("KF-MON-02"),
        ),
        pytest.param(
            Limit("AWS/Lambda", "Throttles", 5, 60),
            "functions",
            marks=pytest.mark.requirement("KF-MON-03"),
        ),
        pytest.param(
            # Milliseconds.
            Limit("AWS/Lambda", "Duration", 10_000, 60, statistic="p95"),
            "functions",
            marks=pytest.mark.requirement("KF-MON-04"),
        ),
        pytest.param(
            Limit("AWS/ApiGateway", "5xx", 10, 60),
            "api",
            marks=pytest.mark.requirement("KF-MON-05"),
        ),
        pytest.param(
            Limit("AWS/ApiGateway", "4xx", 100, 300),
            "api",
            marks=pytest.mark.requirement("KF-MON-06"),
        ),
        pytest.param(
            Limit("AWS/DynamoDB", "ReadThrottleEvents", 5, 60),
            "table",
            marks=pytest.mark.requirement("KF-MON-07"),
        ),
        pytest.param(
            Limit("AWS/DynamoDB", "WriteThrottleEvents", 5, 60),
            "table",
            marks=pytest.mark.requirement("KF-MON-08"),
        ),
    ],
    ids=lambda value: value.metric if isinstance(value, Limit) else value,
)
def test_alarm(prod: Plan, limit: Limit, watched: str) -> None:
    alarms = prod.all(ALARM, namespace=limit.namespace, metric_name=limit.metric)

    for alarm in alarms:
        assert alarm["threshold"] == limit.threshold
        assert alarm["period"] == limit.period
        assert alarm["evaluation_periods"] == 1
        assert alarm["comparison_operator"] == "GreaterThanThreshold"
        assert alarm["treat_missing_data"] == "notBreaching"
        assert alarm["actions_enabled"] is True
        percentile = limit.statistic.startswith("p")
        assert (alarm["extended_statistic"] if percentile else alarm["statistic"]) == limit.statistic
        assert (alarm["statistic"] if percentile else alarm["extended_statistic"]) is None
    if watched == "functions":
        names = [alarm["dimensions"] for alarm in alarms]
        assert sorted(name["FunctionName"] for name in names) == sorted(prefix(prod) + name for name in FUNCTIONS)
        assert all(set(name) == {"FunctionName"} for name in names)
    elif watched == "table":
        (table,) = [prod.one("aws_dynamodb_table")["name"]]
        dimensions = [alarm["dimensions"] for alarm in alarms]
        assert {"TableName": table} in dimensions
        # The table's metric does not count the throttles of its index.
        assert {"TableName": table, "GlobalSecondaryIndexName": "GSI1"} in dimensions
        assert len(dimensions) == 2
    else:
        # The API's id is known after the apply only: what the dimension is made from must do.
        (alarm,) = alarms
        assert f"{prod.one('aws_apigatewayv2_api').block}.id" in prod.references(alarm, "for_each")


@pytest.mark.requirement("KF-MON-13")
def test_one_topic_collects_all_alarms(prod: Plan) -> None:
    topic = prod.one(TOPIC)
    alarms = prod.all(ALARM)

    assert len(alarms) == 3 * len(FUNCTIONS) + 2 + 2 * 2
    assert all(prod.referred(alarm, "alarm_actions", TOPIC) == topic for alarm in alarms)


@pytest.mark.requirement("KF-MON-13")
def test_alarms_may_publish_to_the_topic(prod: Plan) -> None:
    topic = prod.one(TOPIC)
    policy = prod.one("aws_sns_topic_policy")
    account = prod.input("account_id")

    (statement,) = prod.statements(policy, "policy")

    assert prod.referred(policy, "arn", TOPIC) == topic
    assert statement.allows
    assert statement.grants == {("sns:Publish", f"arn:aws:sns:{prod.input('region')}:{account}:{topic['name']}")}
    assert statement.principals == {("Service", "cloudwatch.amazonaws.com")}
    assert statement.conditions == {("StringEquals", "aws:SourceAccount", account)}


@pytest.mark.requirement("KF-MON-14")
def test_topic_is_subscribed_by_email_and_sms(complete: Plan) -> None:
    subscriptions = complete.all(SUBSCRIPTION)

    assert sorted((each["protocol"], each["endpoint"]) for each in subscriptions) == [
        ("email", "oncall@example.com"),
        ("email", "team@example.com"),
        ("sms", "+15555550100"),
    ]
    assert all(complete.referred(each, "topic_arn", TOPIC) for each in subscriptions)


@pytest.mark.requirement("KF-MON-14")
def test_nobody_is_subscribed_unasked(every: Plan, minimal: Plan) -> None:
    assert not every.all(SUBSCRIPTION)
    assert not minimal.all(SUBSCRIPTION)


@pytest.mark.requirement("KF-MON-01", "KF-MON-14")
def test_without_monitoring_there_is_nothing_to_subscribe_to(existing_certificate: Plan) -> None:
    assert not (MONITORING | {SUBSCRIPTION}) & existing_certificate.types()


@pytest.mark.requirement("KF-MON-15")
@pytest.mark.parametrize("with_monitoring", [True, False])
def test_logs_are_encrypted_with_a_key_of_our_own(
    prod: Plan, existing_certificate: Plan, with_monitoring: bool
) -> None:
    plan = prod if with_monitoring else existing_certificate
    key = plan.one(KEY)
    groups = plan.all(LOG_GROUP)

    # One a function, and the API's access log.
    assert len(groups) == len(FUNCTIONS) + 1
    assert all(plan.referred(group, "kms_key_id", KEY) == key for group in groups)
    # Known would mean null: the key is made by the same apply.
    assert not [group.address for group in groups if "kms_key_id" in group.values]
    assert key["enable_key_rotation"] is True


@pytest.mark.requirement("KF-MON-15")
def test_cloudwatch_logs_may_use_the_key_for_these_logs(prod: Plan) -> None:
    region, account = prod.input("region"), prod.input("account_id")
    logs = ("Service", f"logs.{region}.amazonaws.com")
    (use,) = [each for each in prod.statements(prod.one(KEY), "policy") if logs in each.principals]

    assert use.allows
    assert use.principals == {logs}
    assert use.actions >= {"kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"}
    assert use.conditions == {
        ("ArnLike", "kms:EncryptionContext:aws:logs:arn", f"arn:aws:logs:{region}:{account}:log-group:{name}")
        for name in ("/aws/apigateway/kefir-app-prod-*", "/aws/lambda/kefir-app-prod-*")
    }


@pytest.mark.requirement("KF-MON-15")
def test_logs_of_development_have_the_encryption_of_the_service(development: Plan) -> None:
    assert not development.all(KEY)
    assert [group["kms_key_id"] or None for group in development.all(LOG_GROUP)] == [None] * (len(FUNCTIONS) + 1)


@pytest.mark.requirement("KF-COST-02")
def test_logs_of_development_end_after_3_days(development: Plan) -> None:
    assert {group["retention_in_days"] for group in development.all(LOG_GROUP)} == {3}


@pytest.mark.requirement("KF-COST-05")
def test_logs_of_prod_end_after_30_days(prod: Plan) -> None:
    assert {group["retention_in_days"] for group in prod.all(LOG_GROUP)} == {30}
