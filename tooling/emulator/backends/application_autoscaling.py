"""Application Auto Scaling: tags of scalable targets. Nothing is scaled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.applicationautoscaling.models import applicationautoscaling_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("application-autoscaling")


@backend.amends("RegisterScalableTarget")
def remember_tags(call: Call, answer: dict[str, Any]) -> None:
    """aws_appautoscaling_target with tags, create; its update names none, and keeps those that are there."""
    if "Tags" in call.params:
        _tags(call).setdefault(answer["ScalableTargetARN"], {}).update(call.params["Tags"])


@backend.answers("ListTagsForResource")
def list_tags_for_resource(call: Call) -> Mapping[str, Any]:
    """aws_appautoscaling_target, read: with nobody to answer, the next plan fails and so does its destroy."""
    return {"Tags": _tags(call).get(_target(call), {})}


@backend.answers("TagResource")
def tag_resource(call: Call) -> Mapping[str, Any]:
    """aws_appautoscaling_target, change of tags."""
    _tags(call).setdefault(_target(call), {}).update(call.params["Tags"])
    return {}


@backend.answers("UntagResource")
def untag_resource(call: Call) -> Mapping[str, Any]:
    """aws_appautoscaling_target, tags that go."""
    tags = _tags(call).get(_target(call), {})
    for key in call.params["TagKeys"]:
        tags.pop(key, None)
    return {}


@backend.answers("DescribeScalingActivities")
def describe_scaling_activities(_call: Call) -> Mapping[str, Any]:
    """groundplan doctor: nothing is scaled here, so nothing was done."""
    return {"ScalingActivities": []}


def _target(call: Call) -> str:
    """The ARN that the call names, of a target that is registered."""
    arn: str = call.params["ResourceARN"]
    dimensions = applicationautoscaling_backends[call.account][call.region].targets.values()
    if not any(target.arn == arn for targets in dimensions for target in targets.values()):
        raise AwsError("ResourceNotFoundException", f"The scalable target {arn} does not exist.")
    return arn


def _tags(call: Call) -> dict[str, dict[str, str]]:
    return call.store("target-tags")
