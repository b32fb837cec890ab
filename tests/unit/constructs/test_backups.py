from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.postgres_database import PostgresDatabase
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.constructs.resource_backup import (
    BackedUp,
    ResourceBackup,
    ResourceBackupProps,
    bucket,
    database,
    table,
)
from cdktf_app.constructs.restore_testing import RestoreTesting, RestoreTestingProps
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.constructs.single_table import SingleTable, SingleTableProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized
from tests.unit.constructs.test_postgres import a_database

BACKED_UP = Input("backed_up")
IF_BACKED_UP = "${var.backed_up ? 1 : 0}"
VAULT = "arn:aws:backup:${var.region}:${var.account_id}:backup-vault:app-${var.environment}-backup"
SNAPSHOTS = "arn:aws:rds:${var.region}:${var.account_id}:snapshot:awsbackup:*"
DATABASE = "arn:aws:rds:${var.region}:${var.account_id}:db:app-${var.environment}-db"
FILL_VAULT = {("FillVault", action, VAULT) for action in ("backup:CopyIntoBackupVault", "backup:DescribeBackupVault")}


def granted(statements: Mapping[str, Mapping[str, Any]]) -> set[tuple[str, str, str]]:
    """Sid, action and resource of all that a document allows."""
    return {
        (sid, action, resource)
        for sid, statement in statements.items()
        for action in statement["actions"]
        for resource in statement["resources"]
    }


def back_up(part: Construct, deployment: Deployment, *backed_up: BackedUp, key: ServiceKey | None = None) -> None:
    props = ResourceBackupProps(deployment=deployment, enabled=BACKED_UP, backed_up=backed_up, kms_key=key)
    ResourceBackup(part, "backup", props=props)


@pytest.fixture
def postgres(part: Construct, deployment: Deployment) -> PostgresDatabase:
    return PostgresDatabase(part, "database", props=a_database(deployment))


def test_backups_exist_only_if_enabled_and_touch_only_their_table(
    part: Construct, deployment: Deployment, synthesize: Callable[[], Synthesized]
) -> None:
    own = SingleTable(part, "table", props=SingleTableProps(deployment=deployment, name="table", ttl_attribute="TTL"))

    back_up(part, deployment, table(own))

    module = synthesize()
    for kind in ("aws_backup_vault", "aws_backup_plan", "aws_backup_selection", "aws_iam_role", "aws_iam_role_policy"):
        assert module.the(kind)["count"] == IF_BACKED_UP
    assert module.the("aws_backup_vault")["force_destroy"] is False
    assert "kms_key_arn" not in module.the("aws_backup_vault")
    assert module.the("aws_backup_selection")["iam_role_arn"] == "${one(aws_iam_role.backup_role[*].arn)}"
    assert module.the("aws_backup_selection")["resources"] == [own.arn]
    assert module.statements("backup_role_permissions")["StartBackups"]["resources"] == [own.arn]


def test_a_plan_fills_its_vault_every_day_and_empties_it_some_day(
    part: Construct, deployment: Deployment, postgres: PostgresDatabase, synthesize: Callable[[], Synthesized]
) -> None:
    back_up(part, deployment, database(postgres))

    module = synthesize()
    assert module.the("aws_backup_vault")["name"] == "app-${var.environment}-backup"
    assert module.the("aws_backup_plan")["rule"] == [
        {
            "rule_name": "daily",
            "target_vault_name": "${one(aws_backup_vault.backup_vault[*].name)}",
            "schedule": "cron(0 5 * * ? *)",
            "lifecycle": {"delete_after": 35},
        }
    ]


