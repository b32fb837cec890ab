from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.postgres_database import (
    LOGIN_VARIABLES,
    DatabaseStorage,
    GivenPassword,
    PostgresDatabase,
    PostgresDatabaseProps,
)
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized


def a_database(deployment: Deployment) -> PostgresDatabaseProps:
    return PostgresDatabaseProps(
        deployment=deployment,
        name="db",
        engine_version=Input("engine_version"),
        instance_class="db.t4g.micro",
        storage=DatabaseStorage(type="gp3", first=20, most=100),
        database="app",
        username="owner",
        password=GivenPassword(value=Input("password"), version=Input("password_version")),
        subnet_ids=["subnet-a", "subnet-b"],
        subnet_description="Both zones",
        security_group_ids=["sg-db"],
        max_connections="100",
        multi_az=True,
        backup_days=7,
        backup_window="03:00-04:00",
        maintenance_window="sun:04:00-sun:05:00",
        replicas=Input("replicas"),
        logs=LogSettings(retention_days=30),
        deletion_protection=True,
        final_snapshot=Input("final_snapshot"),
    )


@pytest.fixture
def props(deployment: Deployment) -> PostgresDatabaseProps:
    return a_database(deployment)


def test_a_database_is_closed_encrypted_and_kept_by_default(
    part: Construct, props: PostgresDatabaseProps, synthesize: Callable[[], Synthesized]
) -> None:
    database = PostgresDatabase(part, "database", props=props)

    instance = synthesize().resource("aws_db_instance", "database")
    assert instance["identifier"] == database.identifier == "app-${var.environment}-db"
    assert database.arn == "arn:aws:rds:${var.region}:${var.account_id}:db:app-${var.environment}-db"
    assert instance["publicly_accessible"] is False
    assert instance["storage_encrypted"] is True
    assert instance["skip_final_snapshot"] == "${!var.final_snapshot}"
    assert instance["final_snapshot_identifier"] == "app-${var.environment}-db-final"
    assert instance["lifecycle"] == {"prevent_destroy": True}
    # RDS refuses a zone beside a standby, and figures of gp3 that are small.
    assert not {"availability_zone", "iops", "storage_throughput", "kms_key_id", "option_group_name"} & instance.keys()


def test_the_password_is_given_write_only_and_with_it_the_login(
    part: Construct, props: PostgresDatabaseProps, synthesize: Callable[[], Synthesized]
) -> None:
    database = PostgresDatabase(part, "database", props=props)

    instance = synthesize().resource("aws_db_instance", "database")
    assert instance["password_wo"] == "${var.password}"
    assert instance["password_wo_version"] == "${var.password_version}"
    # RDS makes no replica of an instance whose password it keeps.
    assert not {"password", "manage_master_user_password"} & instance.keys()
    assert database.login == {
        "username": "owner",
        "password": "var.password",
        "host": "${aws_db_instance.database.address}",
        "port": 5432,
        "dbname": "app",
    }
    assert set(LOGIN_VARIABLES.values()) == database.login.keys()


def test_parameters_are_of_the_major_version_and_always_demand_tls(
    part: Construct, props: PostgresDatabaseProps, synthesize: Callable[[], Synthesized]
) -> None:
    PostgresDatabase(part, "database", props=replace(props, parameters={"log_statement": "ddl"}))

    group = synthesize().the("aws_db_parameter_group")
    major = '${split(".", var.engine_version)[0]}'
    assert group["family"] == f"postgres{major}"
    # The group of a new major version exists beside the old one until the instance has moved.
    assert group["name"] == f"app-${{var.environment}}-db-postgres{major}"
    assert group["lifecycle"] == {"create_before_destroy": True}
    assert group["parameter"] == [
        {"name": "max_connections", "value": "100", "apply_method": "pending-reboot"},
        {"name": "rds.force_ssl", "value": "1", "apply_method": "pending-reboot"},
        {"name": "log_statement", "value": "ddl", "apply_method": "immediate"},
    ]


