"""The graphs of the dashboard, with where the alarms go off."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app.architectures.solemate.compute import Compute
from cdktf_app.architectures.solemate.database import Database
from cdktf_app.architectures.solemate.edge import Edge
from cdktf_app.architectures.solemate.limits import Limits
from cdktf_app.constructs import metric_sources
from cdktf_app.constructs.dashboard import Graph, Level
from cdktf_app.constructs.metric import Metric, Source


def of_load_balancer(compute: Compute, limits: Limits) -> Sequence[Graph]:
    balancer = metric_sources.balancer(compute.load_balancer)
    return [
        Graph(
            title="ALB: requests and errors",
            metrics=[
                balancer.metric(name, "Sum")
                for name in (
                    "RequestCount",
                    "HTTPCode_Target_4XX_Count",
                    "HTTPCode_Target_5XX_Count",
                    "HTTPCode_ELB_5XX_Count",
                )
            ],
        ),
        Graph(
            title="ALB: availability in percent",
            metrics=[metric_sources.availability(compute.load_balancer)],
            levels=[Level(label="Promised", value=limits.level("availability_percent"))],
        ),
        Graph(
            title="ALB: response time in seconds",
            metrics=[
                balancer.metric("TargetResponseTime", statistic, label=statistic) for statistic in ("p50", "p95", "p99")
            ],
            levels=[Level(label="Alarm (p95)", value=limits.level("response_seconds"))],
        ),
    ]


def of_database(database: Database, limits: Limits) -> Sequence[Graph]:
    primary = metric_sources.database(database.primary)
    return [
        Graph(
            title="RDS: CPU in percent",
            metrics=[primary.metric("CPUUtilization", "Average")],
            levels=[Level(label="Alarm", value=limits.level("database_cpu_percent"))],
        ),
        Graph(
            title="RDS: connections",
            metrics=[primary.metric("DatabaseConnections", "Average")],
            levels=[Level(label="Alarm", value=limits.connections)],
        ),
        Graph(
            title="RDS: latency in seconds",
            metrics=[primary.metric(name, "Average") for name in ("ReadLatency", "WriteLatency")],
            levels=[Level(label="Alarm (read)", value=limits.level("database_read_seconds"))],
        ),
        Graph(
            title="RDS: free storage in GiB",
            metrics=[
                metric_sources.in_gib(
                    primary.metric("FreeStorageSpace", "Average"), name="free", label="FreeStorageSpace"
                )
            ],
            levels=[Level(label="Alarm", value=limits.level("database_free_gib"))],
        ),
    ]


def of_containers(compute: Compute, limits: Limits) -> Sequence[Graph]:
    service = metric_sources.service(compute.service)
    tasks = metric_sources.tasks(compute.service)
    targets = metric_sources.targets(compute.service_targets, of=compute.load_balancer)
    return [
        Graph(
            title="ECS: CPU and memory in percent",
            metrics=[service.metric(name, "Average") for name in ("CPUUtilization", "MemoryUtilization")],
            levels=[
                Level(label="Alarm (CPU)", value=limits.level("container_cpu_percent")),
                Level(label="Alarm (memory)", value=limits.level("container_memory_percent")),
            ],
            only_if=limits.containers,
        ),
        Graph(
            title="ECS: tasks",
            metrics=[
                *(tasks.metric(name, "Average") for name in ("DesiredTaskCount", "RunningTaskCount")),
                *_health(targets),
            ],
            only_if=limits.containers,
        ),
    ]


def of_instances(compute: Compute, limits: Limits) -> Sequence[Graph]:
    instances = metric_sources.instances(compute.instances)
    group = metric_sources.instance_group(compute.instances)
    targets = metric_sources.targets(compute.instance_targets, of=compute.load_balancer)
    return [
        Graph(
            title="EC2: CPU in percent",
            metrics=[instances.metric("CPUUtilization", "Average")],
            levels=[Level(label="Alarm, one more instance", value=limits.level("instance_cpu_percent"))],
            only_if=limits.instances,
        ),
        Graph(
            title="EC2: instances",
            metrics=[
                *(group.metric(name, "Average") for name in ("GroupDesiredCapacity", "GroupInServiceInstances")),
                *_health(targets),
            ],
            only_if=limits.instances,
        ),
    ]


def _health(targets: Source) -> Sequence[Metric]:
    return [
        targets.metric("HealthyHostCount", "Minimum", label="Healthy"),
        targets.metric("UnHealthyHostCount", "Maximum", label="Unhealthy"),
    ]


def of_distribution(edge: Edge) -> Sequence[Graph]:
    # CloudFront reports to one region, whatever the stack's.
    region = "us-east-1"
    source = metric_sources.distribution(edge.distribution)
    return [
        Graph(title="CloudFront: requests", metrics=[source.metric("Requests", "Sum")], region=region),
        Graph(
            title="CloudFront: errors in percent",
            metrics=[source.metric(name, "Average") for name in ("4xxErrorRate", "5xxErrorRate")],
            region=region,
        ),
    ]