def test_the_role_backs_up_this_database_and_this_bucket_only(
    part: Construct, deployment: Deployment, postgres: PostgresDatabase, synthesize: Callable[[], Synthesized]
) -> None:
    files = PrivateBucket(part, "files", props=PrivateBucketProps(deployment=deployment, name="files"))

    back_up(part, deployment, database(postgres), bucket(files, deployment=deployment))

    module = synthesize()
    assert module.the("aws_backup_selection")["resources"] == [DATABASE, files.arn]
    rules = "arn:aws:events:${var.region}:${var.account_id}:rule/AwsBackupManagedRule*"
    allowed = granted(module.statements("backup_role_permissions"))
    assert {(sid, resource) for sid, _, resource in allowed} == {
        ("TakeSnapshots", DATABASE),
        ("TakeSnapshots", SNAPSHOTS),
        ("EndSnapshots", SNAPSHOTS),
        ("FollowBucket", files.arn),
        ("ReadObjects", f"{files.arn}/*"),
        ("FollowChanges", rules),
        ("MeasureBucket", "*"),
        ("FillVault", VAULT),
    }
    assert {action for sid, action, _ in allowed if sid == "EndSnapshots"} == {"rds:DeleteDBSnapshot"}
    assert {action for sid, action, _ in allowed if sid == "MeasureBucket"} == {
        "cloudwatch:GetMetricData",
        "events:ListRules",
    }
    assert not {action for _, action, _ in allowed if action.startswith(("s3:Delete", "s3:PutObject", "rds:Modify"))}
    assert allowed >= FILL_VAULT


def test_a_vault_under_a_key_of_its_own_uses_it_through_aws_backup_alone(
    part: Construct, deployment: Deployment, postgres: PostgresDatabase, synthesize: Callable[[], Synthesized]
) -> None:
    props = ServiceKeyProps(deployment=deployment, name="backup", description="Backups.", enabled="var.backed_up")
    key = ServiceKey(part, "key", props=props)

    back_up(part, deployment, database(postgres), key=key)

    module = synthesize()
    assert module.the("aws_backup_vault")["kms_key_arn"] == "${one(aws_kms_key.key[*].arn)}"
    through_backup = {
        "test": "StringEquals",
        "variable": "kms:ViaService",
        "values": ["backup.${var.region}.amazonaws.com"],
    }
    use = {"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"}
    of_key = module.statements("key_policy")["UseThroughBackup"]
    assert of_key["condition"] == [through_backup]
    assert set(of_key["actions"]) == use
    # A policy takes no null, which the key's ARN is when there are no backups.
    (of_role,) = module.document("backup_role_permissions")["dynamic"]["statement"]
    assert of_role["for_each"] == "${var.backed_up ? [true] : []}"
    assert of_role["content"]["condition"] == [through_backup]
    assert of_role["content"]["resources"] == ["${one(aws_kms_key.key[*].arn)}"]
    assert set(of_role["content"]["actions"]) == use


def test_a_restore_is_tested_every_month_into_a_database_of_its_own(
    part: Construct, deployment: Deployment, postgres: PostgresDatabase, synthesize: Callable[[], Synthesized]
) -> None:
    backups = ResourceBackup(
        part,
        "backup",
        props=ResourceBackupProps(deployment=deployment, enabled=BACKED_UP, backed_up=[database(postgres)]),
    )
    tested = RestoreTestingProps(
        deployment=deployment, name="restore-test", enabled=BACKED_UP, database=postgres, backups=backups
    )
    RestoreTesting(part, "testing", props=tested)

    module = synthesize()
    plan, selection = module.the("aws_backup_restore_testing_plan"), module.the("aws_backup_restore_testing_selection")
    assert plan["count"] == selection["count"] == IF_BACKED_UP
    assert plan["schedule_expression"] == "cron(0 6 1 * ? *)"
    # AWS Backup takes letters, digits and underscores.
    assert plan["name"] == '${replace("app-${var.environment}-restore-test", "-", "_")}'
    assert plan["recovery_point_selection"] == [
        {
            "algorithm": "LATEST_WITHIN_WINDOW",
            "include_vaults": [VAULT],
            "recovery_point_types": ["SNAPSHOT"],
            "selection_window_days": 7,
        }
    ]
    assert selection["protected_resource_arns"] == [DATABASE]
    assert selection["restore_metadata_overrides"] == {"dbSubnetGroupName": "app-${var.environment}-db-subnets"}
    restored = "arn:aws:rds:${var.region}:${var.account_id}:db:awsbackup-restore-test-*"
    ends = {one for one in granted(module.statements("testing_role_permissions")) if one[1] == "rds:DeleteDBInstance"}
    assert ends == {("EndTest", "rds:DeleteDBInstance", restored)}
