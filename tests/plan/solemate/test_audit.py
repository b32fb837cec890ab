"""The audit of the account: CloudTrail's record of who did what, and AWS Config's of how everything is configured."""

from __future__ import annotations

import pytest

from tests.plan.solemate.conftest import Planned
from tests.support.buckets import BUCKET, encryption, is_closed, policy, refuses_plain_http, versioning
from tests.support.edges import compact
from tests.support.grants import attached, granted, of, trust
from tests.support.plans import Plan, Resource, Statement

CHANNEL, KEY, RECORDER = "aws_config_delivery_channel", "aws_kms_key", "aws_config_configuration_recorder"
LOG_GROUP, ROLE, RULE = "aws_cloudwatch_log_group", "aws_iam_role", "aws_config_config_rule"
STATUS, TRAIL = "aws_config_configuration_recorder_status", "aws_cloudtrail"
OWNED = ("StringEquals", "s3:x-amz-acl", "bucket-owner-full-control")


@pytest.fixture(params=["prod", "chosen"])
def audited(request: pytest.FixtureRequest, plan: Planned, chosen: Plan) -> Plan:
    """Where the account is recorded."""
    return chosen if request.param == "chosen" else plan(request.param)


def name(plan: Plan, what: str) -> str:
    return f"solemate-{plan.input('environment')}-{what}"


def bucket(plan: Plan, what: str) -> Resource:
    return plan.one(BUCKET, bucket=f"{name(plan, what)}-{plan.input('account_id')}")


def arn(plan: Plan, service: str, resource: str) -> str:
    return f"arn:aws:{service}:us-east-1:{plan.input('account_id')}:{resource}"


def trail_arn(plan: Plan) -> str:
    return arn(plan, "cloudtrail", f"trail/{name(plan, 'trail')}")


@pytest.mark.requirement("SM-FR5-05")
def test_every_region_is_recorded_and_the_record_can_be_verified(audited: Plan) -> None:
    trail = audited.one(TRAIL)

    assert trail["name"] == name(audited, "trail")
    assert trail["is_multi_region_trail"] is True
    assert trail["include_global_service_events"] is True
    assert trail["enable_logging"] is True
    assert trail["enable_log_file_validation"] is True
    assert audited.referred(trail, "s3_bucket_name", BUCKET) == bucket(audited, "trail")
    assert trail["s3_bucket_name"] == bucket(audited, "trail")["bucket"]
    assert "aws_s3_bucket_policy.trail_bucket_policy" in audited.awaited(trail)


@pytest.mark.requirement("SM-FR5-05")
def test_the_record_is_encrypted_with_a_key_of_its_own(audited: Plan) -> None:
    key = audited.referred(audited.one(TRAIL), "kms_key_id", KEY)
    by_it = ("StringEquals", "aws:SourceArn", trail_arn(audited))
    its_files = ("StringEquals", "kms:EncryptionContext:aws:cloudtrail:arn", trail_arn(audited))
    service = frozenset({("Service", "cloudtrail.amazonaws.com")})
    account = frozenset({("AWS", f"arn:aws:iam::{audited.input('account_id')}:root")})
    uses = {
        (each.actions, each.principals, each.conditions)
        for each in audited.statements(key, "policy")
        if each.conditions
    }

    assert key["enable_key_rotation"] is True
    assert uses == {
        (frozenset({"kms:GenerateDataKey"}), service, frozenset({by_it, its_files})),
        (frozenset({"kms:DescribeKey"}), service, frozenset({by_it})),
        (frozenset({"kms:Decrypt"}), account, frozenset({its_files})),
    }
    assert all(each.allows for each in audited.statements(key, "policy"))


@pytest.mark.requirement("SM-FR5-05")
def test_the_trail_and_nobody_else_writes_its_bucket(audited: Plan) -> None:
    of_trail = bucket(audited, "trail")
    files = f"arn:aws:s3:::{of_trail['bucket']}"
    by_it = ("StringEquals", "aws:SourceArn", trail_arn(audited))
    service = frozenset({("Service", "cloudtrail.amazonaws.com")})

    assert policy(audited, of_trail) == [
        refuses_plain_http(files),
        Statement(
            allows=True,
            actions=frozenset({"s3:GetBucketAcl"}),
            resources=frozenset({files}),
            principals=service,
            conditions=frozenset({by_it}),
        ),
        Statement(
            allows=True,
            actions=frozenset({"s3:PutObject"}),
            resources=frozenset({f"{files}/AWSLogs/{audited.input('account_id')}/*"}),
            principals=service,
            conditions=frozenset({OWNED, by_it}),
        ),
    ]


