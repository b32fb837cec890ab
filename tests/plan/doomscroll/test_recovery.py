"""Recovery: a monthly test that a backup can be restored, off by default."""

from __future__ import annotations

import pytest

from tests.support.databases import primary
from tests.support.plans import Plan

PLAN, SELECTION, VAULT = "aws_backup_restore_testing_plan", "aws_backup_restore_testing_selection", "aws_backup_vault"
BACKUPS, BACKED_UP = "aws_backup_plan", "aws_backup_selection"
KEY, ROLE, ROLE_POLICY = "aws_kms_key", "aws_iam_role", "aws_iam_role_policy"
REGION = "us-east-1"


def arn(plan: Plan, service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{plan.input('account_id')}:{resource}"


def grants(plan: Plan, role: str) -> set[tuple[str, str]]:
    (policy,) = plan.all(ROLE_POLICY, name=role)
    statements = plan.statements(policy, "policy")
    assert all(each.allows for each in statements)
    return {grant for each in statements for grant in each.grants}


@pytest.mark.requirement("FD-DR-03")
def test_nothing_is_tested_unless_asked_for(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert not {PLAN, SELECTION, VAULT, BACKUPS, BACKED_UP} & plan.types()
    assert minimal.variables["enable_restore_testing"]["default"] is False


@pytest.mark.requirement("FD-DR-03")
def test_a_restore_of_the_database_is_tested_every_month(chosen: Plan) -> None:
    test, selection = chosen.one(PLAN), chosen.one(SELECTION)

    # The first of every month at six, an hour after the backup.
    assert test["schedule_expression"] == "cron(0 6 1 * ? *)"
    assert test["name"] == selection["name"] == "fckdoomscroll_restore_test_test"
    assert test["recovery_point_selection"] == [
        {
            "algorithm": "LATEST_WITHIN_WINDOW",
            "include_vaults": [arn(chosen, "backup", "backup-vault:fckdoomscroll-backup-test")],
            "recovery_point_types": ["SNAPSHOT"],
            "selection_window_days": 7,
        }
    ]
    assert chosen.referred(selection, "restore_testing_plan_name", PLAN) == test
    assert selection["protected_resource_type"] == "RDS"
    assert selection["protected_resource_arns"] == [arn(chosen, "rds", f"db:{primary(chosen)['identifier']}")]
    assert selection["restore_metadata_overrides"] == {"dbSubnetGroupName": "fckdoomscroll-db-subnets-test"}
    assert selection["validation_window_hours"] == 1
    assert chosen.referred(selection, "iam_role_arn", ROLE)["name"] == "fckdoomscroll-restore-test-test"


@pytest.mark.requirement("FD-DR-03")
def test_what_is_restored_is_backed_up_every_day_before(chosen: Plan) -> None:
    vault, backups, backed_up = chosen.one(VAULT), chosen.one(BACKUPS), chosen.one(BACKED_UP)
    (rule,) = backups["rule"]

    assert vault["name"] == "fckdoomscroll-backup-test"
    assert chosen.referred(vault, "kms_key_arn", KEY)["enable_key_rotation"] is True
    assert (rule["rule_name"], rule["schedule"]) == ("daily", "cron(0 5 * * ? *)")
    assert [each["delete_after"] for each in rule["lifecycle"]] == [7]
    assert chosen.referred(backups, "rule", VAULT) == vault
    assert chosen.referred(backed_up, "plan_id", BACKUPS) == backups
    assert backed_up["resources"] == [arn(chosen, "rds", f"db:{primary(chosen)['identifier']}")]
    assert chosen.referred(backed_up, "iam_role_arn", ROLE)["name"] == "fckdoomscroll-backup-test"


@pytest.mark.requirement("FD-DR-03")
def test_the_tests_role_restores_beside_the_database_and_deletes_only_that(chosen: Plan) -> None:
    restored = arn(chosen, "rds", "db:awsbackup-restore-test-*")
    snapshots = arn(chosen, "rds", "snapshot:awsbackup:*")

    assert grants(chosen, "fckdoomscroll-restore-test-test") == {
        *(
            ("rds:RestoreDBInstanceFromDBSnapshot", resource)
            for resource in (
                restored,
                snapshots,
                arn(chosen, "rds", "subgrp:fckdoomscroll-db-subnets-test"),
                arn(chosen, "rds", "pg:default.*"),
                arn(chosen, "rds", "og:default:*"),
            )
        ),
        ("rds:AddTagsToResource", restored),
        ("rds:DeleteDBInstance", restored),
        ("rds:ListTagsForResource", restored),
        *(
            (f"rds:{action}", resource)
            for action in ("DescribeDBInstances", "DescribeDBSnapshots")
            for resource in (arn(chosen, "rds", "db:fckdoomscroll-db-test"), restored, snapshots)
        ),
    }
