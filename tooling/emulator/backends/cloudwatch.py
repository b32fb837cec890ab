"""CloudWatch: alarms that are made again."""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import Backend

backend = Backend("cloudwatch")


@backend.amends("DeleteAlarms")
def forget_tags(call: Call, _answer: dict[str, Any]) -> None:
    """aws_cloudwatch_metric_alarm, made again after it was destroyed: moto would give it the tags of the old one."""
    tagger = cloudwatch_backends[call.account][call.region].tagger
    for name in call.params["AlarmNames"]:
        tagger.delete_all_tags_for_resource(f"arn:aws:cloudwatch:{call.region}:{call.account}:alarm:{name}")
