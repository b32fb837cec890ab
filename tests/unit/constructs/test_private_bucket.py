from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.private_bucket import BucketCors, PrivateBucket, PrivateBucketProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
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


def _bucket(part: Construct, deployment: Deployment, **fields: Any) -> PrivateBucket:
    return PrivateBucket(part, "b", props=PrivateBucketProps(deployment=deployment, name="b", **fields))


def test_a_name_that_aws_finishes_is_known_after_the_apply_only(
    part: Construct, deployment: Deployment, function: LambdaFunction, synthesize: Synthesize
) -> None:
    _bucket(part, deployment, generated_name=True).grant_list(function)

    module = synthesize()
    made = module.the("aws_s3_bucket")
    assert made["bucket_prefix"] == "app-${var.environment}-b-"
    assert "bucket" not in made
    granted = module.statements("job_role_permissions")["ListObjects"]
    assert granted["resources"] == ["arn:aws:s3:::${aws_s3_bucket.b.bucket}"]


def test_an_object_without_an_age_is_kept(part: Construct, deployment: Deployment, synthesize: Synthesize) -> None:
    _bucket(part, deployment)

    (rule,) = synthesize().the("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert "expiration" not in rule
    assert rule["noncurrent_version_expiration"]


def test_changes_are_reported_to_eventbridge_if_asked_for(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    _bucket(part, deployment, events=True)

    made = synthesize().the("aws_s3_bucket_notification")
    assert (made["bucket"], made["eventbridge"]) == ("${aws_s3_bucket.b.id}", True)


@pytest.mark.usefixtures("bucket")
def test_changes_are_reported_to_nobody_unless_told(synthesize: Synthesize) -> None:
    assert synthesize().all("aws_s3_bucket_notification") == {}


def test_anybody_may_read_under_a_condition_only_and_then_nothing_stands_in_the_way(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    _bucket(part, deployment, public_read_if="var.public")

    module = synthesize()
    (statement,) = module.document("b_tls_only")["dynamic"]["statement"]
    assert statement["for_each"] == "${var.public ? [true] : []}"
    assert statement["content"]["actions"] == ["s3:GetObject"]
    block = module.the("aws_s3_bucket_public_access_block")
    assert block["block_public_policy"] == block["restrict_public_buckets"] == "${!(var.public)}"
    assert block["block_public_acls"] is True


def test_statements_of_a_buckets_policy_are_given_below_it(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    statement = Statement(sid="Use", actions=["s3:GetObject"], resources=["", "/x/*"], principals={"AWS": ["arn:r"]})
    _bucket(part, deployment, statements=[statement])

    arn = "arn:aws:s3:::app-${var.environment}-b-${var.account_id}"
    assert synthesize().statements("b_tls_only")["Use"]["resources"] == [arn, f"{arn}/x/*"]


def test_a_bucket_can_be_closed_to_all_but_some(
    bucket: PrivateBucket, function: LambdaFunction, synthesize: Synthesize
) -> None:
    bucket.allow_only(Input("principals"), beside=[function])

    (statement,) = synthesize().document("photos_tls_only")["dynamic"]["statement"]
    assert statement["for_each"] == "${length(var.principals) > 0 ? [true] : []}"
    refused = statement["content"]
    assert refused["effect"] == "Deny"
    # Objects only: who looks after the bucket still can.
    assert set(refused["actions"]) == {"s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"}
    (condition,) = refused["condition"]
    assert (condition["test"], condition["variable"]) == ("ArnNotLike", "aws:PrincipalArn")
    assert condition["values"] == "${concat(var.principals, [aws_iam_role.job_role.arn])}"


def test_reading_and_writing_can_be_granted_below_a_prefix(
    bucket: PrivateBucket, function: LambdaFunction, synthesize: Synthesize
) -> None:
    bucket.grant_read(function, prefix="in/")
    bucket.grant_write(function, prefix="out/")

    arn = "arn:aws:s3:::app-${var.environment}-photos-${var.account_id}"
    statements = synthesize().statements("job_role_permissions")
    assert (statements["ReadObjects"]["actions"], statements["ReadObjects"]["resources"]) == (
        ["s3:GetObject"],
        [f"{arn}/in/*"],
    )
    assert (statements["WriteObjects"]["actions"], statements["WriteObjects"]["resources"]) == (
        ["s3:PutObject"],
        [f"{arn}/out/*"],
    )


def test_tags_and_destruction_follow_the_props(part: Construct, deployment: Deployment, synthesize: Synthesize) -> None:
    _bucket(part, deployment, tags={"Group": "x"}, retain_data=False, force_destroy=Input("force").boolean)

    made = synthesize().the("aws_s3_bucket")
    assert made["tags"] == '${merge({ Owner = "me" }, { Group = "x" })}'
    assert made["force_destroy"] == "${var.force}"
    assert "lifecycle" not in made


def test_a_bucket_says_whose_its_objects_are_where_asked_for(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    props = PrivateBucketProps(deployment=deployment, name="assets", owned=True, expiry_rule="DeleteOldVersions")
    PrivateBucket(part, "assets", props=props)

    module = synthesize()
    assert module.the("aws_s3_bucket_ownership_controls")["rule"] == {"object_ownership": "BucketOwnerEnforced"}
    (rule,) = module.the("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert rule["id"] == "DeleteOldVersions"
