"""EC2 instances behind a load balancer, as many as their load wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct, TerraformResource, TerraformResourceLifecycle
from cdktf_app.bindings.ec2_autoscaling import (
    AutoscalingAttachment,
    AutoscalingGroup,
    AutoscalingGroupInstanceRefresh,
    AutoscalingGroupInstanceRefreshPreferences,
    AutoscalingGroupLaunchTemplate,
    AutoscalingPolicy,
    AutoscalingPolicyStepAdjustment,
    AutoscalingPolicyTargetTrackingConfiguration,
    AutoscalingPolicyTargetTrackingConfigurationPredefinedMetricSpecification,
    LaunchTemplate,
    LaunchTemplateBlockDeviceMappings,
    LaunchTemplateBlockDeviceMappingsEbs,
    LaunchTemplateIamInstanceProfile,
    LaunchTemplateMetadataOptions,
    LaunchTemplateMonitoring,
    LaunchTemplateNetworkInterfaces,
    LaunchTemplateTagSpecifications,
)
from cdktf_app.bindings.iam import IamInstanceProfile
from cdktf_app.constructs.load_balancer import TargetGroup
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

_METRICS = ("GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize", "GroupMinSize")
# Until a new instance has installed what it runs and counts in.
_STARTUP_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class InstanceGroupProps:
    """Shape of a group of instances.

    Attributes:
        deployment: Names, account, region and tags.
        name: Last part of its name.
        instance_type: Type of the instances.
        image_parameter: Parameter of Systems Manager's with the id of the machine image, read at each start.
        commands: Lines of the shell script that an instance runs when it starts for the first time.
        least: Least instances.
        desired: Instances at first; from then on scaling decides.
        most: Most instances.
        subnet_ids: Private subnets.
        security_group_ids: Who may reach the instances, and whom they may.
        targets: Group that the instances join.
        cpu_target: Average CPU use, in percent, that is aimed at. Default: 70.
        root_volume_gib: Size of an instance's disk. Default: 20.
        enabled: Condition, as a Terraform expression, under which all this exists. Default: always.
    """

    deployment: Deployment
    name: str
    instance_type: Input
    image_parameter: Input
    commands: Sequence[str]
    least: Input
    desired: Input
    most: Input
    subnet_ids: Sequence[str]
    security_group_ids: Sequence[str]
    targets: TargetGroup
    cpu_target: float = 70
    root_volume_gib: float = 20
    enabled: str | None = None


class InstanceGroup(Construct):
    """Auto Scaling group that replaces an instance the load balancer finds ill, and all of them after a change.

    Instances have no public address, an encrypted disk, and answer for their role to nobody but themselves (IMDSv2, one
    hop).

    Creates: launch template, Auto Scaling group and its place in the target group, a policy that tracks the CPU and one
    that an alarm may set off, role and instance profile. The role may do nothing until something is granted.

    Attributes:
        name: Name of the Auto Scaling group; null when there is none.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: InstanceGroupProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        self._exists = expressions.Existence(props.enabled)
        self._name = props.deployment.name(props.name)
        self.name = self._exists.value(self._name)
        self._tags = expressions.merged(props.deployment.tags, {"Name": self._name})
        self.role = ServiceRole(
            self,
            "role",
            props=ServiceRoleProps(
                deployment=props.deployment,
                name=f"{props.name}-role",
                service="ec2.amazonaws.com",
                enabled=props.enabled,
            ),
        )
        profile = IamInstanceProfile(
            self,
            "profile",
            count=self._exists.count,
            name=self._name,
            role=self._exists.attribute(self.role.role, "name"),
            tags=props.deployment.tags,
        )
        template = self._template(profile)
        self._group = self._autoscaling_group(template)
        AutoscalingAttachment(
            self,
            "attachment",
            count=self._exists.count,
            autoscaling_group_name=self._exists.attribute(self._group, "name"),
            lb_target_group_arn=props.targets.arn,
        )
        self._track_cpu()
        self._scale_out = self._scale_out_policy()

    @property
    def scale_out_policy_arn(self) -> str:
        """Policy that adds an instance when an alarm sets it off; null when there is no group."""
        return self._exists.attribute(self._scale_out, "arn")

    def start_after(self, *resources: TerraformResource) -> None:
        """Make the group when these are there: what an instance runs at its first start it runs only once."""
        self._group.depends_on = [*(self._group.depends_on or []), *map(expressions.address, resources)]

    def _template(self, profile: IamInstanceProfile) -> LaunchTemplate:
        props, deployment = self._props, self._props.deployment
        script = expressions.literal(["#!/bin/bash", "set -euo pipefail", *props.commands, ""])
        return LaunchTemplate(
            self,
            "template",
            count=self._exists.count,
            name=self._name,
            update_default_version=True,
            # EC2 looks it up when it starts an instance, Terraform does not.
            image_id=f"resolve:ssm:{props.image_parameter.string}",
            instance_type=props.instance_type.string,
            user_data=expressions.string(f'base64encode(join("\\n", {script}))'),
            iam_instance_profile=LaunchTemplateIamInstanceProfile(arn=self._exists.attribute(profile, "arn")),
            metadata_options=LaunchTemplateMetadataOptions(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            # By the minute, as scaling wants it.
            monitoring=LaunchTemplateMonitoring(enabled=True),
            network_interfaces=[
                LaunchTemplateNetworkInterfaces(
                    device_index=0,
                    associate_public_ip_address="false",
                    delete_on_termination="true",
                    security_groups=list(props.security_group_ids),
                )
            ],
            block_device_mappings=[
                LaunchTemplateBlockDeviceMappings(
                    device_name="/dev/xvda",
                    ebs=LaunchTemplateBlockDeviceMappingsEbs(
                        volume_type="gp3",
                        volume_size=props.root_volume_gib,
                        encrypted="true",
                        delete_on_termination="true",
                    ),
                )
            ],
            tag_specifications=[
                LaunchTemplateTagSpecifications(resource_type=kind, tags=self._tags) for kind in ("instance", "volume")
            ],
            tags=deployment.tags,
            # Else an instance could start without what its script needs.
            depends_on=[self.role.policy],
        )

    def _autoscaling_group(self, template: LaunchTemplate) -> AutoscalingGroup:
        props = self._props
        group = AutoscalingGroup(
            self,
            "this",
            count=self._exists.count,
            name=self._name,
            min_size=props.least.number,
            desired_capacity=props.desired.number,
            max_size=props.most.number,
            vpc_zone_identifier=list(props.subnet_ids),
            launch_template=AutoscalingGroupLaunchTemplate(
                id=self._exists.attribute(template, "id"), version=self._exists.attribute(template, "latest_version")
            ),
            health_check_type="ELB",
            health_check_grace_period=_STARTUP_SECONDS,
            default_instance_warmup=_STARTUP_SECONDS,
            # New ones first: one instance alone would else be gone before its successor is there.
            instance_refresh=AutoscalingGroupInstanceRefresh(
                strategy="Rolling",
                preferences=AutoscalingGroupInstanceRefreshPreferences(
                    min_healthy_percentage=100, max_healthy_percentage=200
                ),
            ),
            enabled_metrics=list(_METRICS),
            lifecycle=TerraformResourceLifecycle(ignore_changes=["desired_capacity"]),
        )
        group.add_override(
            "dynamic.tag",
            {
                "for_each": expressions.string(self._tags.expression),
                "content": {"key": "${tag.key}", "value": "${tag.value}", "propagate_at_launch": True},
            },
        )
        return group

    def _track_cpu(self) -> None:
        AutoscalingPolicy(
            self,
            "tracking",
            count=self._exists.count,
            name=self._props.deployment.name(f"{self._props.name}-tracking"),
            autoscaling_group_name=self._exists.attribute(self._group, "name"),
            policy_type="TargetTrackingScaling",
            target_tracking_configuration=AutoscalingPolicyTargetTrackingConfiguration(
                target_value=self._props.cpu_target,
                predefined_metric_specification=(
                    AutoscalingPolicyTargetTrackingConfigurationPredefinedMetricSpecification(
                        predefined_metric_type="ASGAverageCPUUtilization"
                    )
                ),
            ),
        )

    def _scale_out_policy(self) -> AutoscalingPolicy:
        return AutoscalingPolicy(
            self,
            "scale_out",
            count=self._exists.count,
            name=self._props.deployment.name(f"{self._props.name}-scale-out"),
            autoscaling_group_name=self._exists.attribute(self._group, "name"),
            policy_type="StepScaling",
            adjustment_type="ChangeInCapacity",
            metric_aggregation_type="Average",
            step_adjustment=[AutoscalingPolicyStepAdjustment(scaling_adjustment=1, metric_interval_lower_bound="0")],
        )
