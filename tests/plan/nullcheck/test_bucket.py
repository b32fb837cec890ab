"""The bucket of videos, chunks and transcripts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plan.nullcheck.conftest import CHOSEN
from tests.plan.nullcheck.functions import in_bucket, suffix
from tests.support.plans import Plan, Resource, Statement

BUCKET = "aws_s3_bucket"
POLICY = "data.aws_iam_policy_document.transcripts_tls_only"
OF_THE_BUCKET = (
    "aws_s3_bucket_cors_configuration",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_notification",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
)


@pytest.mark.requirement("NC-S3-01", "NC-DEP-05")
def test_aws_makes_up_the_name_and_a_tag_has_the_documents(every: Plan) -> None:
    bucket = every.one(BUCKET)

    assert bucket["bucket_prefix"] == f"nullcheck-media{suffix(every)}-"
    assert "bucket" not in every.arguments(bucket)
    assert bucket["tags_all"]["logical-name"] == "TranscriptBucket"


@pytest.mark.requirement("NC-S3-01")
@pytest.mark.parametrize("kind", OF_THE_BUCKET)
def test_every_setting_is_of_the_one_bucket(every: Plan, kind: str) -> None:
    assert every.referred(every.one(kind), "bucket", BUCKET) == every.one(BUCKET)


@pytest.mark.requirement("NC-S3-02")
def test_browsers_of_the_cors_origin_may_upload(every: Plan, chosen: Plan) -> None:
    for plan, origin in ((every, every.input("cors_origin")), (chosen, "https://app.example.com")):
        (rule,) = plan.one("aws_s3_bucket_cors_configuration")["cors_rule"]

        assert sorted(rule["allowed_methods"]) == ["GET", "HEAD", "PUT"]
        assert rule["allowed_origins"] == [origin]
        assert rule["allowed_headers"] == ["*"]
        assert rule["expose_headers"] == ["ETag"]


def lifecycle(plan: Plan) -> dict[str, Any]:
    (rule,) = plan.one("aws_s3_bucket_lifecycle_configuration")["rule"]
    return dict(rule)


@pytest.mark.requirement("NC-S3-03")
@pytest.mark.parametrize("days", [7, 30])
def test_objects_expire_after_7_days_or_as_the_caller_says(every: Plan, chosen: Plan, days: int) -> None:
    plan = every if days == 7 else chosen
    rule = lifecycle(plan)

    assert rule["status"] == "Enabled"
    # All objects.
    assert [each["prefix"] for each in rule["filter"]] == [""]
    assert [each["days"] for each in rule["expiration"]] == [days]
    # Expiration hides versioned objects only: this is what frees their room.
    replaced = rule["noncurrent_version_expiration"]
    assert [each["noncurrent_days"] for each in replaced] == [days]
    uploads = rule["abort_incomplete_multipart_upload"]
    assert [each["days_after_initiation"] for each in uploads] == [7]


@pytest.mark.requirement("NC-DR-01")
def test_objects_stay_in_the_class_of_eleven_nines(every: Plan) -> None:
    rule = lifecycle(every)

    assert rule["transition"] == rule["noncurrent_version_transition"] == []


@pytest.mark.requirement("NC-S3-04")
def test_replaced_objects_are_kept(every: Plan) -> None:
    (configuration,) = every.one("aws_s3_bucket_versioning")["versioning_configuration"]

    assert configuration["status"] == "Enabled"


@pytest.mark.requirement("NC-S3-05", "NC-EB-05")
def test_objects_are_reported_to_eventbridge_only(every: Plan) -> None:
    notification = every.one("aws_s3_bucket_notification")

    assert notification["eventbridge"] is True
    assert [notification[each] for each in ("lambda_function", "queue", "topic")] == [[], [], []]


@pytest.mark.requirement("NC-SEC-03")
def test_bucket_is_encrypted_with_the_key_of_s3(every: Plan) -> None:
    (rule,) = every.one("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    (encryption,) = rule["apply_server_side_encryption_by_default"]

    assert encryption["sse_algorithm"] == "AES256"
    assert not encryption["kms_master_key_id"]


@pytest.mark.requirement("NC-SEC-05")
def test_nobody_can_open_the_bucket_to_the_public(every: Plan) -> None:
    block = every.one("aws_s3_bucket_public_access_block")
    switches = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")

    assert [block[switch] for switch in switches] == [True] * 4


def without_tls(plan: Plan) -> Statement:
    return Statement(
        allows=False,
        actions=frozenset({"s3:*"}),
        resources=frozenset({in_bucket(plan, ""), in_bucket(plan, "/*")}),
        principals=frozenset({("*", "*")}),
        conditions=frozenset({("Bool", "aws:SecureTransport", "false")}),
    )


def policy_of(plan: Plan) -> Resource:
    return plan.one("aws_s3_bucket_policy")


@pytest.mark.requirement("NC-SEC-02", "NC-SEC-05")
def test_bucket_answers_over_tls_only_and_restricts_nobody_else_unasked(everywhere: Plan) -> None:
    policy = policy_of(everywhere)

    assert everywhere.references(policy, "policy") == {POLICY, f"{POLICY}.json"}
    assert everywhere.document(POLICY) == [without_tls(everywhere)]


@pytest.mark.requirement("NC-SEC-05")
def test_policy_lets_allowed_principals_in_alone(chosen: Plan) -> None:
    """They and the roles of the functions, whose ARNs are known after the apply."""
    tls, others = chosen.document(POLICY)

    assert tls == without_tls(chosen)
    assert others == Statement(
        allows=False,
        actions=frozenset({"s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"}),
        resources=frozenset({in_bucket(chosen, "/*")}),
        principals=frozenset({("*", "*")}),
        conditions=frozenset(
            ("ArnNotLike", "aws:PrincipalArn", principal)
            for principal in (*CHOSEN["allowed_principals"], "(known after apply)")
        ),
    )


def test_a_bucket_in_development_is_deleted_with_its_objects(development: Plan, prod: Plan, minimal: Plan) -> None:
    assert development.one(BUCKET)["force_destroy"] is True
    assert prod.one(BUCKET)["force_destroy"] is False
    assert minimal.one(BUCKET)["force_destroy"] is False
