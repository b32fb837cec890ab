from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.private_bucket import BucketCors, PrivateBucket, PrivateBucketProps
from cdktf_app.deployment import Deployment
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]


@pytest.fixture
def bucket(part: Construct, deployment: Deployment) -> PrivateBucket:
    props = PrivateBucketProps(deployment=deployment, name="photos", expire_after_days=365)
    return PrivateBucket(part, "photos", props=props)


@pytest.mark.usefixtures("bucket")
def test_a_bucket_is_private_encrypted_and_kept_unless_told_otherwise(synthesize: Synthesize) -> None:
    module = synthesize()

    block = module.the("aws_s3_bucket_public_access_block")
    for switch in ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"):
        assert block[switch] is True
    (rule,) = module.the("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule["apply_server_side_encryption_by_default"] == {"sse_algorithm": "AES256"}
    made = module.the("aws_s3_bucket")
    assert made["force_destroy"] is False
    assert made["lifecycle"] == {"prevent_destroy": True}
    assert made["bucket"] == "app-${var.environment}-photos-${var.account_id}"


@pytest.mark.usefixtures("bucket")
def test_a_bucket_answers_over_tls_only(synthesize: Synthesize) -> None:
    module = synthesize()

    refused = module.statements("photos_tls_only")["RefusePlainHttp"]
    assert refused["effect"] == "Deny"
    assert refused["condition"] == [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}]
    assert len(refused["resources"]) == 2
    assert module.the("aws_s3_bucket_policy")["policy"] == "${data.aws_iam_policy_document.photos_tls_only.json}"


@pytest.mark.usefixtures("bucket")
def test_a_bucket_keeps_replaced_objects_for_a_while(synthesize: Synthesize) -> None:
    module = synthesize()

    assert module.the("aws_s3_bucket_versioning")["versioning_configuration"] == {"status": "Enabled"}
    (rule,) = module.the("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert rule["expiration"] == [{"days": 365}]
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 30}]
    assert rule["abort_incomplete_multipart_upload"] == [{"days_after_initiation": 7}]


def test_versioning_can_hang_on_an_input(part: Construct, deployment: Deployment, synthesize: Synthesize) -> None:
    props = PrivateBucketProps(deployment=deployment, name="b", expire_after_days=1, versioned="var.versioned")
    PrivateBucket(part, "b", props=props)

    assert synthesize().the("aws_s3_bucket_versioning")["count"] == "${var.versioned ? 1 : 0}"


@pytest.mark.usefixtures("bucket")
def test_a_bucket_without_cors_answers_no_browser(synthesize: Synthesize) -> None:
    assert synthesize().all("aws_s3_bucket_cors_configuration") == {}


def test_cors_names_origins_and_methods(part: Construct, deployment: Deployment, synthesize: Synthesize) -> None:
    cors = BucketCors(origins=["https://app.example.com"], methods=["GET", "PUT"])
    props = PrivateBucketProps(deployment=deployment, name="b", expire_after_days=1, cors=cors)
    PrivateBucket(part, "b", props=props)

    (rule,) = synthesize().the("aws_s3_bucket_cors_configuration")["cors_rule"]
    assert rule["allowed_origins"] == ["https://app.example.com"]
    assert rule["allowed_methods"] == ["GET", "PUT"]


@pytest.mark.requirement("KF-IAM-03")
def test_objects_and_bucket_are_granted_apart(
    bucket: PrivateBucket, function: LambdaFunction, synthesize: Synthesize
) -> None:
    bucket.grant_read_write(function)

    arn = "arn:aws:s3:::app-${var.environment}-photos-${var.account_id}"
    statements = synthesize().statements("job_role_permissions")
    assert statements["ReadWriteObjects"]["actions"] == ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    assert statements["ReadWriteObjects"]["resources"] == [f"{arn}/*"]
    assert statements["ListObjects"]["actions"] == ["s3:ListBucket"]
    assert statements["ListObjects"]["resources"] == [arn]
