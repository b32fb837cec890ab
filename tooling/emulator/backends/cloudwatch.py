"""CloudWatch: alarms made of other alarms, and alarms that are made again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import Backend

backend = Backend("cloudwatch")


_OF_METRICS = (
    "namespace",
    "metric_name",
    "comparison_operator",
    "evaluation_periods",
    "period",
    "threshold",
    "statistic",
)
"""What moto wants of every alarm, and no composite alarm has."""


@backend.answers("PutCompositeAlarm")
def put_composite_alarm(call: Call) -> Mapping[str, Any]:
    """aws_cloudwatch_composite_alarm, create and update: moto reads such alarms back and cannot make them."""
    given = call.params
    cloudwatch_backends[call.account][call.region].put_metric_alarm(
        name=given["AlarmName"],
        rule=given["AlarmRule"],
        description=given.get("AlarmDescription"),
        actions_enabled=given.get("ActionsEnabled", True),
        alarm_actions=given.get("AlarmActions", []),
        ok_actions=given.get("OKActions", []),
        insufficient_data_actions=given.get("InsufficientDataActions", []),
        tags=given.get("Tags", []),
        **dict.fromkeys(_OF_METRICS),
        dimensions=[],
    )
    return {}


@backend.amends("DeleteAlarms")
def forget_tags(call: Call, _answer: dict[str, Any]) -> None:
    """aws_cloudwatch_metric_alarm, made again after it was destroyed: moto would give it the tags of the old one."""
    tagger = cloudwatch_backends[call.account][call.region].tagger
    for name in call.params["AlarmNames"]:
        tagger.delete_all_tags_for_resource(f"arn:aws:cloudwatch:{call.region}:{call.account}:alarm:{name}")
