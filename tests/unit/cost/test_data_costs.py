"""What databases, tables, buckets, backups and caches cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support.costs import assume, dollars, lines_of, paid, price, table

PRICES = dollars(
    **{
        # https://aws.amazon.com/rds/postgresql/pricing/, us-east-1
        "rds__postgres__multi_az__db__t4g__micro": "0.032",
        "rds__postgres__single_az__db__t4g__micro": "0.016",
        "rds__storage__gp3__multi_az": "0.23",
        "rds__storage__gp3__single_az": "0.115",
        "rds__storage__gp2__single_az": "0.115",
        "rds__iops__gp3__multi_az": "0.04",
        "rds__throughput__gp3__multi_az": "0.16",
        "rds__backup": "0.095",
        "data_transfer__between_regions": "0.02",
        "cloudwatch__logs__ingested": "0.50",
        "elasticache__redis__cache__t4g__micro": "0.016",
        "elasticache__backup": "0.085",
        "dynamodb__on_demand__read": "0.000000125",
        "dynamodb__on_demand__write": "0.000000625",
        "dynamodb__provisioned__rcu_hour": "0.00013",
        "dynamodb__provisioned__wcu_hour": "0.00065",
        "dynamodb__storage": "0.25",
        "dynamodb__pitr": "0.20",
        "dynamodb__stream_read": "0.0000002",
        "s3__standard__storage": "0.023",
        "s3__request__write": "0.000005",
        "s3__request__read": "0.0000004",
        "s3__replication_time": "0.015",
        "data_transfer__internet_out": "0.09",
        "backup__storage__rds": "0.095",
        "backup__storage__s3": "0.05",
        "backup__restore_test": "1.50",
    }
)
DATABASE = {
    "engine": "postgres",
    "instance_class": "db.t4g.micro",
    "multi_az": True,
    "storage_type": "gp3",
    "allocated_storage": 20,
    "max_allocated_storage": 100,
    "backup_retention_period": 7,
    "identifier": "main",
}


def test_database_with_a_standby_is_paid_at_the_price_for_both() -> None:
    lines = lines_of("aws_db_instance", DATABASE, PRICES, assume({"database.extra_backup_gb": 4}))

    # 730 x 0.032, 20 x 0.23, 4 x 0.095
    assert paid(lines) == {"instance": Decimal("23.36"), "storage": Decimal("4.60"), "backups": Decimal("0.38")}
    assert lines["storage"].assumption == "may grow by itself to 100 GB"


def test_database_in_one_zone_costs_half() -> None:
    lines = lines_of("aws_db_instance", {**DATABASE, "multi_az": False}, PRICES)

    assert paid(lines)["instance"] == Decimal("11.68")


@pytest.mark.parametrize(
    ("size", "iops", "mbps", "parts"),
    [
        (20, 3000, 125, {}),
        (20, 4000, 125, {"operations": Decimal("40.00")}),
        # From 400 GB on, 12,000 operations and 500 MB a second are part of it.
        (400, 12_000, 500, {}),
        (400, 15_000, 600, {"operations": Decimal("120.00"), "throughput": Decimal("16.00")}),
    ],
)
def test_speed_of_a_disk_is_paid_above_what_comes_with_its_size(
    size: int, iops: int, mbps: int, parts: dict[str, Decimal]
) -> None:
    values = {**DATABASE, "allocated_storage": size, "iops": iops, "storage_throughput": mbps}

    found = paid(lines_of("aws_db_instance", values, PRICES))

    assert {part: found[part] for part in ("operations", "throughput") if part in found} == parts


def test_replica_has_the_engine_and_the_size_of_what_it_copies_and_no_backups() -> None:
    replica = {
        "instance_class": "db.t4g.micro",
        "replicate_source_db": "main",
        "storage_type": "gp2",
        "monitoring_interval": 60,
    }

    lines = lines_of(
        "aws_db_instance", replica, PRICES, assume({"database.monitoring_gb": 1}), aws_db_instance__main=DATABASE
    )

    # 730 x 0.016, 20 x 0.115, 1 x 0.50
    assert paid(lines) == {"instance": Decimal("11.68"), "storage": Decimal("2.30"), "monitoring": Decimal("0.50")}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"engine": "mysql"}, "no prices of the engine mysql"),
        ({"storage_type": "io2"}, "no prices of io2 storage"),
        ({"instance_class": "db.x9.large"}, "the price table has no rds.postgres.multi_az.db.x9.large"),
    ],
)
def test_database_without_a_price_is_unknown_and_says_why(change: dict[str, Any], reason: str) -> None:
    lines = lines_of("aws_db_instance", {**DATABASE, **change}, PRICES, assume({"database.extra_backup_gb": 0}))

    assert [line.assumption.partition(";")[0] for line in lines.values() if line.kind == "unknown"] == [reason]


def test_copies_of_backups_are_kept_and_sent() -> None:
    lines = lines_of(
        "aws_db_instance_automated_backups_replication", {}, PRICES, assume({"database.copied_backup_gb": 100})
    )

    assert paid(lines) == {"copies": Decimal("9.50"), "copying": Decimal("2.00")}


def test_cache_pays_for_each_node() -> None:
    values = {"engine": "redis", "node_type": "cache.t4g.micro", "num_cache_clusters": 2, "snapshot_retention_limit": 1}

    lines = lines_of("aws_elasticache_replication_group", values, PRICES, assume({"cache.extra_backup_gb": 1}))

    assert paid(lines) == {"nodes": Decimal("23.36"), "backups": Decimal("0.08")}


TABLE = {"billing_mode": "PAY_PER_REQUEST"}
REQUESTS = {"table.reads": 10_000_000, "table.writes": 1_000_000, "table.gb": 10}


def test_table_on_demand_is_paid_by_requests_and_size() -> None:
    values = {**TABLE, "point_in_time_recovery": [{"enabled": True}]}

    lines = lines_of("aws_dynamodb_table", values, PRICES, assume(REQUESTS))

    assert paid(lines) == {
        "reads": Decimal("1.25"),
        "writes": Decimal("0.62"),
        "storage": Decimal("2.50"),
        "recovery": Decimal("2.00"),
    }


def test_provisioned_table_is_paid_by_capacity_with_its_indexes() -> None:
    index = {"name": "by-date", "read_capacity": 5, "write_capacity": 5}
    values = {
        "billing_mode": "PROVISIONED",
        "read_capacity": 10,
        "write_capacity": 5,
        "global_secondary_index": [index],
    }

    lines = lines_of("aws_dynamodb_table", values, PRICES, assume({"table.gb": 0}))

    # 15 x 730 x 0.00013, 10 x 730 x 0.00065
    assert paid(lines)["read capacity"] == Decimal("1.42")
    assert paid(lines)["write capacity"] == Decimal("4.74")
    assert lines["read capacity"].kind == "fixed"


def test_table_of_two_regions_pays_for_each_write_in_both_and_at_the_other_regions_price() -> None:
    prices = table(
        price("dynamodb.on_demand.read", "0"),
        price("dynamodb.on_demand.replicated_write", "0.000001"),
        price("dynamodb.storage", "0.25"),
        price("dynamodb.pitr", "0.20"),
        price("data_transfer.between_regions", "0.02"),
    )
    there = {
        name: {**prices.by_id[name], "us-west-2": price(name, usd)}
        for name, usd in (
            ("dynamodb.on_demand.replicated_write", "0.000002"),
            ("dynamodb.storage", "0.5"),
            ("dynamodb.pitr", "0.4"),
        )
    }
    prices = type(prices)({**prices.by_id, **there})
    values = {**TABLE, "replica": [{"region_name": "us-west-2", "point_in_time_recovery": True}]}

    lines = lines_of("aws_dynamodb_table", values, prices, assume({**REQUESTS, "table.replicated_gb": 5}))

    assert paid(lines) == {
        "reads": Decimal("0.00"),
        "writes": Decimal("1.00"),
        "writes us-west-2": Decimal("2.00"),
        "storage": Decimal("2.50"),
        "storage us-west-2": Decimal("5.00"),
        "recovery us-west-2": Decimal("4.00"),
        "sent us-west-2": Decimal("0.10"),
    }
    assert lines["storage us-west-2"].region == "us-west-2"


def test_stream_is_free_for_lambda_and_paid_for_others() -> None:
    lines = lines_of(
        "aws_dynamodb_table", {**TABLE, "stream_enabled": True}, PRICES, assume({"table.stream_reads": 10**6})
    )

    assert paid(lines)["stream"] == Decimal("0.20")


def test_bucket_is_paid_by_size_and_requests() -> None:
    usage = assume({"bucket.gb": 100, "bucket.writes": 100_000, "bucket.reads": 1_000_000, "bucket.internet_gb": 1})

    lines = lines_of("aws_s3_bucket", {}, PRICES, usage)

    assert paid(lines) == {
        "storage": Decimal("2.30"),
        "writes": Decimal("0.50"),
        "reads": Decimal("0.40"),
        "internet": Decimal("0.09"),
    }


@pytest.mark.parametrize(("in_time", "parts"), [(True, {"writes", "sent", "in time"}), (False, {"writes", "sent"})])
def test_replication_is_paid_for_the_way_and_for_being_in_time(in_time: bool, parts: set[str]) -> None:
    timed = [{"status": "Enabled" if in_time else "Disabled"}]
    values = {"rule": [{"destination": [{"replication_time": timed}]}]}
    usage = assume({"replication.gb": 100, "replication.writes": 100_000})

    found = paid(lines_of("aws_s3_bucket_replication_configuration", values, PRICES, usage))

    assert set(found) == parts
    assert (found["writes"], found["sent"]) == (Decimal("0.50"), Decimal("2.00"))


def test_backups_are_paid_by_the_kind_of_what_they_keep() -> None:
    arns = ["arn:aws:rds:us-east-1:1:db:main", "arn:aws:s3:::assets-of-us-and-nobody-else"]
    usage = assume({"backup.rds_gb": 100, "backup.s3_gb": 20})

    lines = lines_of("aws_backup_selection", {"resources": arns, "condition": [{"string_equals": []}]}, PRICES, usage)

    assert paid(lines) == {"kept rds": Decimal("9.50"), "kept s3": Decimal("1.00")}


def test_backups_that_are_selected_by_tag_are_unknown() -> None:
    (line,) = lines_of("aws_backup_selection", {"selection_tag": [{"key": "backup"}]}, PRICES).values()

    assert (line.kind, line.lacks) == ("unknown", "plan")


def test_restore_tests_are_paid_by_the_recovery_point() -> None:
    lines = lines_of("aws_backup_restore_testing_selection", {}, PRICES, assume({"backup.restore_tests": 2}))

    assert paid(lines) == {"tests": Decimal("3.00")}