@pytest.mark.requirement("SM-FR5-05")
def test_a_copy_is_in_cloudwatch(audited: Plan) -> None:
    trail = audited.one(TRAIL)
    group = audited.referred(trail, "cloud_watch_logs_group_arn", LOG_GROUP)
    role = audited.referred(trail, "cloud_watch_logs_role_arn", ROLE)

    assert group["name"] == f"/aws/cloudtrail/{name(audited, 'trail')}"
    assert group["retention_in_days"] == audited.input("log_retention_days")
    assert trust(audited, role) == ("cloudtrail.amazonaws.com", frozenset())
    streams = arn(audited, "logs", f"log-group:{group['name']}:*")
    assert granted(audited, role) == of("logs", ["CreateLogStream", "PutLogEvents"], streams)


@pytest.mark.requirement("SM-FR5-05", "SM-FR5-06")
def test_what_was_recorded_is_private_and_kept(audited: Plan) -> None:
    for what in ("trail", "config"):
        kept = bucket(audited, what)
        assert is_closed(audited, kept)
        assert encryption(audited, kept) == ["AES256"]
        assert versioning(audited, kept) == ["Enabled"]
        assert kept["force_destroy"] is audited.input("force_destroy")


@pytest.mark.requirement("SM-FR5-06")
def test_every_kind_of_resource_is_recorded(audited: Plan) -> None:
    recorder, channel, status = audited.one(RECORDER), audited.one(CHANNEL), audited.one(STATUS)
    (group,) = recorder["recording_group"]

    # All of them, with no list of what else or what not.
    assert compact(group) == {"all_supported": True, "include_global_resource_types": True}
    assert recorder["name"] == channel["name"] == status["name"] == name(audited, "config")
    assert status["is_enabled"] is True
    # Config starts a recorder only where it can deliver.
    assert channel.block in audited.awaited(status)
    assert audited.referred(channel, "s3_bucket_name", BUCKET) == bucket(audited, "config")
    assert channel["s3_bucket_name"] == bucket(audited, "config")["bucket"]
    assert channel["s3_key_prefix"] is None


@pytest.mark.requirement("SM-FR5-06")
def test_config_reads_everything_and_writes_its_bucket(audited: Plan) -> None:
    role = audited.referred(audited.one(RECORDER), "role_arn", ROLE)
    files = f"arn:aws:s3:::{bucket(audited, 'config')['bucket']}"
    account = audited.input("account_id")

    assert trust(audited, role) == (
        "config.amazonaws.com",
        frozenset({("StringEquals", "aws:SourceAccount", account)}),
    )
    owned = ("StringLike", "s3:x-amz-acl", "bucket-owner-full-control")
    assert granted(audited, role) == of("s3", ["GetBucketAcl"], files) | of(
        "s3", ["PutObject"], f"{files}/AWSLogs/{account}/*", conditions=[owned]
    )
    assert attached(audited)[role["name"]] == {"arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"}
    assert policy(audited, bucket(audited, "config")) == [refuses_plain_http(files)]


@pytest.mark.requirement("SM-FR5-06")
def test_buckets_databases_and_ssh_are_checked_by_rules(audited: Plan) -> None:
    found = {each["name"]: each for each in audited.all(RULE)}

    assert {
        rule: [(of["owner"], of["source_identifier"]) for of in each["source"]] for rule, each in found.items()
    } == {
        name(audited, "s3-bucket-public-read-prohibited"): [("AWS", "S3_BUCKET_PUBLIC_READ_PROHIBITED")],
        name(audited, "rds-storage-encrypted"): [("AWS", "RDS_STORAGE_ENCRYPTED")],
        name(audited, "restricted-ssh"): [("AWS", "INCOMING_SSH_DISABLED")],
    }
    for each in found.values():
        assert each["scope"] == []
        assert audited.one(RECORDER).block in audited.awaited(each)


@pytest.mark.requirement("SM-FR5-05", "SM-FR5-06")
def test_an_account_is_recorded_by_one_stack(removable: Plan, minimal: Plan, prod: Plan) -> None:
    assert minimal.variables["enable_account_audit"]["default"] is False
    assert prod.input("enable_account_audit") is True
    for plan in (removable, minimal):
        assert not {TRAIL, RECORDER, CHANNEL, STATUS, RULE} & plan.types()
