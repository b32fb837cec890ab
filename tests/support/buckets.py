"""Reading what a plan says of a bucket, which is several resources."""

from __future__ import annotations

from typing import Any

from tests.support.plans import Plan, Resource, Statement

BUCKET = "aws_s3_bucket"
CLOSED = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def of_bucket(plan: Plan, part: str, of: Resource) -> Resource:
    """The one resource of a type ``aws_s3_bucket_...`` that belongs to a bucket."""
    (found,) = [each for each in plan.all(f"{BUCKET}_{part}") if plan.referred(each, "bucket", BUCKET) == of]
    return found


def is_closed(plan: Plan, bucket: Resource) -> bool:
    """Whether all public access is blocked."""
    return all(of_bucket(plan, "public_access_block", bucket)[switch] is True for switch in CLOSED)


def encryption(plan: Plan, bucket: Resource) -> list[str]:
    """Algorithm of each rule."""
    rules = of_bucket(plan, "server_side_encryption_configuration", bucket)["rule"]
    return [each["sse_algorithm"] for rule in rules for each in rule["apply_server_side_encryption_by_default"]]


def versioning(plan: Plan, bucket: Resource) -> list[str]:
    return [each["status"] for each in of_bucket(plan, "versioning", bucket)["versioning_configuration"]]


def owner(plan: Plan, bucket: Resource) -> list[str]:
    return [each["object_ownership"] for each in of_bucket(plan, "ownership_controls", bucket)["rule"]]


def expiry(plan: Plan, bucket: Resource) -> list[dict[str, Any]]:
    """Id and status of each lifecycle rule, and after how many days it deletes what; None: it does not."""
    return [
        {
            "id": rule["id"],
            "status": rule["status"],
            "prefix": [each["prefix"] for each in rule["filter"]],
            "current": [each["days"] for each in rule["expiration"]],
            "replaced": [each["noncurrent_days"] for each in rule["noncurrent_version_expiration"]],
            "unfinished": [each["days_after_initiation"] for each in rule["abort_incomplete_multipart_upload"]],
        }
        for rule in of_bucket(plan, "lifecycle_configuration", bucket)["rule"]
    ]


def policy(plan: Plan, bucket: Resource) -> list[Statement]:
    return plan.statements(of_bucket(plan, "policy", bucket), "policy")


def refuses_plain_http(arn: str) -> Statement:
    """What the policy of every bucket says."""
    return Statement(
        allows=False,
        actions=frozenset({"s3:*"}),
        resources=frozenset({arn, f"{arn}/*"}),
        principals=frozenset({("*", "*")}),
        conditions=frozenset({("Bool", "aws:SecureTransport", "false")}),
    )
