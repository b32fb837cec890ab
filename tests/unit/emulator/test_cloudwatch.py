"""CloudWatch: alarms made of other alarms, and alarms that are made again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Client = Callable[..., Any]


def test_alarm_made_again_has_only_its_own_tags(client: Client) -> None:
    cloudwatch = client("cloudwatch")
    alarm = {
        "AlarmName": "again",
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 10,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    cloudwatch.put_metric_alarm(**alarm, Tags=[{"Key": "old", "Value": "1"}])

    cloudwatch.delete_alarms(AlarmNames=["again"])
    cloudwatch.put_metric_alarm(**alarm, Tags=[{"Key": "new", "Value": "2"}])

    (made,) = cloudwatch.describe_alarms(AlarmNames=["again"])["MetricAlarms"]
    tags = cloudwatch.list_tags_for_resource(ResourceARN=made["AlarmArn"])["Tags"]
    assert tags == [{"Key": "new", "Value": "2"}]


def test_composite_alarm_is_kept_as_sent_changed_and_deleted(client: Client) -> None:
    cloudwatch = client("cloudwatch")
    settings = {
        "AlarmName": "composite",
        "AlarmRule": "ALARM(one) OR ALARM(two)",
        "AlarmDescription": "d",
        "AlarmActions": ["arn:aws:sns:us-east-1:555555555555:alerts"],
        "ActionsEnabled": True,
    }
    cloudwatch.put_composite_alarm(**settings, Tags=[{"Key": "a", "Value": "1"}])
    (made,) = cloudwatch.describe_alarms(AlarmNames=["composite"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    tags = cloudwatch.list_tags_for_resource(ResourceARN=made["AlarmArn"])["Tags"]

    cloudwatch.put_composite_alarm(**{**settings, "AlarmRule": "ALARM(one)"})
    (changed,) = cloudwatch.describe_alarms(AlarmNames=["composite"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    cloudwatch.delete_alarms(AlarmNames=["composite"])

    assert {key: made[key] for key in settings} == settings
    assert tags == [{"Key": "a", "Value": "1"}]
    assert changed["AlarmRule"] == "ALARM(one)"
    left = cloudwatch.describe_alarms(AlarmNames=["composite"], AlarmTypes=["CompositeAlarm"])
    assert left["CompositeAlarms"] == []
