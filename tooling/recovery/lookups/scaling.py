"""Auto Scaling groups and application auto scaling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tooling.recovery.answers import fits_name, needs, tags_in, unique_id
from tooling.recovery.asking import each
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_autoscaling_group")
def _group(wanted: Wanted) -> Iterator[Found]:
    name = wanted.values.get("name")
    asked: dict[str, Any] = {"AutoScalingGroupNames": [name]} if name else {}
    for group in each(wanted.client("autoscaling"), "describe_auto_scaling_groups", "AutoScalingGroups", **asked):
        # A status is told only while it is being deleted.
        if fits_name(wanted, group["AutoScalingGroupName"]) and not group.get("Status"):
            yield Found(group["AutoScalingGroupName"], tags_in(group.get("Tags")), group.get("CreatedTime"))


@finds("aws_autoscaling_attachment")
@needs("autoscaling_group_name", "lb_target_group_arn")
def _attachment(wanted: Wanted) -> Iterator[Found]:
    # It has no id of its own: the provider makes one up and reads by group and target group.
    name, target = wanted.values["autoscaling_group_name"], wanted.values["lb_target_group_arn"]
    asked: dict[str, Any] = {"AutoScalingGroupNames": [name]}
    for group in each(wanted.client("autoscaling"), "describe_auto_scaling_groups", "AutoScalingGroups", **asked):
        if target in group.get("TargetGroupARNs", ()):
            yield Found(unique_id(name, target), within=True)


@finds("aws_autoscaling_policy")
@needs("autoscaling_group_name", "name")
def _policy(wanted: Wanted) -> Iterator[Found]:
    asked = {"AutoScalingGroupName": wanted.values["autoscaling_group_name"], "PolicyNames": [wanted.values["name"]]}
    for policy in each(wanted.client("autoscaling"), "describe_policies", "ScalingPolicies", **asked):
        yield Found(policy["PolicyName"], within=True)


@finds("aws_appautoscaling_target")
@needs("resource_id", "scalable_dimension", "service_namespace")
def _target(wanted: Wanted) -> Iterator[Found]:
    client, values = wanted.client("application-autoscaling"), wanted.values
    asked = {
        "ServiceNamespace": values["service_namespace"],
        "ResourceIds": [values["resource_id"]],
        "ScalableDimension": values["scalable_dimension"],
    }
    for target in each(client, "describe_scalable_targets", "ScalableTargets", **asked):
        arn = target.get("ScalableTargetARN")
        tags = dict(client.list_tags_for_resource(ResourceARN=arn)["Tags"]) if arn else None
        yield Found(target["ResourceId"], tags, target.get("CreationTime"))


@finds("aws_appautoscaling_policy")
@needs("name", "resource_id", "scalable_dimension", "service_namespace")
def _target_policy(wanted: Wanted) -> Iterator[Found]:
    values = wanted.values
    asked = {
        "ServiceNamespace": values["service_namespace"],
        "ResourceId": values["resource_id"],
        "ScalableDimension": values["scalable_dimension"],
        "PolicyNames": [values["name"]],
    }
    client = wanted.client("application-autoscaling")
    for policy in each(client, "describe_scaling_policies", "ScalingPolicies", **asked):
        if policy["PolicyName"] == values["name"]:
            yield Found(policy["PolicyName"], None, policy.get("CreationTime"), within=True)
