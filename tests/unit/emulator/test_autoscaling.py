"""EC2 Auto Scaling: settings of groups and policies, refreshes of instances, notifications."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]

TOPIC = "arn:aws:sns:us-east-1:555555555555:scaling"
LAUNCH = "autoscaling:EC2_INSTANCE_LAUNCH"
END = "autoscaling:EC2_INSTANCE_TERMINATE"


@pytest.fixture(scope="module")
def scaling(client: Client) -> Any:
    return client("autoscaling")


@pytest.fixture(scope="module")
def place(client: Client) -> dict[str, Any]:
    """Where and from what the groups of these tests launch."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.2.1.0/24")["Subnet"]["SubnetId"]
    ec2.create_launch_template(
        LaunchTemplateName="scaled", LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    )
    return {"VPCZoneIdentifier": subnet, "LaunchTemplate": {"LaunchTemplateName": "scaled", "Version": "$Latest"}}


@pytest.fixture
def group(scaling: Any, place: dict[str, Any], request: pytest.FixtureRequest) -> str:
    scaling.create_auto_scaling_group(AutoScalingGroupName=request.node.name, MinSize=2, MaxSize=4, **place)
    return str(request.node.name)


def _read(scaling: Any, name: str) -> Any:
    return scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]


def _interfaces(client: Client, place: dict[str, Any]) -> int:
    of_subnet = [{"Name": "subnet-id", "Values": [place["VPCZoneIdentifier"]]}]
    return len(client("ec2").describe_network_interfaces(Filters=of_subnet)["NetworkInterfaces"])


def _instances(scaling: Any, name: str) -> set[str]:
    return {each["InstanceId"] for each in _read(scaling, name)["Instances"]}


def test_settings_of_a_group_are_read_back(scaling: Any, place: dict[str, Any]) -> None:
    settings = {
        "DefaultInstanceWarmup": 120,
        "MaxInstanceLifetime": 604800,
        "InstanceMaintenancePolicy": {"MinHealthyPercentage": 90, "MaxHealthyPercentage": 120},
        "AvailabilityZoneDistribution": {"CapacityDistributionStrategy": "balanced-only"},
    }

    scaling.create_auto_scaling_group(AutoScalingGroupName="settled", MinSize=0, MaxSize=1, **place, **settings)

    group = _read(scaling, "settled")
    assert {name: group[name] for name in settings} == settings


def test_settings_of_a_group_change(scaling: Any, group: str) -> None:
    settings = {
        "CapacityRebalance": True,
        "DefaultCooldown": 60,
        "DefaultInstanceWarmup": 30,
        "TerminationPolicies": ["OldestInstance"],
    }

    scaling.update_auto_scaling_group(AutoScalingGroupName=group, **settings)

    changed = _read(scaling, group)
    assert {name: changed[name] for name in settings} == settings


def test_refresh_replaces_the_instances(scaling: Any, group: str) -> None:
    before = _instances(scaling, group)

    refresh = scaling.start_instance_refresh(AutoScalingGroupName=group, Preferences={"MinHealthyPercentage": 50})

    after = _instances(scaling, group)
    (told,) = scaling.describe_instance_refreshes(AutoScalingGroupName=group)["InstanceRefreshes"]
    assert len(before) == len(after) == 2
    assert not before & after
    assert (told["InstanceRefreshId"], told["Status"]) == (refresh["InstanceRefreshId"], "Successful")
    assert told["Preferences"] == {"MinHealthyPercentage": 50}


def test_interfaces_go_with_their_instances(client: Client, scaling: Any, place: dict[str, Any], group: str) -> None:
    full = _interfaces(client, place)

    for _time in range(2):
        scaling.start_instance_refresh(AutoScalingGroupName=group)
    refreshed = _interfaces(client, place)
    scaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=4)
    scaled = _interfaces(client, place)
    scaling.delete_auto_scaling_group(AutoScalingGroupName=group, ForceDelete=True)

    assert (refreshed, scaled, _interfaces(client, place)) == (full, full + 2, full - 2)


