"""The DynamoDB table."""

from __future__ import annotations

import pytest

from tests.support.plans import Plan

TABLE = "aws_dynamodb_table"


@pytest.mark.requirement("KF-DDB-01")
def test_there_is_one_table(every: Plan) -> None:
    assert every.one(TABLE)["name"] == f"kefir-app-{every.input('environment')}-table"


@pytest.mark.requirement("KF-DDB-02")
def test_keys_are_PK_and_SK(every: Plan) -> None:
    table = every.one(TABLE)

    assert (table["hash_key"], table["range_key"]) == ("PK", "SK")


@pytest.mark.requirement("KF-DDB-03")
def test_GSI1_holds_whole_items_by_keys_of_its_own(every: Plan) -> None:
    table = every.one(TABLE)
    (index,) = table["global_secondary_index"]
    strings = {attribute["name"] for attribute in table["attribute"] if attribute["type"] == "S"}

    assert (index["name"], index["hash_key"], index["range_key"]) == ("GSI1", "GSI1PK", "GSI1SK")
    assert index["projection_type"] == "ALL"
    assert strings == {"PK", "SK", "GSI1PK", "GSI1SK"}


@pytest.mark.requirement("KF-DDB-04")
def test_table_is_paid_per_request(every: Plan) -> None:
    assert every.one(TABLE)["billing_mode"] == "PAY_PER_REQUEST"


@pytest.mark.requirement("KF-DDB-05")
def test_table_recovers_to_any_point_in_time_in_prod_only(prod: Plan, dev: Plan) -> None:
    assert [each["enabled"] for each in prod.one(TABLE)["point_in_time_recovery"]] == [True]
    assert [each["enabled"] for each in dev.one(TABLE)["point_in_time_recovery"]] == [False]


@pytest.mark.requirement("KF-DDB-06")
def test_items_expire_by_the_attribute_TTL(every: Plan) -> None:
    assert every.one(TABLE)["ttl"] == [{"attribute_name": "TTL", "enabled": True}]


@pytest.mark.requirement("KF-DDB-07")
def test_table_is_encrypted_with_the_aws_managed_key(every: Plan) -> None:
    table = every.one(TABLE)

    assert [each["enabled"] for each in table["server_side_encryption"]] == [True]
    # A key that is made by the same apply would be missing from the plan too: only a reference would tell.
    assert not every.references(table, "server_side_encryption")
    assert [each.get("kms_key_arn") for each in table["server_side_encryption"]] == [None]


@pytest.mark.requirement("KF-NX-09")
def test_table_is_backed_up_daily_on_request(complete: Plan) -> None:
    table = complete.one(TABLE)
    (rule,) = complete.one("aws_backup_plan")["rule"]
    selection = complete.one("aws_backup_selection")

    assert rule["schedule"] == "cron(0 5 * * ? *)"
    assert [each["delete_after"] for each in rule["lifecycle"]] == [35]
    assert complete.referred(selection, "plan_id", "aws_backup_plan")
    assert selection["resources"] == [f"arn:aws:dynamodb:us-east-1:111122223333:table/{table['name']}"]


@pytest.mark.requirement("KF-NX-09")
def test_backup_role_may_do_nothing_but_back_the_table_up(complete: Plan) -> None:
    table = "arn:aws:dynamodb:us-east-1:111122223333:table/kefir-app-dev-table"
    vault = "arn:aws:backup:us-east-1:111122223333:backup-vault:kefir-app-dev-backup"
    role = complete.referred(complete.one("aws_backup_selection"), "iam_role_arn", "aws_iam_role")
    policy = complete.one("aws_iam_role_policy", name=role["name"])

    granted = {grant for statement in complete.statements(policy, "policy") for grant in statement.grants}
    (trust,) = complete.statements(role, "assume_role_policy")

    assert trust.principals == {("Service", "backup.amazonaws.com")}
    assert granted == {
        ("dynamodb:CreateBackup", table),
        ("dynamodb:DescribeTable", table),
        ("dynamodb:ListTagsOfResource", table),
        ("dynamodb:StartAwsBackupJob", table),
        ("dynamodb:DescribeBackup", f"{table}/backup/*"),
        ("dynamodb:DeleteBackup", f"{table}/backup/*"),
        ("backup:CopyIntoBackupVault", vault),
        ("backup:DescribeBackupVault", vault),
    }


@pytest.mark.requirement("KF-NX-09")
def test_nothing_is_backed_up_unasked(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert not {kind for kind in plan.types() if kind.startswith("aws_backup_")}
