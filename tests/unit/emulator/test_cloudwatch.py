"""CloudWatch: alarms that are made again."""

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
