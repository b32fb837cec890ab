"""Groups of EC2 instances."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.instance_group import InstanceGroup, InstanceGroupProps
from cdktf_app.constructs.load_balancer import HealthCheck, TargetGroup, TargetGroupProps
from cdktf_app.constructs.published_value import PublishedValue
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]
SWITCH = "${var.on ? 1 : 0}"


@pytest.fixture
def group(part: Construct, deployment: Deployment) -> InstanceGroup:
    targets = TargetGroup(
        part,
        "targets",
        props=TargetGroupProps(
            deployment=deployment,
            name="web",
            kind="instance",
            vpc_id="vpc-1",
            port=3000,
            health=HealthCheck(path="/health"),
            enabled="var.on",
        ),
    )
    props = InstanceGroupProps(
        deployment=deployment,
        name="backend",
        instance_type=Input("type"),
        image_parameter=Input("image"),
        commands=["echo ${var.region}"],
        least=Input("least"),
        desired=Input("desired"),
        most=Input("most"),
        subnet_ids=["subnet-1"],
        security_group_ids=["sg-1"],
        targets=targets,
        enabled="var.on",
    )
    return InstanceGroup(part, "backend", props=props)


@pytest.mark.usefixtures("group")
def test_an_instance_is_closed_and_its_disk_is_encrypted(synthesize: Synthesize) -> None:
    made = synthesize().the("aws_launch_template")

    assert made["metadata_options"] == {
        "http_endpoint": "enabled",
        "http_tokens": "required",
        "http_put_response_hop_limit": 1,
    }
    (interface,) = made["network_interfaces"]
    assert interface["associate_public_ip_address"] == "false"
    assert interface["security_groups"] == ["sg-1"]
    (disk,) = made["block_device_mappings"]
    assert disk["ebs"] == {
        "volume_type": "gp3",
        "volume_size": 20,
        "encrypted": "true",
        "delete_on_termination": "true",
    }
    assert made["iam_instance_profile"] == {"arn": "${one(aws_iam_instance_profile.backend_profile[*].arn)}"}


@pytest.mark.usefixtures("group")
def test_an_instance_starts_from_the_newest_image_with_the_script(synthesize: Synthesize) -> None:
    made = synthesize().the("aws_launch_template")

    # EC2 reads the parameter: Terraform would need AWS to plan.
    assert made["image_id"] == "resolve:ssm:${var.image}"
    assert made["instance_type"] == "${var.type}"
    assert made["user_data"] == (
        '${base64encode(join("\\n", ["#!/bin/bash", "set -euo pipefail", "echo ${var.region}", ""]))}'
    )
    assert made["depends_on"] == ["aws_iam_role_policy.backend_role_policy"]


@pytest.mark.usefixtures("group")
def test_an_ill_instance_is_replaced_and_a_change_brings_new_ones_first(synthesize: Synthesize) -> None:
    made = synthesize().the("aws_autoscaling_group")

    assert (made["min_size"], made["desired_capacity"], made["max_size"]) == (
        "${var.least}",
        "${var.desired}",
        "${var.most}",
    )
    assert made["vpc_zone_identifier"] == ["subnet-1"]
    assert (made["health_check_type"], made["health_check_grace_period"]) == ("ELB", 300)
    assert made["instance_refresh"] == {
        "strategy": "Rolling",
        "preferences": {"min_healthy_percentage": 100, "max_healthy_percentage": 200},
    }
    assert made["lifecycle"] == {"ignore_changes": ["desired_capacity"]}
    # The number of the version, so that a change of the template is a change of the group.
    assert made["launch_template"] == {
        "id": "${one(aws_launch_template.backend_template[*].id)}",
        "version": "${one(aws_launch_template.backend_template[*].latest_version)}",
    }


@pytest.mark.usefixtures("group")
def test_instances_and_disks_carry_the_tags(synthesize: Synthesize) -> None:
    module = synthesize()

    tags = module.the("aws_autoscaling_group")["dynamic"]["tag"]
    assert " ".join(tags["for_each"].split()) == (
        '${merge({ Owner = "me" }, { Name = "app-${var.environment}-backend" })}'
    )
    assert tags["content"] == {"key": "${tag.key}", "value": "${tag.value}", "propagate_at_launch": True}
    specified = module.the("aws_launch_template")["tag_specifications"]
    assert [each["resource_type"] for each in specified] == ["instance", "volume"]


@pytest.mark.usefixtures("group")
def test_the_group_joins_its_targets(synthesize: Synthesize) -> None:
    made = synthesize().the("aws_autoscaling_attachment")

    assert made["autoscaling_group_name"] == "${one(aws_autoscaling_group.backend[*].name)}"
    assert made["lb_target_group_arn"] == "${one(aws_lb_target_group.targets[*].arn)}"


def test_the_cpu_is_tracked_and_an_alarm_may_add_an_instance(group: InstanceGroup, synthesize: Synthesize) -> None:
    module = synthesize()

    tracking = module.resource("aws_autoscaling_policy", "backend_tracking")
    assert tracking["policy_type"] == "TargetTrackingScaling"
    assert tracking["target_tracking_configuration"] == {
        "target_value": 70,
        "predefined_metric_specification": {"predefined_metric_type": "ASGAverageCPUUtilization"},
    }
    added = module.resource("aws_autoscaling_policy", "backend_scale_out")
    assert (added["policy_type"], added["adjustment_type"]) == ("StepScaling", "ChangeInCapacity")
    assert added["step_adjustment"] == [{"scaling_adjustment": 1, "metric_interval_lower_bound": "0"}]
    assert group.scale_out_policy_arn == "${one(aws_autoscaling_policy.backend_scale_out[*].arn)}"


def test_a_group_that_is_switched_off_leaves_nothing(group: InstanceGroup, synthesize: Synthesize) -> None:
    module = synthesize()

    for kinds in module.module["resource"].values():
        for name, made in kinds.items():
            assert made["count"] == SWITCH, name
    assert group.name == '${var.on ? "app-${var.environment}-backend" : null}'


def test_an_instances_role_may_do_nothing_by_itself(group: InstanceGroup, synthesize: Synthesize) -> None:
    module = synthesize()

    assert module.document("backend_role_permissions").get("statement", []) == []
    (trust,) = module.statements("backend_role_trust").values()
    assert trust["principals"] == [{"type": "Service", "identifiers": ["ec2.amazonaws.com"]}]
    profile = module.the("aws_iam_instance_profile")
    assert profile["role"] == f"${{one(aws_iam_role.{group.role.role.friendly_unique_id}[*].name)}}"


def test_instances_start_when_what_their_script_needs_is_there(
    part: Construct, deployment: Deployment, group: InstanceGroup, synthesize: Synthesize
) -> None:
    place = PublishedValue(part, "place", deployment=deployment, name="place", description="Where.", initial="none")
    group.start_after(place.parameter)

    assert synthesize().the("aws_autoscaling_group")["depends_on"] == ["aws_ssm_parameter.place"]
