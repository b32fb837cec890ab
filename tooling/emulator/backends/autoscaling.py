"""EC2 Auto Scaling: settings of groups that moto forgets, refreshes of instances, who is told of launches and ends."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore import xform_name
from moto.autoscaling.models import FakeAutoScalingGroup, autoscaling_backends

from tooling.emulator.call import Call
from tooling.emulator.moto_gateway import Missing
from tooling.emulator.registry import AwsError, Backend

backend = Backend("autoscaling")


_FORGOTTEN = (
    "AvailabilityZoneDistribution",
    "CapacityRebalance",
    "DefaultCooldown",
    "DefaultInstanceWarmup",
    "InstanceMaintenancePolicy",
    "MaxInstanceLifetime",
    "TerminationPolicies",
)


@backend.watches("CreateAutoScalingGroup", "UpdateAutoScalingGroup")
def remember_settings(call: Call, _answer: Mapping[str, Any]) -> None:
    """aws_autoscaling_group, create and update."""
    group = _group(call)
    for name in _FORGOTTEN:
        if name in call.params:
            setattr(group, xform_name(name), call.params[name])
    _let_interfaces_go(group)


@backend.watches("SetDesiredCapacity")
def scale(call: Call, _answer: Mapping[str, Any]) -> None:
    """aws_autoscaling_group, when something else than Terraform changes its size."""
    _let_interfaces_go(_group(call))


@backend.answers("StartInstanceRefresh")
def start_instance_refresh(call: Call) -> Mapping[str, Any]:
    """aws_autoscaling_group with instance_refresh, update: the instances are others at once."""
    group = _group(call)
    if "DesiredConfiguration" in call.params:
        raise Missing("a DesiredConfiguration")
    count = group.desired_capacity
    group.set_desired_capacity(0)
    group.set_desired_capacity(count)
    _let_interfaces_go(group)
    now = datetime.now(UTC)
    refresh = {
        "AutoScalingGroupName": group.name,
        "EndTime": now,
        "InstanceRefreshId": str(uuid.uuid4()),
        "InstancesToUpdate": 0,
        "PercentageComplete": 100,
        "Preferences": call.params.get("Preferences", {}),
        "StartTime": now,
        "Status": "Successful",
    }
    _refreshes(call).setdefault(group.name, []).insert(0, refresh)
    return refresh


@backend.answers("DescribeInstanceRefreshes")
def describe_instance_refreshes(call: Call) -> Mapping[str, Any]:
    """aws_autoscaling_group with instance_refresh, update: whether one is under way, newest first."""
    wanted = call.params.get("InstanceRefreshIds")
    refreshes = _refreshes(call).get(_group(call).name, [])
    return {"InstanceRefreshes": [each for each in refreshes if not wanted or each["InstanceRefreshId"] in wanted]}


@backend.watches("PutScalingPolicy")
def remember_switch(call: Call, _answer: Mapping[str, Any]) -> None:
    """aws_autoscaling_policy, create and update: moto forgets ``enabled``."""
    policy = autoscaling_backends[call.account][call.region].policies[call.params["PolicyName"]]
    policy.enabled = call.params.get("Enabled", True)


@backend.amends("DescribePolicies")
def tell_no_prediction(_call: Call, answer: dict[str, Any]) -> None:
    """aws_autoscaling_policy, read: the next plan would take moto's empty configuration for a predictive one."""
    for policy in answer["ScalingPolicies"]:
        if not policy.get("PredictiveScalingConfiguration"):
            policy.pop("PredictiveScalingConfiguration", None)


@backend.answers("PutNotificationConfiguration")
def put_notification_configuration(call: Call) -> Mapping[str, Any]:
    """aws_autoscaling_notification, create and update: what is sent takes the place of what was there."""
    _notifications(call)[_group(call).name, call.params["TopicARN"]] = list(call.params["NotificationTypes"])
    return {}


@backend.answers("DescribeNotificationConfigurations")
def describe_notification_configurations(call: Call) -> Mapping[str, Any]:
    """aws_autoscaling_notification, read: one entry for each group, topic and kind of event."""
    groups = call.params.get("AutoScalingGroupNames")
    return {
        "NotificationConfigurations": [
            {"AutoScalingGroupName": group, "TopicARN": topic, "NotificationType": kind}
            for (group, topic), kinds in _notifications(call).items()
            if not groups or group in groups
            for kind in kinds
        ]
    }


@backend.answers("DeleteNotificationConfiguration")
def delete_notification_configuration(call: Call) -> Mapping[str, Any]:
    """aws_autoscaling_notification, delete, and update that drops a group."""
    _notifications(call).pop((call.params["AutoScalingGroupName"], call.params["TopicARN"]), None)
    return {}


@backend.watches("DeleteAutoScalingGroup")
def forget_group(call: Call, _answer: Mapping[str, Any]) -> None:
    """aws_autoscaling_group, delete: its notifications and refreshes go with it."""
    _refreshes(call).pop(call.params["AutoScalingGroupName"], None)
    for key in [key for key in _notifications(call) if key[0] == call.params["AutoScalingGroupName"]]:
        del _notifications(call)[key]


def _let_interfaces_go(group: FakeAutoScalingGroup) -> None:
    """With their instance, as what a group launches does; moto would keep them for ever."""
    for state in group.instance_states:
        for interface in state.instance.nics.values():
            interface.delete_on_termination = True


def _group(call: Call) -> FakeAutoScalingGroup:
    name = call.params["AutoScalingGroupName"]
    group = autoscaling_backends[call.account][call.region].autoscaling_groups.get(name)
    if group is None:
        raise AwsError("ValidationError", f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
    return group


def _refreshes(call: Call) -> dict[str, list[dict[str, Any]]]:
    return call.store("refreshes")


def _notifications(call: Call) -> dict[tuple[str, str], list[str]]:
    return call.store("notifications")
