"""The bucket of photos."""

from __future__ import annotations

import pytest

from tests.support.plans import Plan, Resource

BUCKET = "aws_s3_bucket"


def of_bucket(plan: Plan, kind: str) -> Resource:
    """The only resource of a type, which must be the bucket's."""
    resource = plan.one(kind)
    assert plan.referred(resource, "bucket", BUCKET) == plan.one(BUCKET)
    return resource


@pytest.mark.requirement("KF-S3-01")
def test_there_is_a_bucket_whose_name_nobody_else_has(every: Plan) -> None:
    environment, account = every.input("environment"), every.input("account_id")

    assert every.one(BUCKET)["bucket"] == f"kefir-app-{environment}-photos-{account}"


@pytest.mark.requirement("KF-S3-02")
def test_prod_keeps_old_versions_for_30_days(prod: Plan) -> None:
    versioning = of_bucket(prod, "aws_s3_bucket_versioning")
    rules = of_bucket(prod, "aws_s3_bucket_lifecycle_configuration")["rule"]

    assert [each["status"] for each in versioning["versioning_configuration"]] == ["Enabled"]
    assert [each["noncurrent_days"] for rule in rules for each in rule["noncurrent_version_expiration"]] == [30]


@pytest.mark.requirement("KF-S3-02")
def test_development_keeps_no_versions(development: Plan) -> None:
    versioning = development.all("aws_s3_bucket_versioning")

    assert all(each["versioning_configuration"][0]["status"] == "Disabled" for each in versioning)


@pytest.mark.requirement("KF-S3-03")
@pytest.mark.parametrize(
    "setting", ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]
)
def test_public_access_is_blocked(every: Plan, setting: str) -> None:
    assert of_bucket(every, "aws_s3_bucket_public_access_block")[setting] is True


@pytest.mark.requirement("KF-S3-04")
def test_photos_are_encrypted_with_AES256(every: Plan) -> None:
    (rule,) = of_bucket(every, "aws_s3_bucket_server_side_encryption_configuration")["rule"]

    assert [each["sse_algorithm"] for each in rule["apply_server_side_encryption_by_default"]] == ["AES256"]


@pytest.mark.requirement("KF-S3-05")
def test_browsers_of_the_app_domains_may_read_and_upload(every: Plan) -> None:
    (rule,) = of_bucket(every, "aws_s3_bucket_cors_configuration")["cors_rule"]

    assert sorted(rule["allowed_origins"]) == sorted(every.input("app_domains"))
    assert sorted(rule["allowed_methods"]) == ["GET", "HEAD", "POST", "PUT"]


@pytest.mark.requirement("KF-S3-06")
def test_every_photo_is_deleted_after_365_days(every: Plan) -> None:
    rules = of_bucket(every, "aws_s3_bucket_lifecycle_configuration")["rule"]
    expiring = [rule for rule in rules if rule["expiration"]]

    assert [each["days"] for rule in expiring for each in rule["expiration"]] == [365]
    assert all(_applies_to_all(rule) for rule in expiring)


@pytest.mark.requirement("KF-S3-07")
def test_every_incomplete_upload_is_aborted_after_7_days(every: Plan) -> None:
    rules = of_bucket(every, "aws_s3_bucket_lifecycle_configuration")["rule"]
    aborting = [rule for rule in rules if rule["abort_incomplete_multipart_upload"]]

    days = [each["days_after_initiation"] for rule in aborting for each in rule["abort_incomplete_multipart_upload"]]
    assert days == [7]
    assert all(_applies_to_all(rule) for rule in aborting)


@pytest.mark.requirement("KF-S3-03")
def test_plain_http_is_refused(every: Plan) -> None:
    bucket = f"arn:aws:s3:::{every.one(BUCKET)['bucket']}"
    (statement,) = every.statements(of_bucket(every, "aws_s3_bucket_policy"), "policy")

    assert not statement.allows
    assert statement.grants == {("s3:*", bucket), ("s3:*", f"{bucket}/*")}
    assert statement.principals == {("*", "*")}
    assert statement.conditions == {("Bool", "aws:SecureTransport", "false")}


def _applies_to_all(rule: dict[str, object]) -> bool:
    """Whether a lifecycle rule is on, and narrowed to no prefix, tag or size."""
    filters = rule["filter"]
    assert isinstance(filters, list)
    return rule["status"] == "Enabled" and not any(value for each in filters for value in each.values())
