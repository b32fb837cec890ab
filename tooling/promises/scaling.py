"""What scales by itself has policies that say when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept, left_out

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def by_policies(live: LiveStack, target: LiveResource) -> Answer:
    client = live.client("application-autoscaling", target.region)
    found = client.describe_scaling_policies(
        ServiceNamespace=target["service_namespace"],
        ResourceId=target["resource_id"],
        ScalableDimension=target["scalable_dimension"],
    )["ScalingPolicies"]
    return _answer([str(one["PolicyName"]) for one in found], int(target["min_capacity"]), int(target["max_capacity"]))


def group_by_policies(live: LiveStack, group: LiveResource) -> Answer:
    client = live.client("autoscaling", group.region)
    found = client.describe_policies(AutoScalingGroupName=group["name"])["ScalingPolicies"]
    return _answer([str(one["PolicyName"]) for one in found], int(group["min_size"]), int(group["max_size"]))


def _answer(policies: list[str], least: int, most: int) -> Answer:
    if not policies and least == most:
        return left_out(f"always {least}, by the stack's own settings")
    if not policies:
        return broken("no policy says when it scales", means="it stays as large as it is, whatever comes")
    return kept(f"{least} to {most}, by {', '.join(policies)}")


PROMISES = (
    Promise("scales", "what scales has its policies", ("aws_appautoscaling_target",), by_policies),
    Promise("group-scales", "groups of instances scale", ("aws_autoscaling_group",), group_by_policies),
)
