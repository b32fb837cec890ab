"""Application Auto Scaling of a DynamoDB table that is provisioned instead of on demand."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.autoscaling import (
    AppautoscalingPolicy,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
    AppautoscalingTarget,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class TableCapacity:
    """How a table is paid for.

    Attributes:
        billing_mode: ``PAY_PER_REQUEST``, or ``PROVISIONED``, which alone is scaled.
        least: Least capacity, in read and in write units a second.
        most: Most capacity.
        target_percent: Utilisation that scaling aims at.
    """

    billing_mode: Input
    least: Input
    most: Input
    target_percent: Input

    @property
    def provisioned(self) -> str:
        """Terraform expression that is true for a provisioned table."""
        return f'{self.billing_mode.expression} == "PROVISIONED"'

    @property
    def initial(self) -> float:
        """Capacity before scaling sets in; null on demand."""
        return expressions.number(f"{self.provisioned} ? {self.least.expression} : null")


class TableScaling(Construct):
    """Scalable target and target tracking for reads and for writes; nothing of it for a table on demand."""

    def __init__(self, scope: Construct, construct_id: str, *, table_name: str, capacity: TableCapacity) -> None:
        super().__init__(scope, construct_id)
        count = expressions.count_if(capacity.provisioned)
        for kind in ("Read", "Write"):
            dimension = f"dynamodb:table:{kind}CapacityUnits"
            target = AppautoscalingTarget(
                self,
                f"{kind.lower()}s",
                count=count,
                service_namespace="dynamodb",
                resource_id=f"table/{table_name}",
                scalable_dimension=dimension,
                min_capacity=capacity.least.number,
                max_capacity=capacity.most.number,
            )
            AppautoscalingPolicy(
                self,
                f"{kind.lower()}s_tracking",
                count=count,
                name=f"{table_name}-{kind.lower()}s",
                policy_type="TargetTrackingScaling",
                service_namespace="dynamodb",
                resource_id=expressions.string(expressions.only(target, "resource_id")),
                scalable_dimension=dimension,
                target_tracking_scaling_policy_configuration=(
                    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
                        target_value=capacity.target_percent.number,
                        predefined_metric_specification=(
                            AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification(
                                predefined_metric_type=f"DynamoDB{kind}CapacityUtilization"
                            )
                        ),
                    )
                ),
            )