def test_refreshes_are_told_newest_first_or_by_id(scaling: Any, group: str) -> None:
    first, second = (
        scaling.start_instance_refresh(AutoScalingGroupName=group)["InstanceRefreshId"] for _attempt in range(2)
    )

    def told(**which: Any) -> list[str]:
        found = scaling.describe_instance_refreshes(AutoScalingGroupName=group, **which)["InstanceRefreshes"]
        return [each["InstanceRefreshId"] for each in found]

    assert told() == [second, first]
    assert told(InstanceRefreshIds=[first]) == [first]


def test_refresh_to_another_template_is_not_emulated(scaling: Any, group: str) -> None:
    wanted = {"LaunchTemplate": {"LaunchTemplateName": "scaled", "Version": "1"}}

    with pytest.raises(ClientError, match="NotImplementedByEmulator"):
        scaling.start_instance_refresh(AutoScalingGroupName=group, DesiredConfiguration=wanted)


@pytest.mark.parametrize("operation", ["start_instance_refresh", "describe_instance_refreshes"])
def test_rejects_refresh_of_a_group_that_is_not_there(scaling: Any, operation: str) -> None:
    with pytest.raises(ClientError, match="AutoScalingGroup 'nobody' not found"):
        getattr(scaling, operation)(AutoScalingGroupName="nobody")


def test_policy_says_that_it_is_on_and_predicts_nothing(scaling: Any, group: str) -> None:
    scaling.put_scaling_policy(
        AutoScalingGroupName=group,
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            "TargetValue": 70,
        },
    )

    (policy,) = scaling.describe_policies(AutoScalingGroupName=group)["ScalingPolicies"]
    assert policy["Enabled"] is True
    assert "PredictiveScalingConfiguration" not in policy


def test_policy_that_is_off_stays_off(scaling: Any, group: str) -> None:
    scaling.put_scaling_policy(
        AutoScalingGroupName=group,
        PolicyName="off",
        PolicyType="StepScaling",
        AdjustmentType="ChangeInCapacity",
        StepAdjustments=[{"ScalingAdjustment": 1, "MetricIntervalLowerBound": 0}],
        Enabled=False,
    )

    (policy,) = scaling.describe_policies(AutoScalingGroupName=group)["ScalingPolicies"]
    assert policy["Enabled"] is False


def _notified(scaling: Any, *groups: str) -> set[tuple[str, str, str]]:
    told = scaling.describe_notification_configurations(AutoScalingGroupNames=groups)["NotificationConfigurations"]
    return {(each["AutoScalingGroupName"], each["TopicARN"], each["NotificationType"]) for each in told}


def _notify(scaling: Any, group: str, *kinds: str) -> None:
    scaling.put_notification_configuration(AutoScalingGroupName=group, TopicARN=TOPIC, NotificationTypes=kinds)


def test_notifications_take_the_place_of_those_before(scaling: Any, group: str) -> None:
    _notify(scaling, group, LAUNCH, END)
    before = _notified(scaling, group)

    _notify(scaling, group, END)

    assert before == {(group, TOPIC, LAUNCH), (group, TOPIC, END)}
    assert _notified(scaling, group) == {(group, TOPIC, END)}


def test_notifications_are_told_of_the_groups_asked_for(scaling: Any, group: str) -> None:
    _notify(scaling, group, LAUNCH)

    assert _notified(scaling, "another") == set()
    assert (group, TOPIC, LAUNCH) in _notified(scaling)


def test_notifications_are_deleted(scaling: Any, group: str) -> None:
    _notify(scaling, group, LAUNCH)

    scaling.delete_notification_configuration(AutoScalingGroupName=group, TopicARN=TOPIC)

    assert _notified(scaling, group) == set()


def test_group_made_again_has_nothing_of_the_old_one(scaling: Any, group: str, place: dict[str, Any]) -> None:
    _notify(scaling, group, LAUNCH)
    scaling.start_instance_refresh(AutoScalingGroupName=group)
    scaling.delete_auto_scaling_group(AutoScalingGroupName=group, ForceDelete=True)

    scaling.create_auto_scaling_group(AutoScalingGroupName=group, MinSize=0, MaxSize=1, **place)

    assert _notified(scaling, group) == set()
    assert scaling.describe_instance_refreshes(AutoScalingGroupName=group)["InstanceRefreshes"] == []


def test_rejects_notifications_of_a_group_that_is_not_there(scaling: Any) -> None:
    with pytest.raises(ClientError, match="AutoScalingGroup 'nobody' not found"):
        _notify(scaling, "nobody", LAUNCH)
