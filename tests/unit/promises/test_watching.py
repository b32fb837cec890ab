"""Promises of what watches: alarms, topics, dashboards, logs, trail and recorder."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.promises.conftest import Client, Shop
from tests.unit.promises.test_serving import answered, status_of
from tooling.promises import ask_promise, promise

ACTION = "arn:aws:sns:us-east-1:777788889999:alerts"


def put_alarm(client: Client, name: str, *, actions: list[str], enabled: bool = True) -> None:
    client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        MetricName="Errors",
        Namespace="AWS/Lambda",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=actions,
        ActionsEnabled=enabled,
    )


def alarm_in_state(name: str, *actions: str) -> dict[str, Any]:
    return {"aws_cloudwatch_metric_alarm.errors": {"alarm_name": name, "alarm_actions": list(actions)}}


@pytest.mark.parametrize(
    ("actions", "enabled", "status", "saw"),
    [
        ([ACTION], True, "ok", "alerts"),
        ([ACTION], False, "failed", "its actions are off"),
        ([], True, "failed", f"no longer tells {ACTION}"),
    ],
)
def test_an_alarm_acts_as_it_was_told(
    client: Client, shop: Shop, name: str, actions: list[str], enabled: bool, status: str, saw: str
) -> None:
    put_alarm(client, name, actions=actions, enabled=enabled)

    found = shop.asked("alarm-wired", alarm_in_state(name, ACTION))

    assert (found.status, found.saw) == (status, saw)


def test_an_alarm_that_never_had_an_action_is_a_warning(client: Client, shop: Shop, name: str) -> None:
    put_alarm(client, name, actions=[])

    assert shop.asked("alarm-wired", alarm_in_state(name)).status == "warned"


def test_an_alarm_that_is_gone_breaks_its_promise(shop: Shop, name: str) -> None:
    assert shop.asked("alarm-wired", alarm_in_state(name, ACTION)).status == "failed"


def test_a_topic_that_nobody_hears_is_a_warning(client: Client, shop: Shop, name: str) -> None:
    sns = client("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    state = {"aws_sns_topic.alerts": {"arn": topic}}
    assert shop.asked("topic-heard", state).saw == "nobody is subscribed"

    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="oncall@example.com")

    found = shop.asked("topic-heard", state)
    assert (found.status, found.saw) == ("ok", "1 confirmed")


class _Page:
    """An account with these subscriptions, some of which nobody has confirmed: the emulator confirms at once."""

    def __init__(self, *subscriptions: dict[str, str]) -> None:
        self._subscriptions = list(subscriptions)

    def get_paginator(self, _: str) -> _Page:
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        return [{"Subscriptions": self._subscriptions}]


def test_a_subscription_that_nobody_confirmed_is_named(shop: Shop) -> None:
    state = {"aws_sns_topic.alerts": {"arn": ACTION}}
    live = shop.live(state)
    pending = {"SubscriptionArn": "PendingConfirmation", "Protocol": "email", "Endpoint": "oncall@example.com"}
    live._clients[("sns", "us-east-1")] = _Page(pending)

    (found,) = ask_promise(live, promise("topic-heard", where="test"))

    assert (found.status, found.saw) == ("warned", "waits for the confirmation of oncall@example.com")


@pytest.mark.parametrize(("widgets", "status"), [(1, "ok"), (0, "failed")])
def test_a_dashboard_shows_something(client: Client, shop: Shop, name: str, widgets: int, status: str) -> None:
    body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "#"}}] * widgets})
    client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=body)

    found = shop.asked("dashboard-drawn", {"aws_cloudwatch_dashboard.board": {"dashboard_name": name}})

    assert found.status == status


def test_logs_are_kept_as_long_as_they_were_told(client: Client, shop: Shop, name: str) -> None:
    logs = client("logs")
    # GIVEN another group whose name begins alike
    logs.create_log_group(logGroupName=name)
    logs.create_log_group(logGroupName=f"{name}-other")
    logs.put_retention_policy(logGroupName=f"{name}-other", retentionInDays=30)
    state = {"aws_cloudwatch_log_group.logs": {"name": name, "retention_in_days": 14}}

    assert shop.asked("logs-retained", state).saw == "kept for ever"

    logs.put_retention_policy(logGroupName=name, retentionInDays=14)
    assert shop.asked("logs-retained", state).saw == "14 days"


def test_a_trail_that_was_stopped_breaks_its_promise(client: Client, shop: Shop, name: str) -> None:
    client("s3").create_bucket(Bucket=name)
    trails = client("cloudtrail")
    arn = trails.create_trail(Name=name, S3BucketName=name)["TrailARN"]
    state = {"aws_cloudtrail.trail": {"arn": arn}}
    trails.start_logging(Name=arn)
    assert shop.asked("trail-logging", state).status == "ok"

    trails.stop_logging(Name=arn)

    assert shop.asked("trail-logging", state).status == "failed"


def test_the_key_in_a_webhooks_address_is_told_to_nobody(shop: Shop) -> None:
    live = shop.live({"aws_sns_topic.alerts": {"arn": ACTION}})
    hook = "https://events.pager.example.com/integration/not-shown-anywhere/enqueue"
    waiting = {"SubscriptionArn": "PendingConfirmation", "Protocol": "https", "Endpoint": hook}
    gone = {"SubscriptionArn": "Deleted", "Protocol": "email", "Endpoint": "gone@example.com"}
    live._clients[("sns", "us-east-1")] = _Page(waiting, gone)

    (found,) = ask_promise(live, promise("topic-heard", where="test"))

    assert found.saw == "waits for the confirmation of https://events.pager.example.com"


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        ({"IsLogging": True}, "ok"),
        ({"IsLogging": True, "LatestDeliveryError": "AccessDenied"}, "failed"),
        ({"IsLogging": False}, "failed"),
    ],
)
def test_a_trail_whose_logs_do_not_arrive_breaks_its_promise(shop: Shop, status: dict[str, Any], wanted: str) -> None:
    live = shop.live({"aws_cloudtrail.trail": {"arn": "arn:trail"}})

    answered(live, "cloudtrail", get_trail_status=status)

    assert status_of(live, "trail-logging")[0] == wanted


@pytest.mark.parametrize(
    ("recording", "promised", "status"), [(True, True, "ok"), (False, True, "failed"), (False, False, "skipped")]
)
def test_a_recorder_records_unless_the_stack_switched_it_off(
    shop: Shop, recording: bool, promised: bool, status: str
) -> None:
    live = shop.live({"aws_config_configuration_recorder_status.on": {"name": "r", "is_enabled": promised}})

    answered(
        live,
        "config",
        describe_configuration_recorder_status={"ConfigurationRecordersStatus": [{"recording": recording}]},
    )

    assert status_of(live, "recorder-recording")[0] == status


def test_a_log_group_that_is_gone_is_not_taken_for_one_that_begins_alike(client: Client, shop: Shop, name: str) -> None:
    client("logs").create_log_group(logGroupName=f"{name}-other")
    client("logs").put_retention_policy(logGroupName=f"{name}-other", retentionInDays=14)

    found = shop.asked("logs-retained", {"aws_cloudwatch_log_group.logs": {"name": name, "retention_in_days": 14}})

    assert (found.status, found.saw) == ("failed", "the log group is gone")
