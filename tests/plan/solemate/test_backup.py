"""Backups of database and assets by AWS Backup, in production."""

from __future__ import annotations

import pytest

from tests.support.buckets import BUCKET
from tests.support.databases import primary
from tests.support.plans import Plan, Statement

BACKUPS, BACKED_UP, VAULT = "aws_backup_plan", "aws_backup_selection", "aws_backup_vault"
KEY, ROLE, ROLE_POLICY = "aws_kms_key", "aws_iam_role", "aws_iam_role_policy"
THROUGH_BACKUP = frozenset({("StringEquals", "kms:ViaService", "backup.us-east-1.amazonaws.com")})
USE = frozenset({"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"})


def arn(plan: Plan, service: str, resource: str) -> str:
    return f"arn:aws:{service}:us-east-1:{plan.input('account_id')}:{resource}"


def name(plan: Plan) -> str:
    return f"solemate-{plan.input('environment')}-backup"


def assets_arn(plan: Plan) -> str:
    bucket = plan.one(BUCKET, bucket=f"solemate-assets-{plan.input('environment')}-{plan.input('account_id')}")
    return f"arn:aws:s3:::{bucket['bucket']}"


def database_arn(plan: Plan) -> str:
    return arn(plan, "rds", f"db:{primary(plan)['identifier']}")


@pytest.mark.requirement("SM-INT-04")
def test_production_backs_up_and_staging_does_not(removable: Plan, prod: Plan, minimal: Plan) -> None:
    for plan in (removable, minimal):
        assert not {BACKUPS, BACKED_UP, VAULT} & plan.types()
    assert minimal.variables["enable_aws_backup"]["default"] is False
    assert prod.input("enable_aws_backup") is True


@pytest.mark.requirement("SM-INT-04")
def test_database_and_assets_are_backed_up_every_day(prod: Plan, chosen: Plan) -> None:
    for plan in (prod, chosen):
        backups, backed_up, vault = plan.one(BACKUPS), plan.one(BACKED_UP), plan.one(VAULT)
        (rule,) = backups["rule"]

        assert {each["name"] for each in (backups, backed_up, vault)} == {name(plan)}
        assert (rule["rule_name"], rule["schedule"]) == ("daily", "cron(0 5 * * ? *)")
        assert [each["delete_after"] for each in rule["lifecycle"]] == [35]
        assert plan.referred(backups, "rule", VAULT) == vault
        assert plan.referred(backed_up, "plan_id", BACKUPS) == backups
        assert sorted(backed_up["resources"]) == sorted([database_arn(plan), assets_arn(plan)])


@pytest.mark.requirement("SM-INT-04")
def test_vault_is_under_a_key_of_its_own_which_aws_backup_uses(prod: Plan, chosen: Plan) -> None:
    for plan in (prod, chosen):
        key = plan.referred(plan.one(VAULT), "kms_key_arn", KEY)
        (use,) = [each for each in plan.statements(key, "policy") if each.conditions]

        assert key["enable_key_rotation"] is True
        assert use == Statement(
            allows=True,
            actions=USE,
            resources=frozenset({"*"}),
            principals=frozenset({("AWS", f"arn:aws:iam::{plan.input('account_id')}:root")}),
            conditions=THROUGH_BACKUP,
        )
    assert prod.one(VAULT)["force_destroy"] is False
    assert chosen.one(VAULT)["force_destroy"] is True


@pytest.mark.requirement("SM-INT-04")
def test_role_backs_up_this_database_and_these_assets_only(prod: Plan, chosen: Plan) -> None:
    for plan in (prod, chosen):
        role = plan.referred(plan.one(BACKED_UP), "iam_role_arn", ROLE)
        (policy,) = plan.all(ROLE_POLICY, name=name(plan))
        statements = plan.statements(policy, "policy")
        plain = [each for each in statements if not each.conditions]
        snapshots, bucket = arn(plan, "rds", "snapshot:awsbackup:*"), assets_arn(plan)
        vault, rules = (
            arn(plan, "backup", f"backup-vault:{name(plan)}"),
            arn(plan, "events", "rule/AwsBackupManagedRule*"),
        )

        assert role["name"] == name(plan)
        assert plan.referred(policy, "role", ROLE) == role
        assert plan.statements(role, "assume_role_policy") == [
            Statement(
                allows=True,
                actions=frozenset({"sts:AssumeRole"}),
                resources=frozenset(),
                principals=frozenset({("Service", "backup.amazonaws.com")}),
                conditions=frozenset(),
            )
        ]
        assert [(each.actions, each.conditions) for each in statements if each.conditions] == [(USE, THROUGH_BACKUP)]
        assert all(each.allows for each in statements)
        assert {grant for each in plain for grant in each.grants} == {
            (action, resource)
            for resource, actions in (
                (
                    database_arn(plan),
                    {
                        "rds:AddTagsToResource",
                        "rds:CreateDBSnapshot",
                        "rds:DescribeDBInstances",
                        "rds:DescribeDBSnapshots",
                        "rds:ListTagsForResource",
                    },
                ),
                (
                    snapshots,
                    {
                        "rds:AddTagsToResource",
                        "rds:CreateDBSnapshot",
                        "rds:DeleteDBSnapshot",
                        "rds:DescribeDBInstances",
                        "rds:DescribeDBSnapshots",
                        "rds:ListTagsForResource",
                    },
                ),
                (
                    bucket,
                    {
                        "s3:GetBucketAcl",
                        "s3:GetBucketLocation",
                        "s3:GetBucketNotification",
                        "s3:GetBucketTagging",
                        "s3:GetBucketVersioning",
                        "s3:GetInventoryConfiguration",
                        "s3:ListBucket",
                        "s3:ListBucketVersions",
                        "s3:PutBucketNotification",
                        "s3:PutInventoryConfiguration",
                    },
                ),
                (
                    f"{bucket}/*",
                    {
                        "s3:GetObject",
                        "s3:GetObjectAcl",
                        "s3:GetObjectTagging",
                        "s3:GetObjectVersion",
                        "s3:GetObjectVersionAcl",
                        "s3:GetObjectVersionTagging",
                    },
                ),
                (
                    rules,
                    {
                        "events:DeleteRule",
                        "events:DescribeRule",
                        "events:DisableRule",
                        "events:EnableRule",
                        "events:ListTargetsByRule",
                        "events:PutRule",
                        "events:PutTargets",
                        "events:RemoveTargets",
                    },
                ),
                ("*", {"cloudwatch:GetMetricData", "events:ListRules"}),
                (vault, {"backup:CopyIntoBackupVault", "backup:DescribeBackupVault"}),
            )
            for action in actions
        }


@pytest.mark.requirement("SM-INT-04")
def test_backups_go_into_the_vault_of_their_own(chosen: Plan) -> None:
    (rule,) = chosen.one("aws_backup_plan")["rule"]

    assert rule["target_vault_name"] == chosen.one("aws_backup_vault")["name"]
