"""Why is the load high: slow queries, the tasks' processors, scaling at its limit, and what a size more would cost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tooling.cost.amount import HOURS
from tooling.cost.prices import load_prices
from tooling.doctor.examination import Diagnosis, Part
from tooling.doctor.loglines import matching
from tooling.doctor.network import databases
from tooling.doctor.services import services
from tooling.live import failed, ok, skipped, warned
from tooling.moments import shown

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding

_AGE = timedelta(hours=1)
SLOW_MS = 1000.0
# What log_min_duration_statement writes. https://www.postgresql.org/docs/15/runtime-config-logging.html
_DURATION = re.compile(r"duration: ([\d.]+) ms")
_SHOWN = 5
_BUSY_PERCENT = 80.0
_CLASSES = ("micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
_LARGEST_OF_BURSTABLE = "2xlarge"
# vCPU in units of 1024 a vCPU. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
_FARGATE = ((256, 512), (512, 1024), (1024, 2048), (2048, 4096), (4096, 8192), (8192, 16384), (16384, 32768))


@dataclass(frozen=True)
class Load:
    """How busy one task, or one service as a whole, was.

    Attributes:
        what: Which.
        mean, peak: In percent of what it has.
    """

    what: str
    mean: float
    peak: float

    def __str__(self) -> str:
        return f"{self.what} {self.mean:.0f} %, at most {self.peak:.0f} %"


def slow_queries(examination: Examination) -> Iterator[Finding]:
    """Queries over a second, from the database's log."""
    known = {str(one["name"]): one for one in examination.live.of("aws_cloudwatch_log_group")}
    for one in databases(examination):
        group = f"/aws/rds/instance/{one['DBInstanceIdentifier']}/postgresql"
        name = f"slow queries of {one['DBInstanceIdentifier']}"
        if group not in known:
            yield skipped(name, f"its log goes to no log group of the stack ({group})")
            continue
        lines, number = matching(
            examination,
            group,
            known[group].region,
            age=_AGE,
            pattern='"duration:"',
            wanted=lambda text: (found := _DURATION.search(text)) is not None and float(found[1]) > SLOW_MS,
            number=_SHOWN,
        )
        if number:
            told = "".join(f"\n      {line}" for line in lines)
            yield warned(
                name,
                f"{number} took over {SLOW_MS:.0f} ms in the last hour; the newest:{told}",
                means="an index is missing, or a query reads more than it needs",
                next="ask for its plan: explain (analyze, buffers) QUERY",
                address=one["address"],
            )
        else:
            yield ok(name, f"none over {SLOW_MS:.0f} ms in the last hour", address=one["address"])


def processors(examination: Examination) -> Iterator[Finding]:
    """CPU of each task, where Container Insights tells it, else of the service."""
    for service in services(examination):
        found = _loads(examination, service.cluster_name, service.name, service.region)
        name = f"CPU of {service.name}"
        if not found:
            yield skipped(name, "no measurement in the last hour: nothing ran, or it is too new")
            continue
        told = "; ".join(map(str, found))
        busy = [one for one in found if one.mean >= _BUSY_PERCENT]
        if not busy:
            yield ok(name, told, address=service.address)
            continue
        alone = 0 < len(busy) < len(found)
        yield warned(
            name,
            told,
            means="one task alone is busy, as one in an endless loop is" if alone else "all of it is busy",
            next=f"stop that task, and read its log: groundplan doctor {examination.command} --check task-start"
            if alone
            else "see below whether scaling is at its limit",
            address=service.address,
        )


def scaling(examination: Examination) -> Iterator[Finding]:
    """How many tasks scaling keeps, whether that is all it may, and what it did in the last hour."""
    by_id = {f"service/{one.cluster_name}/{one.name}": one for one in services(examination)}
    for target in examination.live.of("aws_appautoscaling_target"):
        service = by_id.get(str(target["resource_id"]))
        if service is None:
            continue
        client = examination.client("application-autoscaling", target.region)
        namespace, identifier = str(target["service_namespace"]), str(target["resource_id"])
        name = f"scaling of {service.name}"
        with examination.live.asking(name):
            scaled = client.describe_scalable_targets(ServiceNamespace=namespace, ResourceIds=[identifier])
            activities = [
                one
                for page in client.get_paginator("describe_scaling_activities").paginate(
                    ServiceNamespace=namespace, ResourceId=identifier
                )
                for one in page["ScalingActivities"]
                if one["StartTime"] >= examination.now - _AGE
            ]
        if not scaled["ScalableTargets"]:
            next_step = f"groundplan plan {examination.command}, then apply"
            yield failed(name, "is not registered any more", means="nothing scales it", next=next_step)
            continue
        most = int(scaled["ScalableTargets"][0]["MaxCapacity"])
        wanted = int(service.described["desiredCount"])
        seen = f"{wanted} of at most {most} tasks; {in_words(activities)}"
        if wanted >= most:
            yield warned(
                name,
                seen,
                means="it cannot add a task however busy they are",
                next=f"raise the greatest count in envs/{examination.live.stack.name}/terraform.tfvars, plan and apply",
                address=target.address,
            )
        else:
            yield ok(name, seen, address=target.address)


