"""The database: PostgreSQL with a standby, encrypted, watched, copied for readers, its password in a secret."""

from __future__ import annotations

import re

import pytest
import tftest

from tests.plan.solemate.conftest import REQUIRED, SECRETS, Planned
from tests.support.databases import (
    INSTANCE,
    PARAMETERS,
    SUBNETS,
    credentials,
    log_groups,
    parameters,
    primary,
    replicas,
    secret_content,
)
from tests.support.planner import BARE, Planner
from tests.support.plans import Plan, Resource, Statement

GROUP = "aws_security_group"
SECRET = "aws_secretsmanager_secret"
ROLE, ROLE_POLICY = "aws_iam_role", "aws_iam_role_policy"


def identifier(plan: Plan) -> str:
    return f"solemate-{plan.input('environment')}-db"


def version(plan: Plan) -> Resource:
    """What the one secret holds."""
    found = plan.one("aws_secretsmanager_secret_version")
    assert plan.referred(found, "secret_id", SECRET)["name"] == f"solemate-{plan.input('environment')}/database"
    return found


@pytest.mark.requirement("SM-FR2-01")
def test_database_is_postgresql_with_a_standby(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        assert primary(plan)["engine"] == "postgres"
        assert primary(plan)["identifier"] == identifier(plan)
        assert primary(plan)["port"] == 5432
        # RDS refuses a zone beside a standby, though a plan would take it.
        assert "availability_zone" not in plan.arguments(primary(plan))
    assert primary(every)["multi_az"] is True
    assert primary(chosen)["multi_az"] is False


@pytest.mark.requirement("SM-RDS-01")
def test_version_is_the_documents_by_default_and_one_that_rds_creates_everywhere(
    every: Plan, chosen: Plan, minimal: Plan
) -> None:
    # Refused unless another is given (test_what_rds_would_refuse_is_refused_before).
    assert minimal.variables["engine_version"]["default"] == "15.4"
    assert primary(every)["engine_version"] == every.input("engine_version") == "15"
    assert primary(chosen)["engine_version"] == "16.9"
    for plan in (every, chosen, minimal):
        assert primary(plan)["auto_minor_version_upgrade"] is True
        assert primary(plan)["apply_immediately"] is False


@pytest.mark.requirement("SM-FR2-02", "SM-RDS-04")
def test_a_week_of_backups_is_kept_with_the_databases_tags(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan in (every, minimal):
        database = primary(plan)

        assert database["backup_retention_period"] == 7
        assert database["backup_window"] == "03:00-04:00"
        assert database["maintenance_window"] == "sun:04:30-sun:05:30"
        assert database["copy_tags_to_snapshot"] is True
    assert primary(chosen)["backup_retention_period"] == 21
    assert primary(chosen)["backup_window"] == "01:00-01:30"
    assert primary(chosen)["maintenance_window"] == "mon:02:00-mon:03:00"


@pytest.mark.requirement("SM-FR2-02")
def test_production_leaves_a_snapshot_when_it_is_destroyed(prod: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan in (prod, minimal):
        assert primary(plan)["skip_final_snapshot"] is False
        assert primary(plan)["final_snapshot_identifier"] == f"{identifier(plan)}-final"
    assert primary(chosen)["skip_final_snapshot"] is True


@pytest.mark.requirement("SM-FR2-03")
def test_storage_is_encrypted_with_the_key_of_rds(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        for database in plan.all(INSTANCE):
            assert database["storage_encrypted"] is True
            assert "kms_key_id" not in plan.arguments(database)


@pytest.mark.requirement("SM-FR2-04", "SM-FR2-06")
def test_parameters_are_of_the_major_version_and_demand_tls(every: Plan, chosen: Plan) -> None:
    for plan, family, connections in ((every, "postgres15", "100"), (chosen, "postgres16", "250")):
        group = plan.one(PARAMETERS)

        assert group["family"] == family
        assert group["name"] == f"{identifier(plan)}-{family}"
        assert parameters(plan) == [
            ("max_connections", connections, "pending-reboot"),
            ("rds.force_ssl", "1", "pending-reboot"),
        ]
        for database in plan.all(INSTANCE):
            assert plan.referred(database, "parameter_group_name", PARAMETERS) == group
            assert database["ca_cert_identifier"] == "rds-ca-rsa2048-g1"


@pytest.mark.requirement("SM-FR2-05")
def test_log_of_every_instance_is_in_cloudwatch_and_ends(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        instances = plan.all(INSTANCE)

        assert {tuple(each["enabled_cloudwatch_logs_exports"]) for each in instances} == {("postgresql",)}
        # Made before RDS would make it, without an end.
        assert log_groups(plan) == {
            f"/aws/rds/instance/{each['identifier']}/postgresql": plan.input("log_retention_days") for each in instances
        }
    assert primary(every).block in {"aws_db_instance.database"}
    assert every.awaited(primary(every)) == {"aws_cloudwatch_log_group.database_log"}


@pytest.mark.requirement("SM-FR2-05")
def test_operating_system_is_watched_every_minute_in_a_role_of_its_own(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        role = plan.referred(primary(plan), "monitoring_role_arn", ROLE)
        (policy,) = [each for each in plan.all(ROLE_POLICY) if plan.referred(each, "role", ROLE) == role]
        account = plan.input("account_id")
        instances = f"arn:aws:rds:us-east-1:{account}:db:{identifier(plan)}"
        group = f"arn:aws:logs:us-east-1:{account}:log-group:RDSOSMetrics"

        for database in plan.all(INSTANCE):
            assert database["monitoring_interval"] == 60
            assert plan.referred(database, "monitoring_role_arn", ROLE) == role
        assert role["name"] == f"{identifier(plan)}-monitoring"
        assert plan.statements(role, "assume_role_policy") == [
            Statement(
                allows=True,
                actions=frozenset({"sts:AssumeRole"}),
                resources=frozenset(),
                principals=frozenset({("Service", "monitoring.rds.amazonaws.com")}),
                conditions=frozenset(
                    {
                        ("StringEquals", "aws:SourceAccount", account),
                        ("ArnLike", "aws:SourceArn", instances),
                        ("ArnLike", "aws:SourceArn", f"{instances}-replica-*"),
                    }
                ),
            )
        ]
        statements = plan.statements(policy, "policy")
        assert all(each.allows and not each.conditions for each in statements)
        assert {grant for each in statements for grant in each.grants} == {
            ("logs:CreateLogGroup", group),
            ("logs:PutRetentionPolicy", group),
            ("logs:CreateLogStream", f"{group}:log-stream:*"),
            ("logs:DescribeLogStreams", f"{group}:log-stream:*"),
            ("logs:GetLogEvents", f"{group}:log-stream:*"),
            ("logs:PutLogEvents", f"{group}:log-stream:*"),
        }


@pytest.mark.requirement("SM-FR2-07", "SM-RDS-07")
def test_database_has_the_databases_group_and_no_other(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        group = plan.one(GROUP, name=f"solemate-{plan.input('environment')}-database")

        for database in plan.all(INSTANCE):
            assert plan.references(database, "vpc_security_group_ids") == {f"{group.block}.id", group.block}


@pytest.mark.requirement("SM-RDS-03", "SM-RDS-06")
def test_database_is_in_both_private_subnets_and_not_on_the_internet(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        subnets = plan.one(SUBNETS)
        private = {each.block for each in plan.all("aws_subnet") if each["tags"]["Tier"] == "Private"}

        assert subnets["description"] == "Subnet group for database"
        assert subnets["name"] == f"{identifier(plan)}-subnets"
        assert len(private) == 2
        assert plan.references(subnets, "subnet_ids") == private | {f"{block}.id" for block in private}
        assert plan.referred(primary(plan), "db_subnet_group_name", SUBNETS) == subnets
        assert {each["publicly_accessible"] for each in plan.all(INSTANCE)} == {False}


@pytest.mark.requirement("SM-FR2-08")
def test_production_has_one_replica_to_read_from(prod: Plan, staging: Plan, chosen: Plan, minimal: Plan) -> None:
    assert [len(replicas(plan)) for plan in (prod, staging, minimal, chosen)] == [1, 0, 0, 2]
    for plan in (prod, chosen):
        assert len(replicas(plan)) == plan.input("read_replica_count")
        for number, replica in enumerate(replicas(plan), start=1):
            assert replica["identifier"] == f"{identifier(plan)}-replica-{number}"
            assert plan.referred(replica, "replicate_source_db", INSTANCE) == primary(plan)
            assert replica["replicate_source_db"] == identifier(plan)
            assert replica["instance_class"] == plan.input("db_instance_class")
            assert replica["deletion_protection"] is False
            assert replica["skip_final_snapshot"] is True


@pytest.mark.requirement("SM-RDS-02", "SM-ENV-05", "SM-ENV-11")
def test_class_of_the_database_is_the_environments(staging: Plan, prod: Plan, minimal: Plan, chosen: Plan) -> None:
    assert primary(staging)["instance_class"] == "db.t3.micro"
    assert primary(prod)["instance_class"] == "db.t3.small"
    assert primary(minimal)["instance_class"] == minimal.variables["db_instance_class"]["default"] == "db.t3.micro"
    assert primary(chosen)["instance_class"] == "db.m6g.large"


@pytest.mark.requirement("SM-RDS-05")
def test_deletion_protection_is_off_but_in_production(removable: Plan, prod: Plan, minimal: Plan, chosen: Plan) -> None:
    assert primary(removable)["deletion_protection"] is False
    assert primary(minimal)["deletion_protection"] is minimal.variables["deletion_protection"]["default"] is False
    for plan in (prod, chosen):
        assert primary(plan)["deletion_protection"] is plan.input("deletion_protection") is True


@pytest.mark.requirement("SM-RDS-08", "SM-RDS-09", "SM-RDS-10")
def test_storage_is_gp2_and_grows_from_20_to_100_gib(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, first, most in ((every, 20, 100), (minimal, 20, 100), (chosen, 50, 500)):
        database = primary(plan)

        assert (database["storage_type"], database["allocated_storage"]) == ("gp2", first)
        assert database["max_allocated_storage"] == most
        assert not {"iops", "storage_throughput"} & plan.arguments(database)


@pytest.mark.requirement("SM-RDS-11", "SM-RDS-12")
def test_performance_insights_keep_a_week(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        for database in plan.all(INSTANCE):
            assert database["performance_insights_enabled"] is True
            assert database["performance_insights_retention_period"] == 7


@pytest.mark.requirement("SM-RDS-13")
def test_root_hands_out_where_the_database_is_and_where_its_password_is(every: Plan, planner: Planner) -> None:
    outputs = re.split(r'^output "', planner.sources("solemate"), flags=re.MULTILINE)
    sensitive = {each.partition('"')[0] for each in outputs[1:] if re.search(r"^  sensitive += true$", each, re.M)}

    assert every.output_names >= {"db_endpoint", "db_replica_endpoints", "db_secret_arn"}
    assert every.output_references("db_endpoint") == {"aws_db_instance.database.endpoint", "aws_db_instance.database"}
    assert every.output_references("db_replica_endpoints") == {"aws_db_instance.database_replica"}
    assert every.output_references("db_secret_arn") == {f"{version(every).block}.arn", version(every).block}
    assert "db_secret_arn" in sensitive
    assert not {"db_endpoint", "db_replica_endpoints"} & sensitive


@pytest.mark.requirement("SM-FR5-02")
def test_secret_says_how_to_connect_and_changes_with_the_password(every: Plan, chosen: Plan, planner: Planner) -> None:
    fields = secret_content(planner.sources("solemate"), "database_secret_version")

    assert fields == {
        "username": "solemate",
        "password": "var.master_password",
        "host": "aws_db_instance.database.address",
        "port": "5432",
        "dbname": "solemate",
    }
    for plan, number in ((every, 1), (chosen, 3)):
        database = primary(plan)
        assert (fields["username"], fields["dbname"]) == (database["username"], database["db_name"])
        assert int(fields["port"]) == database["port"]
        assert plan.references(version(plan), "secret_string_wo") == {
            "var.master_password",
            f"{database.block}.address",
            database.block,
        }
        assert plan.references(database, "password_wo") == {"var.master_password"}
        assert version(plan)["secret_string_wo_version"] == database["password_wo_version"] == number


@pytest.mark.requirement("SM-FR5-02")
def test_password_stands_nowhere_and_leaves_room_for_replicas(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        # RDS would keep one by itself, but makes no replica of such an instance.
        assert not {"password", "manage_master_user_password"} & plan.arguments(primary(plan))
        assert not {"secret_string", "secret_binary"} & plan.arguments(version(plan))
        assert credentials(plan) == []
        assert plan.places_of(SECRETS["master_password"]) == frozenset()


@pytest.mark.requirement("SM-FR5-02")
def test_a_deleted_secret_can_be_had_back_unless_all_of_the_stack_may_go(prod: Plan, removable: Plan) -> None:
    assert prod.one(SECRET)["recovery_window_in_days"] == 30
    assert removable.one(SECRET)["recovery_window_in_days"] == 0


@pytest.mark.requirement("SM-RDS-01", "SM-RDS-02", "SM-RDS-04", "SM-RDS-10")
@pytest.mark.parametrize(
    ("values", "refusals"),
    [
        (
            {
                "engine_version": "12.19",
                "db_instance_class": "t3.micro",
                "db_backup_retention_days": 36,
                "db_maintenance_window": "sunday:04:00-sunday:05:00",
                "db_max_allocated_storage": 21,
            },
            [
                "RDS creates PostgreSQL from 14.18, 15.13, 16.9, 17.5 on",
                "must be one of RDS, with db. before it",
                "db_backup_retention_days must be a whole number from 1 to 35",
                "must be days and hours in UTC",
                "at least a tenth more than db_allocated_storage",
            ],
        ),
        # The document's own.
        ({"engine_version": "15.4"}, ["RDS creates PostgreSQL from 14.18, 15.13, 16.9, 17.5 on"]),
        # A maintenance window is only looked at beside a right backup window.
        ({"db_backup_window": "3:00-4:00"}, ["must be hours of a day in UTC"]),
        ({"db_backup_window": "03:00-03:29"}, ["The backup window must last 30 minutes"]),
        ({"db_maintenance_window": "sun:05:00-sun:05:29"}, ["The maintenance window must last 30 minutes"]),
        ({"db_maintenance_window": "sun:03:30-sun:04:30"}, ["must not overlap with the daily db_backup_window"]),
        # Both run over midnight, and the maintenance over the end of the week.
        (
            {"db_backup_window": "23:45-00:15", "db_maintenance_window": "sun:23:50-mon:00:20"},
            ["must not overlap with the daily db_backup_window"],
        ),
    ],
)
def test_what_rds_would_refuse_is_refused_before(plan: Planned, values: dict[str, object], refusals: list[str]) -> None:
    with pytest.raises(tftest.TerraformTestError) as error:
        plan(BARE, **{**REQUIRED, **values})

    said = " ".join(str(error.value).split())
    assert [refusal for refusal in refusals if refusal not in said] == []


SHARED = (
    "apply_immediately",
    "auto_minor_version_upgrade",
    "ca_cert_identifier",
    "copy_tags_to_snapshot",
    "instance_class",
    "maintenance_window",
    "max_allocated_storage",
    "parameter_group_name",
    "publicly_accessible",
    "storage_encrypted",
    "storage_type",
)


@pytest.mark.requirement("SM-FR2-02", "SM-FR2-06", "SM-FR2-08", "SM-RDS-03", "SM-RDS-08", "SM-RDS-10")
def test_replicas_are_like_the_database_but_protect_nothing(chosen: Plan) -> None:
    database = primary(chosen)

    assert len(replicas(chosen)) == 2
    for replica in replicas(chosen):
        assert {name: replica[name] for name in SHARED} == {name: database[name] for name in SHARED}
        assert replica.values.get("iops") == database.values.get("iops")
        assert replica.values.get("storage_throughput") == database.values.get("storage_throughput")
        assert replica["enabled_cloudwatch_logs_exports"] == ["postgresql"]
        assert (replica["deletion_protection"], replica["skip_final_snapshot"]) == (False, True)
    for one in chosen.all(INSTANCE):
        assert one["parameter_group_name"] == chosen.one(PARAMETERS)["name"]
    assert database["db_subnet_group_name"] == chosen.one(SUBNETS)["name"]
