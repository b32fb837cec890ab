"""Promises of what holds data: buckets, tables, databases, backup plans, secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.promises.conftest import Client, Shop
from tests.unit.promises.test_serving import answered, status_of

OPEN = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": True}
CLOSED = dict.fromkeys(OPEN, True)


@pytest.fixture
def bucket(client: Client, name: str) -> str:
    client("s3").create_bucket(Bucket=name)
    return name


def bucket_in_state(bucket: str, *, closed: bool = True) -> dict[str, dict[str, Any]]:
    blocks = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
    return {
        "aws_s3_bucket.photos": {"id": bucket, "bucket": bucket},
        "aws_s3_bucket_public_access_block.photos": {"id": bucket, "bucket": bucket, **dict.fromkeys(blocks, closed)},
    }


def test_a_bucket_with_all_four_blocks_is_closed(client: Client, shop: Shop, bucket: str) -> None:
    client("s3").put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=CLOSED)

    assert shop.asked("bucket-private", bucket_in_state(bucket)).status == "ok"


def test_a_bucket_that_somebody_opened_breaks_its_promise_and_says_how(client: Client, shop: Shop, bucket: str) -> None:
    client("s3").put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=OPEN)

    found = shop.asked("bucket-private", bucket_in_state(bucket))

    assert (found.status, found.saw) == ("failed", "BlockPublicPolicy off")
    assert found.address == "module.shop.aws_s3_bucket.photos"
    assert found.next.endswith("groundplan plan --env local --stack shop")


def test_a_bucket_without_any_block_is_open(shop: Shop, bucket: str) -> None:
    found = shop.asked("bucket-private", bucket_in_state(bucket))

    assert found.status == "failed"


def test_a_bucket_that_the_stack_opens_on_purpose_is_left_out(shop: Shop, bucket: str) -> None:
    assert shop.asked("bucket-private", bucket_in_state(bucket, closed=False)).status == "skipped"


def test_a_bucket_that_is_gone_is_an_answer_and_no_crash(shop: Shop, name: str) -> None:
    found = shop.asked("bucket-private", bucket_in_state(f"{name}-gone"))

    assert found.status == "failed"
    assert "NoSuchBucket" in found.saw


@pytest.mark.parametrize(("condition", "status"), [("false", "ok"), ("true", "failed")])
def test_a_bucket_takes_tls_only_where_its_policy_denies_the_rest(
    client: Client, shop: Shop, bucket: str, condition: str, status: str
) -> None:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": {"Bool": {"aws:SecureTransport": condition}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("s3").put_bucket_policy(Bucket=bucket, Policy=policy)

    assert shop.asked("bucket-tls-only", bucket_in_state(bucket)).status == status


def test_a_bucket_without_a_policy_takes_requests_in_clear(shop: Shop, bucket: str) -> None:
    assert shop.asked("bucket-tls-only", bucket_in_state(bucket)).status == "failed"


def test_a_bucket_says_how_it_is_encrypted(client: Client, shop: Shop, bucket: str) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    client("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert shop.asked("bucket-encrypted", bucket_in_state(bucket)).saw == "aws:kms"

    client("s3").delete_bucket_encryption(Bucket=bucket)

    assert shop.asked("bucket-encrypted", bucket_in_state(bucket)).status == "failed"


@pytest.fixture
def table(client: Client, name: str) -> str:
    client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=True,
    )
    recovery = {"PointInTimeRecoveryEnabled": True}
    client("dynamodb").update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
    return name


def table_in_state(table: str, *, promised: bool = True) -> dict[str, dict[str, Any]]:
    recovery = [{"enabled": promised}]
    attributes = {"name": table, "point_in_time_recovery": recovery, "deletion_protection_enabled": promised}
    return {"aws_dynamodb_table.table": attributes}


def test_a_table_is_recoverable_and_protected_until_somebody_switches_it_off(
    client: Client, shop: Shop, table: str
) -> None:
    both = ("table-recoverable", "table-protected")
    assert [shop.asked(each, table_in_state(table)).status for each in both] == ["ok", "ok"]

    off = {"PointInTimeRecoveryEnabled": False}
    client("dynamodb").update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=off)
    client("dynamodb").update_table(TableName=table, DeletionProtectionEnabled=False)

    assert [shop.asked(each, table_in_state(table)).status for each in both] == ["failed", "failed"]
    assert [shop.asked(each, table_in_state(table, promised=False)).status for each in both] == ["skipped", "skipped"]


DATABASE = ("available", "private", "encrypted", "backed-up", "protected")


@pytest.mark.requirement("SM-AC-03")
@pytest.mark.parametrize("sound", [True, False])
def test_a_database_keeps_each_promise_or_breaks_it(client: Client, shop: Shop, name: str, sound: bool) -> None:
    client("rds").create_db_instance(
        DBInstanceIdentifier=name,
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="shop",
        MasterUserPassword="not-shown-anywhere",
        PubliclyAccessible=not sound,
        StorageEncrypted=sound,
        BackupRetentionPeriod=7 if sound else 0,
        DeletionProtection=sound,
    )
    state = {
        "aws_db_instance.database": {"identifier": name, "backup_retention_period": 7, "deletion_protection": True}
    }

    found = {each: shop.asked(f"database-{each}", state) for each in DATABASE}

    wanted = {each: "ok" if sound or each == "available" else "failed" for each in DATABASE}
    assert {each: one.status for each, one in found.items()} == wanted
    assert "not-shown-anywhere" not in str(found)


def test_a_replica_is_backed_up_by_its_source(shop: Shop) -> None:
    state = {"aws_db_instance.replica": {"identifier": "replica", "replicate_source_db": "source"}}

    assert shop.asked("database-backed-up", state).status == "skipped"


def test_a_backup_plan_backs_up_what_is_chosen(client: Client, shop: Shop, name: str) -> None:
    backup = client("backup")
    backup.create_backup_vault(BackupVaultName=name)
    rule = {"RuleName": "daily", "TargetBackupVaultName": name}
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": name, "Rules": [rule]})["BackupPlanId"]
    state = {"aws_backup_plan.plan": {"id": plan}}
    assert shop.asked("backups-on", state).saw == "nothing is chosen for the plan"

    role = f"arn:aws:iam::{shop.target.account_id}:role/backup"
    chosen = {"SelectionName": "all", "IamRoleArn": role, "Resources": ["arn:aws:dynamodb:*:*:table/x"]}
    backup.create_backup_selection(BackupPlanId=plan, BackupSelection=chosen)

    assert shop.asked("backups-on", state).saw == "1 rules, 1 selections"


def test_a_secret_holds_something(client: Client, shop: Shop, name: str) -> None:
    secrets = client("secretsmanager")
    empty = secrets.create_secret(Name=f"{name}/empty")["ARN"]
    full = secrets.create_secret(Name=f"{name}/full", SecretString='{"password": "not-shown-anywhere"}')["ARN"]

    found = {
        each: shop.asked("secret-filled", {"aws_secretsmanager_secret.one": {"id": each}}) for each in (empty, full)
    }

    assert [one.status for one in found.values()] == ["failed", "ok"]
    assert "not-shown-anywhere" not in str(found)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"DBInstanceStatus": "available"}, "ok"),
        ({"DBInstanceStatus": "upgrading"}, "warned"),
        ({"DBInstanceStatus": "storage-full"}, "failed"),
    ],
)
def test_a_database_that_is_being_changed_is_on_its_way(shop: Shop, given: dict[str, str], status: str) -> None:
    live = shop.live({"aws_db_instance.database": {"identifier": "db"}})

    answered(live, "rds", describe_db_instances={"DBInstances": [given]})

    assert status_of(live, "database-available")[0] == status


@pytest.mark.parametrize(
    "change",
    [
        {"Principal": {"AWS": "arn:aws:iam::777788889999:role/one"}},
        {"Action": "s3:PutObject"},
        {"Effect": "Allow"},
        {"Condition": {}},
    ],
)
def test_a_policy_that_denies_only_some_without_tls_is_not_enough(shop: Shop, change: dict[str, Any]) -> None:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    live = shop.live({"aws_s3_bucket.one": {"id": "one"}})

    statuses = []
    for each in (statement, statement | change):
        answered(live, "s3", get_bucket_policy={"Policy": json.dumps({"Statement": [each]})})
        statuses.append(status_of(live, "bucket-tls-only")[0])

    assert statuses == ["ok", "failed"]


def test_a_backup_plan_that_was_deleted_backs_nothing_up(shop: Shop) -> None:
    live = shop.live({"aws_backup_plan.plan": {"id": "p"}})

    answered(live, "backup", get_backup_plan={"BackupPlan": {"Rules": [{}]}, "DeletionDate": "2026-01-01"})

    assert status_of(live, "backups-on") == ("failed", "the plan was deleted")


def test_a_secret_that_somebody_deleted_breaks_its_promise(client: Client, shop: Shop, name: str) -> None:
    arn = client("secretsmanager").create_secret(Name=name, SecretString="not-shown-anywhere")["ARN"]
    client("secretsmanager").delete_secret(SecretId=arn, RecoveryWindowInDays=7)

    found = shop.asked("secret-filled", {"aws_secretsmanager_secret.one": {"id": arn}})

    assert (found.status, found.saw) == ("failed", "marked for deletion")
    assert found.next == f"aws secretsmanager restore-secret --region us-east-1 --secret-id {name}"
