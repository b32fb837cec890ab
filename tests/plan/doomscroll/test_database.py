"""The database: PostgreSQL 16 with a standby, its parameters, its windows, its password nowhere in the plan."""

from __future__ import annotations

import re

import pytest
import tftest

from tests.plan.doomscroll.conftest import REQUIRED, SECRETS, Planned
from tests.support.databases import (
    INSTANCE,
    PARAMETERS,
    SUBNETS,
    credentials,
    log_groups,
    parameters,
    primary,
    replicas,
)
from tests.support.planner import BARE, Planner
from tests.support.plans import Plan, Statement
from tests.support.project import REPOSITORY

COPIES, GROUP, KEY = "aws_db_instance_automated_backups_replication", "aws_security_group", "aws_kms_key"
AWAY = "aws.backup"


def suffix(plan: Plan) -> str:
    return str(plan.input("name_suffix") or "")


def identifier(plan: Plan) -> str:
    return f"fckdoomscroll-db{suffix(plan)}"


def on_one_line(error: Exception) -> str:
    """What Terraform said, which it breaks where its line ends."""
    return " ".join(str(error).split())


@pytest.mark.requirement("FD-RDS-01")
def test_database_has_the_documents_name(prod: Plan, dev: Plan, chosen: Plan) -> None:
    assert primary(prod)["identifier"] == "fckdoomscroll-db"
    assert primary(dev)["identifier"] == "fckdoomscroll-db-dev"
    assert primary(chosen)["identifier"] == "fckdoomscroll-db-test"