def test_replicas_are_like_the_database_and_keep_nothing_of_their_own(
    part: Construct, props: PostgresDatabaseProps, synthesize: Callable[[], Synthesized]
) -> None:
    database = PostgresDatabase(part, "database", props=props)

    module = synthesize()
    primary, replica = (module.resource("aws_db_instance", f"database{name}") for name in ("", "_replica"))
    assert replica["count"] == "${var.replicas}"
    assert replica["identifier"] == "app-${var.environment}-db-replica-${count.index + 1}"
    assert replica["replicate_source_db"] == "${aws_db_instance.database.identifier}"
    assert replica["deletion_protection"] is False
    assert replica["skip_final_snapshot"] is True
    assert "lifecycle" not in replica
    for name in (
        "instance_class",
        "storage_type",
        "storage_encrypted",
        "ca_cert_identifier",
        "parameter_group_name",
        "vpc_security_group_ids",
        "publicly_accessible",
        "maintenance_window",
        "enabled_cloudwatch_logs_exports",
    ):
        assert replica[name] == primary[name], name
    assert database.replica_endpoints is not None
    assert database.replica_identifiers == (
        '[for index in range(var.replicas) : "app-${var.environment}-db-replica-${index + 1}"]'
    )


def test_the_log_has_a_group_with_an_end_before_rds_makes_one_without(
    part: Construct, props: PostgresDatabaseProps, synthesize: Callable[[], Synthesized]
) -> None:
    suffixed = replace(props, deployment=replace(props.deployment, prefix="app", suffix="-dev"))
    PostgresDatabase(part, "database", props=suffixed)

    module = synthesize()
    groups = module.all("aws_cloudwatch_log_group")
    assert {name: group["name"] for name, group in groups.items()} == {
        "database_log": "/aws/rds/instance/app-db-dev/postgresql",
        "database_replica_log": "/aws/rds/instance/app-db-replica-${count.index + 1}-dev/postgresql",
    }
    assert {group["retention_in_days"] for group in groups.values()} == {30}
    assert "count" not in groups["database_log"]
    assert groups["database_replica_log"]["count"] == "${var.replicas}"
    for name, log in (("database", "database_log"), ("database_replica", "database_replica_log")):
        instance = module.resource("aws_db_instance", name)
        assert instance["enabled_cloudwatch_logs_exports"] == ["postgresql"]
        assert instance["depends_on"] == [f"aws_cloudwatch_log_group.{log}"]


def test_an_observed_database_has_a_role_for_its_own_figures(
    part: Construct, props: PostgresDatabaseProps, synthesize: Callable[[], Synthesized]
) -> None:
    PostgresDatabase(part, "database", props=replace(props, observed=True))

    module = synthesize()
    for name in ("database", "database_replica"):
        instance = module.resource("aws_db_instance", name)
        assert instance["performance_insights_enabled"] is True
        assert instance["performance_insights_retention_period"] == 7
        assert instance["monitoring_interval"] == 60
        assert instance["monitoring_role_arn"] == "${aws_iam_role.database_monitoring.arn}"
    trust = module.statements("database_monitoring_trust")["Assume"]
    assert trust["principals"] == [{"type": "Service", "identifiers": ["monitoring.rds.amazonaws.com"]}]
    own = "arn:aws:rds:${var.region}:${var.account_id}:db:app-${var.environment}-db"
    assert trust["condition"] == [
        {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["${var.account_id}"]},
        {"test": "ArnLike", "variable": "aws:SourceArn", "values": [own, f"{own}-replica-*"]},
    ]
    group = "arn:aws:logs:${var.region}:${var.account_id}:log-group:RDSOSMetrics"
    allowed = module.statements("database_monitoring_permissions").values()
    assert [statement["resources"] for statement in allowed] == [[group], [f"{group}:log-stream:*"]]


def test_figures_of_the_storage_are_left_out_where_they_are_zero(
    part: Construct, props: PostgresDatabaseProps, synthesize: Callable[[], Synthesized]
) -> None:
    storage = replace(props.storage, iops=Input("iops"), throughput=Input("throughput"))
    PostgresDatabase(part, "database", props=replace(props, storage=storage))

    instance = synthesize().resource("aws_db_instance", "database")
    assert instance["iops"] == "${var.iops > 0 ? var.iops : null}"
    assert instance["storage_throughput"] == "${var.throughput > 0 ? var.throughput : null}"
