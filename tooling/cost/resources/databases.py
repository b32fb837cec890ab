"""RDS and ElastiCache."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from tooling.cost.amount import HOURS, Amount
from tooling.cost.component import Component, Pricer, only, unpriced
from tooling.cost.estate import Resource, decimal

RDS, CACHE, CLOUDWATCH, TRANSFER = (
    "Amazon Relational Database Service",
    "Amazon ElastiCache",
    "AmazonCloudWatch",
    "AWS Data Transfer",
)
# What gp3 comes with, for PostgreSQL: below 400 GB, and from there on.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
_STRIPED_FROM_GB = 400
_SMALL, _STRIPED = (3000, 125), (12000, 500)
_FREE_INSIGHTS_DAYS = 7


def database(item: Resource) -> Iterator[Component]:
    source = _source(item)
    engine = item.get("engine") or (source.get("engine") if source else None)
    if engine != "postgres":
        yield unpriced("instance", RDS, f"no prices of the engine {engine or 'that is known only after apply'}")
        return
    zones = "multi_az" if item.get("multi_az", False) else "single_az"
    kind = item.required("instance_class")
    what = f"{kind}, {'Multi-AZ' if zones == 'multi_az' else 'one zone'}"
    yield only(RDS, "instance", f"rds.postgres.{zones}.{kind}", HOURS, what, "on demand, all month")
    yield from _storage(item, source or item, zones)
    if source is None and item.get("backup_retention_period", 0):
        extra = item.assume("database.extra_backup_gb")
        yield only(RDS, "backups", "rds.backup", extra, "automated backups beyond the size of the database")
    if item.get("monitoring_interval", 0):
        logs = item.assume("database.monitoring_gb")
        yield only(CLOUDWATCH, "monitoring", "cloudwatch.logs.ingested", logs, "enhanced monitoring")
    if item.get("performance_insights_enabled", False):
        days = item.get("performance_insights_retention_period", _FREE_INSIGHTS_DAYS)
        if decimal(days) > _FREE_INSIGHTS_DAYS:
            yield unpriced("insights", RDS, f"no prices of Performance Insights kept for {days} days")


def _source(item: Resource) -> Resource | None:
    """The database that a replica copies."""
    if not item.planned.values.get("replicate_source_db") and not item.planned.expressions.get("replicate_source_db"):
        return None
    return next(iter(item.related("replicate_source_db", "aws_db_instance")), None)


def _storage(item: Resource, sized: Resource, zones: str) -> Iterator[Component]:
    kind = item.get("storage_type") or sized.get("storage_type", "gp2")
    if kind not in ("gp2", "gp3"):
        yield unpriced("storage", RDS, f"no prices of {kind} storage")
        return
    size = item.number("allocated_storage") if item.get("allocated_storage") else sized.number("allocated_storage")
    grows = item.get("max_allocated_storage", 0)
    remark = f"may grow by itself to {grows} GB" if grows else ""
    yield only(RDS, "storage", f"rds.storage.{kind}.{zones}", size, f"storage {kind}", remark)
    if kind == "gp3":
        striped = size.value is not None and size.value >= _STRIPED_FROM_GB
        iops, mbps = _STRIPED if striped else _SMALL
        more = max(decimal(item.get("iops") or 0) - iops, Decimal())
        if more:
            yield only(RDS, "operations", f"rds.iops.gp3.{zones}", more, f"operations a second above {iops}")
        more = max(decimal(item.get("storage_throughput") or 0) - mbps, Decimal())
        if more:
            yield only(RDS, "throughput", f"rds.throughput.gp3.{zones}", more, f"MB a second above {mbps}")


def copied_backups(item: Resource) -> Iterator[Component]:
    copied = item.assume("database.copied_backup_gb")
    yield only(RDS, "copies", "rds.backup", copied, "automated backups in the second region")
    yield only(TRANSFER, "copying", "data_transfer.between_regions", copied, "backups sent to the second region")


def cache(item: Resource) -> Iterator[Component]:
    nodes = _nodes(item)
    engine, kind = item.get("engine", "redis"), item.required("node_type")
    yield only(CACHE, "nodes", f"elasticache.{engine}.{kind}", nodes * HOURS, f"nodes {kind}", "on demand, all month")
    if item.get("snapshot_retention_limit", 0):
        extra = item.assume("cache.extra_backup_gb")
        yield only(CACHE, "backups", "elasticache.backup", extra, "snapshots beyond the free one")


def _nodes(item: Resource) -> Amount:
    if item.get("num_cache_clusters") is not None:
        return item.number("num_cache_clusters")
    return item.number("num_node_groups", 1) * (item.number("replicas_per_node_group", 0) + 1)


PRICED: Mapping[str, Pricer] = {
    "aws_db_instance": database,
    "aws_db_instance_automated_backups_replication": copied_backups,
    "aws_elasticache_replication_group": cache,
}
