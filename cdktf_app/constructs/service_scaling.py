"""How the number of a service's tasks follows its load."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.autoscaling import (
    AppautoscalingPolicy,
    AppautoscalingPolicyStepScalingPolicyConfiguration,
    AppautoscalingPolicyStepScalingPolicyConfigurationStepAdjustment,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
    AppautoscalingTarget,
)
from cdktf_app.bindings.cloudwatch import CloudwatchMetricAlarm
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.fargate_service import FargateService
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

_NAMESPACE = "ecs"
_DIMENSION = "ecs:service:DesiredCount"
# Minutes in a row that target tracking waits for before it adds tasks, and before it removes any.
_MINUTES_BEFORE_MORE, _MINUTES_BEFORE_FEWER = 3, 15


@dataclass(frozen=True, kw_only=True)
class StepsProps:
    """Scaling by one task at a time.

    Attributes:
        only_steps: Condition, as a Terraform expression, under which tasks are added one at a time too. Else tracking
            adds as many as it takes.
        fewer_below: CPU use, in percent, below which a task is removed; between the two limits nothing happens.
    """

    only_steps: str
    fewer_below: float


@dataclass(frozen=True, kw_only=True)
class ServiceScalingProps:
    """Shape of a service's scaling.

    Attributes:
        deployment: Names and tags.
        service: The service.
        least: Least tasks.
        most: Most tasks.
        cpu_target: Average CPU use, in percent, that is aimed at, or above which a task is added.
        scale_out_cooldown: Seconds between two additions. Default: 60.
        scale_in_cooldown: Seconds between two removals. Default: 300.
        steps: Remove, and if wanted add, one task at a time. Default: tracking does both.
        enabled: Condition, as a Terraform expression, under which the service exists. Default: always.
    """

    deployment: Deployment
    service: FargateService
    least: Input
    most: Input
    cpu_target: float
    scale_out_cooldown: float = 60
    scale_in_cooldown: float = 300
    steps: StepsProps | None = None
    enabled: str | None = None


class ServiceScaling(Construct):
    """Target tracking of the CPU, steps down, or steps both ways.

    Creates: scalable target, policies, and the alarms that set off the steps.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ServiceScalingProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        exists = expressions.Existence(props.enabled)
        dimensions = props.service.dimensions
        self._resource_id = f"service/{dimensions['ClusterName']}/{dimensions['ServiceName']}"
        self._target = AppautoscalingTarget(
            self,
            "this",
            count=exists.count,
            service_namespace=_NAMESPACE,
            scalable_dimension=_DIMENSION,
            resource_id=self._resource_id,
            min_capacity=props.least.number,
            max_capacity=props.most.number,
            tags=props.deployment.tags,
            depends_on=[props.service.service],
        )
        steps = props.steps
        tracked = [props.enabled, f"!({steps.only_steps})" if steps else None]
        self._track(" && ".join(filter(None, tracked)) or None)
        if steps:
            only_steps = " && ".join(filter(None, [props.enabled, steps.only_steps]))
            self._step(
                "scale_out",
                change=1,
                cooldown=props.scale_out_cooldown,
                comparison="GreaterThanThreshold",
                threshold=props.cpu_target,
                minutes=_MINUTES_BEFORE_MORE,
                enabled=only_steps,
            )
            self._step(
                "scale_in",
                change=-1,
                cooldown=props.scale_in_cooldown,
                comparison="LessThanThreshold",
                threshold=steps.fewer_below,
                minutes=_MINUTES_BEFORE_FEWER,
                enabled=props.enabled,
            )

    def _track(self, enabled: str | None) -> None:
        props = self._props
        AppautoscalingPolicy(
            self,
            "tracking",
            count=expressions.Existence(enabled).count,
            name=props.deployment.name("cpu-tracking"),
            policy_type="TargetTrackingScaling",
            service_namespace=_NAMESPACE,
            scalable_dimension=_DIMENSION,
            resource_id=self._resource_id,
            target_tracking_scaling_policy_configuration=AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
                target_value=props.cpu_target,
                scale_out_cooldown=props.scale_out_cooldown,
                scale_in_cooldown=props.scale_in_cooldown,
                # Tracking removes tasks a little below its target; where steps do that, nothing is to happen there.
                disable_scale_in=props.steps is not None,
                predefined_metric_specification=(
                    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification(
                        predefined_metric_type="ECSServiceAverageCPUUtilization"
                    )
                ),
            ),
            depends_on=[self._target],
        )

    def _step(
        self,
        construct_id: str,
        *,
        change: int,
        cooldown: float,
        comparison: str,
        threshold: float,
        minutes: int,
        enabled: str | None,
    ) -> None:
        deployment = self._props.deployment
        exists = expressions.Existence(enabled)
        name = deployment.name(f"cpu-{construct_id.replace('_', '-')}")
        # A bound is counted from the alarm's threshold: all that is above, or all that is below.
        bound = {"metric_interval_lower_bound" if change > 0 else "metric_interval_upper_bound": "0"}
        policy = AppautoscalingPolicy(
            self,
            construct_id,
            count=exists.count,
            name=name,
            policy_type="StepScaling",
            service_namespace=_NAMESPACE,
            scalable_dimension=_DIMENSION,
            resource_id=self._resource_id,
            step_scaling_policy_configuration=AppautoscalingPolicyStepScalingPolicyConfiguration(
                adjustment_type="ChangeInCapacity",
                metric_aggregation_type="Average",
                cooldown=cooldown,
                step_adjustment=[
                    AppautoscalingPolicyStepScalingPolicyConfigurationStepAdjustment(scaling_adjustment=change, **bound)
                ],
            ),
            depends_on=[self._target],
        )
        CloudwatchMetricAlarm(
            self,
            f"{construct_id}_alarm",
            count=exists.count,
            alarm_name=name,
            alarm_description=f"Sets off the policy {construct_id.replace('_', ' ')}; nobody is told.",
            namespace="AWS/ECS",
            metric_name="CPUUtilization",
            dimensions=dict(self._props.service.dimensions),
            statistic="Average",
            period=60,
            evaluation_periods=minutes,
            comparison_operator=comparison,
            threshold=threshold,
            treat_missing_data="notBreaching",
            alarm_actions=[exists.attribute(policy, "arn")],
            tags=deployment.tags,
        )
