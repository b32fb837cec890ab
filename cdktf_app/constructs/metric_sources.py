"""What load balancers, services of containers, instances and distributions are measured by."""

from __future__ import annotations

from cdktf_app import expressions
from cdktf_app.constructs.app_distribution import AppDistribution
from cdktf_app.constructs.fargate_service import FargateService
from cdktf_app.constructs.instance_group import InstanceGroup
from cdktf_app.constructs.load_balancer import LoadBalancer, TargetGroup
from cdktf_app.constructs.metric import Metric, MetricMath, Source
from cdktf_app.constructs.postgres_database import PostgresDatabase

_BALANCER = "AWS/ApplicationELB"
_GIB = 1024**3


def balancer(load_balancer: LoadBalancer) -> Source:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html"""
    return Source(namespace=_BALANCER, dimensions={"LoadBalancer": load_balancer.arn_suffix})


def targets(group: TargetGroup, *, of: LoadBalancer) -> Source:
    """A group of targets; how many of them are well is measured only with the load balancer that asks them."""
    return Source(namespace=_BALANCER, dimensions={"LoadBalancer": of.arn_suffix, "TargetGroup": group.arn_suffix})


def service(fargate: FargateService) -> Source:
    return Source(namespace="AWS/ECS", dimensions=fargate.dimensions)


def tasks(fargate: FargateService) -> Source:
    """The tasks of a service, which only Container Insights counts."""
    return Source(namespace="ECS/ContainerInsights", dimensions=fargate.dimensions)


def instances(group: InstanceGroup) -> Source:
    """The instances of an Auto Scaling group, all together."""
    return Source(namespace="AWS/EC2", dimensions={"AutoScalingGroupName": group.name})


def instance_group(group: InstanceGroup) -> Source:
    """How many of them there are."""
    return Source(namespace="AWS/AutoScaling", dimensions={"AutoScalingGroupName": group.name})


def distribution(cdn: AppDistribution) -> Source:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html"""
    identity = expressions.attribute(cdn.distribution, "id")
    return Source(namespace="AWS/CloudFront", dimensions={"DistributionId": identity, "Region": "Global"})


def database(postgres: PostgresDatabase) -> Source:
    """The instance that is written to."""
    return Source(namespace="AWS/RDS", dimensions=postgres.dimensions)


def server_errors(load_balancer: LoadBalancer) -> MetricMath:
    """Server errors, whether the targets answer with them or the load balancer does for want of a target.

    CloudWatch sends neither where there are none.
    """
    source = balancer(load_balancer)
    return MetricMath(
        name="server_errors",
        label="Server errors",
        expression="SUM([FILL(target_errors, 0), FILL(balancer_errors, 0)])",
        metrics={
            "target_errors": source.metric("HTTPCode_Target_5XX_Count", "Sum"),
            "balancer_errors": source.metric("HTTPCode_ELB_5XX_Count", "Sum"),
        },
    )


def availability(load_balancer: LoadBalancer) -> MetricMath:
    """Share of the requests that got an answer which is no server error, in percent; none without requests.

    ``RequestCount`` leaves out what the load balancer refused for want of a target, so that its own errors are added:
    else an hour without any target would look like one without any request.
    """
    source, errors = balancer(load_balancer), server_errors(load_balancer)
    return MetricMath(
        name="availability",
        label="Availability in percent",
        expression="100 * (1 - server_errors / requests)",
        metrics={**errors.metrics, "handled": source.metric("RequestCount", "Sum")},
        steps={
            errors.name: errors.expression,
            "requests": "SUM([FILL(handled, 0), FILL(balancer_errors, 0)])",
        },
    )


def in_gib(metric: Metric, *, name: str, label: str) -> MetricMath:
    """A metric in bytes, in GiB."""
    return MetricMath(name=name, label=label, expression=f"{name}_bytes / {_GIB}", metrics={f"{name}_bytes": metric})
