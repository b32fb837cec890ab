"""The table of alarms; those on figures made of several metrics are in the monitoring itself."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app import expressions
from cdktf_app.architectures.solemate.compute import Compute
from cdktf_app.architectures.solemate.database import Database
from cdktf_app.architectures.solemate.limits import Limits
from cdktf_app.constructs import metric_sources
from cdktf_app.constructs.metric_alarms import Alarm

PERIOD_SECONDS = 300
# A quarter of an hour: less would go off at every deployment and every report that somebody runs.
LASTING = 3


def of_compute(compute: Compute, limits: Limits) -> Sequence[Alarm]:
    balancer = metric_sources.balancer(compute.load_balancer)
    service = metric_sources.service(compute.service)
    instances = metric_sources.instances(compute.instances)
    return [
        Alarm(
            name="slow",
            description="One request in 20 waits longer for its answer than the document allows.",
            namespace=balancer.namespace,
            metric="TargetResponseTime",
            above=limits.threshold("response_seconds"),
            # An average would hide slow answers among fast ones.
            statistic="p95",
            period_seconds=PERIOD_SECONDS,
            periods=LASTING,
            watched={"alb": balancer.dimensions},
        ),
        *(
            Alarm(
                name=f"unhealthy_{name}",
                description=f"The load balancer finds some of the {name} ill.",
                namespace=balancer.namespace,
                metric="UnHealthyHostCount",
                above=0,
                statistic="Maximum",
                period_seconds=60,
                periods=LASTING,
                watched={"alb": metric_sources.targets(group, of=compute.load_balancer).dimensions},
                only_if=there,
            )
            for name, group, there in (
                ("containers", compute.service_targets, limits.containers),
                ("instances", compute.instance_targets, limits.instances),
            )
        ),
        *(
            Alarm(
                name=name,
                description=f"The containers use too much of their {what}.",
                namespace=service.namespace,
                metric=metric,
                above=limits.threshold(f"container_{name}_percent"),
                statistic="Average",
                period_seconds=PERIOD_SECONDS,
                periods=LASTING,
                watched={"ecs": service.dimensions},
                only_if=limits.containers,
            )
            for name, what, metric in (
                ("cpu", "CPU", "CPUUtilization"),
                ("memory", "memory", "MemoryUtilization"),
            )
        ),
        Alarm(
            name="instance_cpu",
            description="The EC2 instances use too much of their CPU; one more is started.",
            namespace=instances.namespace,
            metric="CPUUtilization",
            above=limits.threshold("instance_cpu_percent"),
            statistic="Average",
            # Not three of them: help should come before somebody has to.
            period_seconds=PERIOD_SECONDS,
            watched={"ec2": instances.dimensions},
            only_if=limits.instances,
            responses=[compute.instances.scale_out_policy_arn],
        ),
    ]


def of_database(database: Database, limits: Limits, *, prefix: str) -> Sequence[Alarm]:
    primary = metric_sources.database(database.primary)
    names = database.primary.replica_identifiers
    each_replica = expressions.Expression(
        f"{{ for name in {names} : trimprefix(name, {expressions.literal(f'{prefix}-')}) => "
        "{ DBInstanceIdentifier = name } }"
    )
    each = expressions.Expression(f"merge({expressions.literal({'db': primary.dimensions})}, {each_replica})")
    return [
        Alarm(
            name="database_cpu",
            description="An instance of the database uses too much of its CPU.",
            namespace=primary.namespace,
            metric="CPUUtilization",
            above=limits.threshold("database_cpu_percent"),
            statistic="Average",
            period_seconds=PERIOD_SECONDS,
            periods=LASTING,
            watched=each,
        ),
        Alarm(
            name="storage",
            description="An instance of the database is running out of storage.",
            namespace=primary.namespace,
            metric="FreeStorageSpace",
            # CloudWatch has bytes.
            below=expressions.number(f"{limits.level('database_free_gib')} * {1024**3}"),
            statistic="Average",
            period_seconds=PERIOD_SECONDS,
            watched=each,
        ),
        Alarm(
            name="connections",
            description="An instance of the database has nearly as many connections as it takes.",
            namespace=primary.namespace,
            metric="DatabaseConnections",
            above=expressions.number(limits.connections),
            statistic="Average",
            period_seconds=PERIOD_SECONDS,
            watched=each,
        ),
        Alarm(
            name="read_latency",
            description="An instance of the database takes too long to read from its storage.",
            namespace=primary.namespace,
            metric="ReadLatency",
            above=limits.threshold("database_read_seconds"),
            statistic="Average",
            period_seconds=PERIOD_SECONDS,
            periods=LASTING,
            watched=each,
        ),
        Alarm(
            name="lag",
            description="A read replica answers with what was true too long ago.",
            namespace=primary.namespace,
            metric="ReplicaLag",
            above=limits.threshold("replica_lag_seconds"),
            statistic="Average",
            period_seconds=PERIOD_SECONDS,
            periods=LASTING,
            watched=each_replica,
        ),
    ]
