"""The alarms of the document: five that somebody is woken for, four that can wait for the morning, and one of scaling.

Their limits are the document's (FD-ALM), so they are no inputs.
"""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app import expressions
from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.constructs import metric_sources
from cdktf_app.constructs.fargate_service import FargateService
from cdktf_app.constructs.load_balancer import LoadBalancer
from cdktf_app.constructs.metric import MetricMath
from cdktf_app.constructs.metric_alarms import Alarm
from cdktf_app.constructs.postgres_database import PostgresDatabase

SERVICE_CPU_PERCENT = 80
SERVICE_MEMORY_PERCENT = 85
SERVER_ERRORS_A_MINUTE = 10
DATABASE_CPU_PERCENT = 75
SCARCE_GIB = 5
LITTLE_GIB = 10
SLOW_SECONDS = 1
CONNECTIONS_PERCENT = 80

# CloudWatch has bytes.
_GIB = 1024**3


def critical(service: FargateService, database: PostgresDatabase) -> Sequence[Alarm]:
    """Those of single metrics; server errors are counted in two."""
    tasks, instance = metric_sources.service(service), metric_sources.database(database)
    return [
        Alarm(
            name="cpu",
            description="The tasks use more than 80 % of their CPU for 5 minutes.",
            namespace=tasks.namespace,
            metric="CPUUtilization",
            above=SERVICE_CPU_PERCENT,
            statistic="Average",
            period_seconds=60,
            periods=5,
            watched={"ecs": tasks.dimensions},
        ),
        Alarm(
            name="memory",
            description="The tasks use more than 85 % of their memory for 5 minutes.",
            namespace=tasks.namespace,
            metric="MemoryUtilization",
            above=SERVICE_MEMORY_PERCENT,
            statistic="Average",
            period_seconds=60,
            periods=5,
            watched={"ecs": tasks.dimensions},
        ),
        Alarm(
            name="database_cpu",
            description="The database uses more than 75 % of its CPU for 10 minutes.",
            namespace=instance.namespace,
            metric="CPUUtilization",
            above=DATABASE_CPU_PERCENT,
            statistic="Average",
            period_seconds=60,
            periods=10,
            watched={"rds": instance.dimensions},
        ),
        Alarm(
            name="storage_scarce",
            description="The database has less than 5 GiB of free storage.",
            namespace=instance.namespace,
            metric="FreeStorageSpace",
            below=SCARCE_GIB * _GIB,
            statistic="Average",
            period_seconds=300,
            watched={"rds": instance.dimensions},
        ),
    ]


def warning(
    service: FargateService, load_balancer: LoadBalancer, database: PostgresDatabase, variables: Variables
) -> Sequence[Alarm]:
    """Those of single metrics; missing tasks are the difference of two."""
    balancer, instance = metric_sources.balancer(load_balancer), metric_sources.database(database)
    tasks = metric_sources.tasks(service)
    return [
        Alarm(
            name="slow",
            description="Requests wait longer than a second for their answer, on average.",
            namespace=balancer.namespace,
            metric="TargetResponseTime",
            above=SLOW_SECONDS,
            statistic="Average",
            period_seconds=300,
            watched={"alb": balancer.dimensions},
        ),
        Alarm(
            name="storage_little",
            description="The database has less than 10 GiB of free storage.",
            namespace=instance.namespace,
            metric="FreeStorageSpace",
            below=LITTLE_GIB * _GIB,
            statistic="Average",
            period_seconds=300,
            watched={"rds": instance.dimensions},
        ),
        Alarm(
            name="connections",
            description="The database has more than 80 % of the connections that it takes.",
            namespace=instance.namespace,
            metric="DatabaseConnections",
            above=expressions.number(many_connections(variables)),
            statistic="Average",
            period_seconds=300,
            watched={"rds": instance.dimensions},
        ),
        Alarm(
            name="scaled_out",
            description="As many tasks run as scaling may start: there is nothing left to add.",
            namespace=tasks.namespace,
            metric="RunningTaskCount",
            at_least=variables.max_count.number,
            statistic="Average",
            period_seconds=60,
            periods=5,
            watched={"ecs": tasks.dimensions},
        ),
    ]


def missing_tasks(service: FargateService) -> MetricMath:
    tasks = metric_sources.tasks(service)
    return MetricMath(
        name="missing",
        label="Tasks that should run and do not",
        expression="desired - running",
        metrics={
            "desired": tasks.metric("DesiredTaskCount", "Average"),
            "running": tasks.metric("RunningTaskCount", "Average"),
        },
    )


def many_connections(variables: Variables) -> expressions.Expression:
    return expressions.Expression(f"{variables.db_max_connections.expression} * {CONNECTIONS_PERCENT} / 100")