def next_size(examination: Examination) -> Iterator[Finding]:
    """The next size of database and task, with what it costs more a month."""
    prices = load_prices()

    def monthly(price: str, region: str) -> Decimal | None:
        found = prices.usd(price, region)
        return found.usd * HOURS if found else None

    for one in databases(examination):
        family, _, size = str(one["DBInstanceClass"]).rpartition(".")
        burstable = family.startswith("db.t")
        if size not in _CLASSES[:-1] or (burstable and size == _LARGEST_OF_BURSTABLE):
            continue
        larger = f"{family}.{_CLASSES[_CLASSES.index(size) + 1]}"
        zones = "multi_az" if one.get("MultiAZ") else "single_az"
        now, then = (
            monthly(f"rds.{one['Engine']}.{zones}.{each}", one["region"]) for each in (f"{family}.{size}", larger)
        )
        yield ok(
            f"size of the database {one['DBInstanceIdentifier']}",
            f"{family}.{size}; the next is {larger}, {_more(now, then)}",
            address=one["address"],
        )
    for service in services(examination):
        cpu, memory = int(service.definition.get("cpu") or 0), int(service.definition.get("memory") or 0)
        bigger = next(((c, m) for c, m in _FARGATE if c > cpu), None)
        if not cpu or bigger is None:
            continue
        processor = (
            "arm" if (service.definition.get("runtimePlatform") or {}).get("cpuArchitecture") == "ARM64" else "x86"
        )
        vcpu = monthly(f"fargate.{processor}.vcpu_hour", service.region)
        gigabyte = monthly(f"fargate.{processor}.gb_hour", service.region)
        costs: list[Decimal | None] = [
            vcpu * units / 1024 + gigabyte * size_mb / 1024 if vcpu is not None and gigabyte is not None else None
            for units, size_mb in ((cpu, memory), (bigger[0], max(bigger[1], memory)))
        ]
        seen = f"{cpu} CPU units, {memory} MB; the next is {bigger[0]} and {max(bigger[1], memory)} MB, "
        yield ok(f"size of a task of {service.name}", f"{seen}{_more(*costs)} a task", address=service.address)


def in_words(activities: Sequence[dict[str, Any]]) -> str:
    """What scaling did, the newest first."""
    if not activities:
        return "it did nothing in the last hour"
    newest = sorted(activities, key=lambda one: str(one["StartTime"]), reverse=True)[:_SHOWN]
    told = "; ".join(f"{shown(one['StartTime'])} {one['Description']}: {one['StatusCode'].lower()}" for one in newest)
    return f"{len(activities)} times in the last hour: {told}"


def _loads(examination: Examination, cluster: str, service: str, region: str) -> list[Load]:
    client = examination.client("cloudwatch", region)
    base = [{"Name": "ClusterName", "Value": cluster}, {"Name": "ServiceName", "Value": service}]
    with examination.live.asking(f"the CPU of {service}"):
        tasks = [
            one["Dimensions"]
            for page in client.get_paginator("list_metrics").paginate(
                Namespace="ECS/ContainerInsights",
                MetricName="TaskCpuUtilization",
                Dimensions=base,
                # Without it, tasks of the last two weeks are listed.
                RecentlyActive="PT3H",
            )
            for one in page["Metrics"]
            if any(each["Name"] == "TaskId" for each in one["Dimensions"])
        ]
        asked = [("ECS/ContainerInsights", "TaskCpuUtilization", each, _task(each)) for each in tasks]
        found = []
        for namespace, metric, dimensions, what in asked or [("AWS/ECS", "CPUUtilization", base, "all tasks")]:
            points = client.get_metric_statistics(
                Namespace=namespace,
                MetricName=metric,
                Dimensions=dimensions,
                StartTime=examination.now - _AGE,
                EndTime=examination.now,
                Period=300,
                Statistics=["Average", "Maximum"],
            )["Datapoints"]
            if points:
                mean = sum(float(one["Average"]) for one in points) / len(points)
                found.append(Load(what, mean, max(float(one["Maximum"]) for one in points)))
    return sorted(found, key=lambda load: (-load.mean, load.what))


def _task(dimensions: Sequence[dict[str, str]]) -> str:
    return next((f"task {one['Value']}" for one in dimensions if one["Name"] == "TaskId"), "a task")


def _more(now: Decimal | None, then: Decimal | None) -> str:
    if now is None or then is None:
        return "whose price the table has not (groundplan cost refresh)"
    return f"about {then - now:.2f} USD more a month"


DIAGNOSIS = Diagnosis(
    "high-load",
    "why is the load high",
    ("aws_ecs_service", "aws_db_instance"),
    (
        Part("slow queries", slow_queries),
        Part("CPU", processors),
        Part("scaling", scaling),
        Part("next size", next_size),
    ),
)
