"""The graphs of the dashboard, with the document's targets and where its alarms go off (FD-DASH)."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app.architectures.doomscroll import alarms
from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.constructs import metric_sources
from cdktf_app.constructs.dashboard import Graph, Level
from cdktf_app.constructs.fargate_service import FargateService
from cdktf_app.constructs.load_balancer import LoadBalancer
from cdktf_app.constructs.postgres_database import PostgresDatabase


def of_service(service: FargateService, variables: Variables) -> Sequence[Graph]:
    source, tasks = metric_sources.service(service), metric_sources.tasks(service)
    return [
        Graph(
            title="ECS: CPU in percent",
            metrics=[source.metric("CPUUtilization", "Average")],
            levels=[Level(label="Target", value=70), Level(label="Critical", value=alarms.SERVICE_CPU_PERCENT)],
        ),
        Graph(
            title="ECS: memory in percent",
            metrics=[source.metric("MemoryUtilization", "Average")],
            levels=[Level(label="Target", value=80), Level(label="Critical", value=alarms.SERVICE_MEMORY_PERCENT)],
        ),
        Graph(
            title="ECS: tasks",
            metrics=[
                tasks.metric("RunningTaskCount", "Average", label="RunningCount"),
                tasks.metric("DesiredTaskCount", "Average", label="DesiredCount"),
            ],
            levels=[Level(label="Most tasks", value=variables.max_count.expression)],
        ),
    ]


def of_load_balancer(load_balancer: LoadBalancer) -> Sequence[Graph]:
    source = metric_sources.balancer(load_balancer)
    return [
        Graph(
            title="ALB: requests a minute",
            metrics=[source.metric("RequestCount", "Sum")],
        ),
        Graph(
            title="ALB: response time in seconds",
            metrics=[
                source.metric("TargetResponseTime", statistic, label=statistic) for statistic in ("Average", "p95")
            ],
            levels=[Level(label="Target", value=0.5), Level(label="Warning", value=alarms.SLOW_SECONDS)],
        ),
        Graph(
            title="ALB: errors a minute",
            metrics=[
                source.metric(f"HTTPCode_{name}_Count", "Sum") for name in ("Target_5XX", "Target_4XX", "ELB_5XX")
            ],
            levels=[Level(label="Critical (5XX)", value=alarms.SERVER_ERRORS_A_MINUTE)],
        ),
    ]


def of_database(database: PostgresDatabase, variables: Variables) -> Sequence[Graph]:
    source = metric_sources.database(database)
    return [
        Graph(
            title="RDS: CPU in percent",
            metrics=[source.metric("CPUUtilization", "Average")],
            levels=[Level(label="Critical", value=alarms.DATABASE_CPU_PERCENT)],
        ),
        Graph(
            title="RDS: connections",
            metrics=[source.metric("DatabaseConnections", "Average")],
            levels=[Level(label="Warning", value=alarms.many_connections(variables))],
        ),
        Graph(
            title="RDS: latency in seconds",
            metrics=[source.metric(name, "Average") for name in ("ReadLatency", "WriteLatency")],
            levels=[Level(label="Target", value=0.001)],
        ),
        Graph(
            title="RDS: free memory in GiB",
            metrics=[
                metric_sources.in_gib(source.metric("FreeableMemory", "Average"), name="free", label="FreeableMemory")
            ],
        ),
        Graph(
            title="RDS: free storage in GiB",
            metrics=[
                metric_sources.in_gib(
                    source.metric("FreeStorageSpace", "Average"), name="free", label="FreeStorageSpace"
                )
            ],
            levels=[
                Level(label="Warning", value=alarms.LITTLE_GIB),
                Level(label="Critical", value=alarms.SCARCE_GIB),
            ],
        ),
    ]