@pytest.mark.requirement("FD-RDS-02")
def test_database_is_postgresql_16(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, version in ((every, "16"), (minimal, "16"), (chosen, "15.13")):
        assert (primary(plan)["engine"], primary(plan)["engine_version"]) == ("postgres", version)
        assert primary(plan)["auto_minor_version_upgrade"] is True
        assert primary(plan)["apply_immediately"] is False


@pytest.mark.requirement("FD-RDS-03", "FD-RDS-04", "FD-COST-06")
def test_class_of_the_database_is_the_environments_and_of_the_t4g(
    development: Plan, prod: Plan, minimal: Plan, chosen: Plan
) -> None:
    assert primary(development)["instance_class"] == "db.t4g.micro"
    assert primary(prod)["instance_class"] == "db.t4g.small"
    assert primary(minimal)["instance_class"] == minimal.variables["db_instance_class"]["default"] == "db.t4g.small"
    assert primary(chosen)["instance_class"] == "db.m6g.large"


@pytest.mark.requirement("FD-RDS-05", "FD-RDS-06")
def test_database_has_a_standby_in_one_of_both_zones_which_rds_chooses(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        subnets = plan.one(SUBNETS)
        private = {
            each.block: each["availability_zone"] for each in plan.all("aws_subnet") if _is_private(each["tags"])
        }

        assert set(private.values()) == {"us-east-1a", "us-east-1b"}
        assert plan.references(subnets, "subnet_ids") == set(private) | {f"{block}.id" for block in private}
        assert subnets["name"] == f"fckdoomscroll-db-subnets{suffix(plan)}"
        assert plan.referred(primary(plan), "db_subnet_group_name", SUBNETS) == subnets
        # RDS refuses a zone beside a standby, though a plan would take it.
        assert "availability_zone" not in plan.arguments(primary(plan))
    assert primary(every)["multi_az"] is True
    assert primary(chosen)["multi_az"] is False


def _is_private(tags: dict[str, str]) -> bool:
    return tags["Tier"] == "Private"


@pytest.mark.requirement("FD-RDS-07", "FD-RDS-08", "FD-RDS-11")
def test_storage_is_gp3_and_grows_from_20_to_100_gib(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, first, most in ((every, 20, 100), (minimal, 20, 100), (chosen, 500, 900)):
        database = primary(plan)

        assert (database["storage_type"], database["allocated_storage"]) == ("gp3", first)
        assert database["max_allocated_storage"] == most


@pytest.mark.requirement("FD-RDS-09", "FD-RDS-10")
def test_performance_of_the_storage_is_what_is_included_below_400_gib(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan in (every, minimal):
        # Null means unset; what RDS then says is known after the apply.
        assert {primary(plan).values.get(name) for name in ("iops", "storage_throughput")} == {None}
        assert (plan.input("db_iops") or 0, plan.input("db_storage_throughput") or 0) == (0, 0)
    assert (primary(chosen)["iops"], primary(chosen)["storage_throughput"]) == (15000, 600)


@pytest.mark.requirement("FD-RDS-12", "FD-RDS-13", "FD-RDS-14")
def test_backups_and_maintenance_are_at_the_documents_hours(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, days, backup, maintenance in (
        (every, 7, "03:00-04:00", "sun:04:00-sun:05:00"),
        (minimal, 7, "03:00-04:00", "sun:04:00-sun:05:00"),
        (chosen, 21, "01:00-01:30", "mon:02:00-mon:03:00"),
    ):
        database = primary(plan)

        assert database["backup_retention_period"] == days
        assert database["backup_window"] == backup
        assert database["maintenance_window"] == maintenance
        assert database["copy_tags_to_snapshot"] is True


@pytest.mark.requirement("FD-RDS-15")
def test_backups_are_copied_to_a_second_region_only_where_asked_for(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan in (every, minimal):
        assert plan.all(COPIES) == []
        assert [each for each in plan.resources if plan.provider(each) == AWAY] == []
    assert minimal.variables["enable_cross_region_backup"]["default"] is False
    assert minimal.variables["backup_region"]["default"] == "us-west-2"
    assert every.providers[AWAY]["expressions"]["region"] == {"constant_value": "us-west-2"}

    copies = chosen.one(COPIES)
    key = chosen.referred(copies, "kms_key_id", KEY)
    assert chosen.provider(copies) == chosen.provider(key) == AWAY
    assert copies["retention_period"] == chosen.input("db_backup_retention_days") == 21
    assert chosen.references(copies, "source_db_instance_arn") == {
        f"{primary(chosen).block}.arn",
        primary(chosen).block,
    }
    assert chosen.one("aws_kms_alias", name="alias/fckdoomscroll-database-backups-test-us-west-2")
    (use,) = [each for each in chosen.statements(key, "policy") if each.conditions]
    assert use == Statement(
        allows=True,
        actions=frozenset(
            {
                "kms:CreateGrant",
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            }
        ),
        resources=frozenset({"*"}),
        principals=frozenset({("AWS", "arn:aws:iam::111122223333:root")}),
        conditions=frozenset({("StringEquals", "kms:ViaService", "rds.us-west-2.amazonaws.com")}),
    )


@pytest.mark.requirement("FD-RDS-15", "FD-VPC-03")
def test_nothing_but_copies_of_backups_and_their_key_is_in_the_second_region(
    every: Plan, stepping: Plan, chosen: Plan
) -> None:
    of_copies = {"aws_db_instance_automated_backups_replication", "aws_kms_alias", "aws_kms_key"}

    for plan, there in ((every, set()), (stepping, set()), (chosen, of_copies)):
        away = [each for each in plan.resources if plan.provider(each) == AWAY]
        assert {each.type for each in away} == there
        assert all(each.block.partition(".")[2].startswith("backup") for each in away)
        assert {plan.provider(each) for each in plan.resources} <= {"aws", AWAY}


@pytest.mark.requirement("FD-RDS-12", "FD-RDS-15")
def test_copies_are_kept_for_a_week_by_default(plan: Planned) -> None:
    copied = plan(BARE, **REQUIRED, enable_cross_region_backup=True)

    assert copied.one(COPIES)["retention_period"] == 7


@pytest.mark.requirement("FD-RDS-16")
def test_storage_is_encrypted_with_the_key_of_rds(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        for database in plan.all(INSTANCE):
            assert database["storage_encrypted"] is True
            assert "kms_key_id" not in plan.arguments(database)


@pytest.mark.requirement("FD-RDS-17", "FD-RDS-23", "FD-RDS-24", "FD-RDS-25")
def test_parameters_are_the_documents_and_demand_tls(every: Plan, chosen: Plan) -> None:
    for plan, family, connections in ((every, "postgres16", "100"), (chosen, "postgres15", "250")):
        group = plan.one(PARAMETERS)

        assert group["family"] == family
        assert group["name"] == f"fckdoomscroll-db-{family}{suffix(plan)}"
        assert parameters(plan) == [
            ("log_min_duration_statement", "1000", "immediate"),
            ("log_statement", "ddl", "immediate"),
            ("max_connections", connections, "pending-reboot"),
            ("rds.force_ssl", "1", "pending-reboot"),
        ]
        for database in plan.all(INSTANCE):
            assert plan.referred(database, "parameter_group_name", PARAMETERS) == group
            assert database["ca_cert_identifier"] == "rds-ca-rsa2048-g1"


@pytest.mark.requirement("FD-RDS-18")
def test_deletion_is_refused_where_somebody_works_with_it(dev: Plan, prod: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan in (dev, prod, minimal):
        assert primary(plan)["deletion_protection"] is True
    assert minimal.variables["deletion_protection"]["default"] is True
    assert primary(chosen)["deletion_protection"] is False
    assert (primary(prod)["skip_final_snapshot"], primary(chosen)["skip_final_snapshot"]) == (False, True)
    assert primary(prod)["final_snapshot_identifier"] == "fckdoomscroll-db-final"


@pytest.mark.requirement("FD-RDS-19", "FD-RDS-20", "FD-RDS-21")
def test_name_port_and_user_are_the_documents(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        assert primary(plan)["db_name"] == "fckdoomscroll"
        assert primary(plan)["port"] == 5432
        assert primary(plan)["username"] == "fckadmin"


@pytest.mark.requirement("FD-RDS-22")
def test_password_is_given_without_standing_in_the_plan(every: Plan, chosen: Plan, planner: Planner) -> None:
    for plan, version in ((every, 1), (chosen, 3)):
        database = primary(plan)

        assert database.values.get("password") is None
        assert database.values.get("password_wo") is None
        assert database["password_wo_version"] == version
        assert plan.references(database, "password_wo") == {"var.db_password"}
        assert not {"password", "manage_master_user_password"} & plan.arguments(database)
        assert credentials(plan) == []
        for secret in SECRETS.values():
            assert plan.places_of(secret) == frozenset()
    (declared,) = re.findall(r'^variable "db_password" {\n(.*?)^}', planner.sources("doomscroll"), re.M | re.S)
    assert re.findall(r"^  (ephemeral|nullable|sensitive) += (\w+)$", declared, re.M) == [
        ("nullable", "false"),
        ("sensitive", "true"),
        ("ephemeral", "true"),
    ]


@pytest.mark.requirement("FD-RDS-22")
@pytest.mark.parametrize("env", ["dev", "prod", "local"])
def test_roots_pass_the_secrets_on_without_keeping_them(env: str) -> None:
    root = REPOSITORY / "envs" / env / "doomscroll"
    variables = (root / "variables.tf").read_text("utf-8")
    values = (root / "terraform.tfvars").read_text("utf-8")

    for name in SECRETS:
        (declared,) = re.findall(rf'^variable "{name}" {{\n(.*?)^}}', variables, re.M | re.S)
        assert re.search(r"^  ephemeral +?= true$", declared, re.M), declared
        assert re.search(r"^  sensitive +?= true$", declared, re.M), declared
        assert "default" not in declared
        # On the emulator there is nothing to protect.
        assert bool(re.search(rf"^{name} *=", values, re.M)) is (env == "local")


@pytest.mark.requirement("FD-RDS-22", "FD-SEC-M3")
@pytest.mark.parametrize("missing", SECRETS)
def test_without_a_secret_there_is_no_plan(planner: Planner, missing: str) -> None:
    given = {name: value for name, value in SECRETS.items() if name != missing}

    with pytest.raises(tftest.TerraformTestError) as error:
        planner.plan("prod", "doomscroll", **given)

    assert f'"{missing}" is not set' in str(error.value)


@pytest.mark.requirement("FD-RDS-22", "FD-SEC-M3")
def test_bad_secrets_are_refused_without_being_shown(plan: Planned) -> None:
    short, bad = "nineteen-characters", "thirty-one-characters-as-secret"
    assert (len(short), len(bad)) == (19, 31)

    with pytest.raises(tftest.TerraformTestError) as error:
        plan("prod", db_password=short, session_secret=bad)

    said = on_one_line(error.value)
    assert "The password must be 20 to 128 letters, digits and signs" in said
    assert "The session secret must be 32 to 4096 characters" in said
    assert not {short, bad} & set(said.split())


@pytest.mark.requirement("FD-RDS-22")
@pytest.mark.parametrize("sign", ["/", "@", '"', " "])
def test_signs_that_rds_does_not_take_are_refused(plan: Planned, sign: str) -> None:
    with pytest.raises(tftest.TerraformTestError) as error:
        plan(BARE, **{**REQUIRED, "db_password": f"tests-only-012345{sign}6789-password"})

    assert "without / @ quotes and spaces" in on_one_line(error.value)


@pytest.mark.requirement("FD-RDS-26")
def test_there_is_no_option_group(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        assert "aws_db_option_group" not in plan.types()
        assert not [each for each in plan.all(INSTANCE) if "option_group_name" in plan.arguments(each)]


@pytest.mark.requirement("FD-RDS-27")
def test_only_its_group_reaches_the_database_which_is_not_on_the_internet(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        group = plan.one(GROUP, name="rds-sg")

        for database in plan.all(INSTANCE):
            assert database["publicly_accessible"] is False
            assert plan.references(database, "vpc_security_group_ids") == {f"{group.block}.id", group.block}


@pytest.mark.requirement("FD-RDS-28")
def test_replicas_are_made_where_asked_for(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan in (every, minimal):
        assert replicas(plan) == []
    assert minimal.variables["read_replica_count"]["default"] == 0
    assert [each["identifier"] for each in replicas(chosen)] == [
        f"fckdoomscroll-db-replica-{number}-test" for number in (1, 2)
    ]
    for replica in replicas(chosen):
        assert chosen.referred(replica, "replicate_source_db", INSTANCE) == primary(chosen)
        assert replica["replicate_source_db"] == identifier(chosen)
        assert replica["instance_class"] == "db.m6g.large"


@pytest.mark.requirement("FD-SEC-04")
def test_log_of_the_database_is_in_cloudwatch_and_ends(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        instances = plan.all(INSTANCE)

        assert {tuple(each["enabled_cloudwatch_logs_exports"]) for each in instances} == {("postgresql",)}
        # Made before RDS would make it, without an end.
        assert log_groups(plan) == {
            f"/aws/rds/instance/{each['identifier']}/postgresql": plan.input("log_retention_days") for each in instances
        }
        assert plan.awaited(primary(plan)) == {"aws_cloudwatch_log_group.database_log"}


@pytest.mark.requirement("FD-RDS-09", "FD-RDS-10", "FD-RDS-13", "FD-RDS-14")
@pytest.mark.parametrize(
    ("values", "refusals"),
    [
        (
            {"db_iops": 3000, "db_storage_throughput": 125, "db_maintenance_window": "sun:03:30-sun:04:30"},
            [
                "db_iops must be 0 below 400 GiB",
                "db_storage_throughput must be 0 below 400 GiB",
                "must not overlap with the daily db_backup_window",
            ],
        ),
        (
            {
                "db_allocated_storage": 400,
                "db_max_allocated_storage": 1000,
                "db_iops": 11999,
                "db_storage_throughput": 4001,
            },
            ["db_iops must be 0 or from 12000 to 64000", "db_storage_throughput must be 0 or from 500 to 4000"],
        ),
    ],
)
def test_what_rds_would_refuse_is_refused_before(plan: Planned, values: dict[str, object], refusals: list[str]) -> None:
    with pytest.raises(tftest.TerraformTestError) as error:
        plan(BARE, **REQUIRED, **values)

    said = on_one_line(error.value)
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


@pytest.mark.requirement("FD-RDS-07", "FD-RDS-09", "FD-RDS-10", "FD-RDS-11", "FD-RDS-14", "FD-RDS-18", "FD-RDS-28")
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
