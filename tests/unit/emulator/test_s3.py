"""S3: what Terraform's state and the bucket resources need beyond moto."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]

TLS_ONLY = {
    "Sid": "tls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
NO_DELETE = {"Sid": "keep", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "*"}


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1)


@pytest.fixture
def s3(client: Client) -> Any:
    return client("s3")


@pytest.fixture
def bucket(s3: Any, request: pytest.FixtureRequest) -> str:
    name = f"s3-{request.node.originalname.removeprefix('test_').replace('_', '-')[:50]}"
    s3.create_bucket(Bucket=name)
    return name


def test_one_of_many_conditional_writes_wins(s3: Any, bucket: str) -> None:
    writers = 8
    together = Barrier(writers)

    def write(key: str) -> int:
        together.wait()
        try:
            s3.put_object(Bucket=bucket, Key=key, Body=b"lock", IfNoneMatch="*")
        except ClientError as error:
            return int(error.response["ResponseMetadata"]["HTTPStatusCode"])
        return 200

    for round_number in range(10):
        with ThreadPoolExecutor(writers) as pool:
            statuses = sorted(pool.map(write, [f"lock-{round_number}"] * writers))
        assert statuses == [200] + [412] * (writers - 1)


def test_bucket_that_denies_plain_http_still_serves(s3: Any, bucket: str) -> None:
    s3.put_bucket_policy(Bucket=bucket, Policy=_policy(TLS_ONLY))

    s3.put_object(Bucket=bucket, Key="state", Body=b"{}")

    assert s3.get_object(Bucket=bucket, Key="state")["Body"].read() == b"{}"
    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == json.loads(_policy(TLS_ONLY))


def test_denial_without_condition_is_kept(s3: Any, bucket: str) -> None:
    s3.put_bucket_policy(Bucket=bucket, Policy=_policy(TLS_ONLY, NO_DELETE))
    s3.put_object(Bucket=bucket, Key="state", Body=b"{}")

    with pytest.raises(ClientError, match="403"):
        s3.delete_object(Bucket=bucket, Key="state")


def test_policy_that_is_no_json_is_refused(s3: Any, bucket: str) -> None:
    with pytest.raises(ClientError, match="MalformedPolicy"):
        s3.put_bucket_policy(Bucket=bucket, Policy="{")


def test_deleted_policy_is_gone(s3: Any, bucket: str) -> None:
    s3.put_bucket_policy(Bucket=bucket, Policy=_policy(TLS_ONLY))

    s3.delete_bucket_policy(Bucket=bucket)

    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket=bucket)


LIFECYCLE = [
    {
        "ID": "tagged",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "p/", "Tags": [{"Key": "a", "Value": "b"}], "ObjectSizeGreaterThan": 5}},
        "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 2},
    },
    {
        "ID": "all",
        "Status": "Disabled",
        "Filter": {},
        "Expiration": {"Date": datetime(2030, 1, 1, tzinfo=UTC)},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    },
    {"ID": "prefix", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 365}},
]


def test_lifecycle_is_answered_as_sent(s3: Any, bucket: str) -> None:
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": LIFECYCLE})

    answer = s3.get_bucket_lifecycle_configuration(Bucket=bucket)

    assert answer["Rules"] == LIFECYCLE
    assert answer["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"


def test_lifecycle_keeps_the_minimum_size_asked_for(s3: Any, bucket: str) -> None:
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": LIFECYCLE},
        TransitionDefaultMinimumObjectSize="varies_by_storage_class",
    )

    answer = s3.get_bucket_lifecycle_configuration(Bucket=bucket)

    assert answer["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"


def test_deleted_lifecycle_is_gone(s3: Any, bucket: str) -> None:
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": LIFECYCLE})

    s3.delete_bucket_lifecycle(Bucket=bucket)

    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)


def test_notification_to_eventbridge_is_answered(s3: Any, bucket: str) -> None:
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})

    assert s3.get_bucket_notification_configuration(Bucket=bucket)["EventBridgeConfiguration"] == {}


def test_replication_is_answered_as_sent(s3: Any, bucket: str) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.create_bucket(Bucket="s3-replica")
    s3.put_bucket_versioning(Bucket="s3-replica", VersioningConfiguration={"Status": "Enabled"})
    sent = {
        "Role": "arn:aws:iam::555555555555:role/replicate",
        "Rules": [
            {
                "ID": "all",
                "Priority": 1,
                "Status": "Enabled",
                "Filter": {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Enabled"},
                "Destination": {"Bucket": "arn:aws:s3:::s3-replica", "StorageClass": "STANDARD_IA"},
            }
        ],
    }

    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=sent)

    assert s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"] == sent


def test_bucket_made_again_remembers_nothing(s3: Any, bucket: str) -> None:
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": LIFECYCLE})
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})

    s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": "Requester"})

    s3.delete_bucket(Bucket=bucket)
    s3.create_bucket(Bucket=bucket)

    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    assert "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(Bucket=bucket)
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)


def test_request_payment_is_the_owners_until_changed(s3: Any, bucket: str) -> None:
    before = s3.get_bucket_request_payment(Bucket=bucket)["Payer"]
    s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": "Requester"})

    assert (before, s3.get_bucket_request_payment(Bucket=bucket)["Payer"]) == ("BucketOwner", "Requester")


@pytest.fixture
def suspended(s3: Any, bucket: str) -> str:
    """A bucket with two versions and a delete marker of one object, its versioning suspended afterwards."""
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        s3.put_object(Bucket=bucket, Key="k", Body=body)
    s3.delete_object(Bucket=bucket, Key="k")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    return bucket


def _versions(s3: Any, bucket: str) -> list[dict[str, str]]:
    listed = s3.list_object_versions(Bucket=bucket)
    return [
        {"Key": each["Key"], "VersionId": each["VersionId"]}
        for each in listed.get("Versions", []) + listed.get("DeleteMarkers", [])
    ]


def test_suspended_bucket_can_be_emptied_and_deleted(s3: Any, suspended: str) -> None:
    answer = s3.delete_objects(Bucket=suspended, Delete={"Objects": _versions(s3, suspended)})

    assert len(answer["Deleted"]) == 3
    assert _versions(s3, suspended) == []
    s3.delete_bucket(Bucket=suspended)


def test_suspended_bucket_loses_only_the_version_named(s3: Any, suspended: str) -> None:
    first, *others = _versions(s3, suspended)

    s3.delete_object(Bucket=suspended, **first)

    assert _versions(s3, suspended) == others


def test_suspended_bucket_marks_a_deleted_object(s3: Any, suspended: str) -> None:
    answer = s3.delete_object(Bucket=suspended, Key="k")

    assert answer["DeleteMarker"] is True
    assert len(_versions(s3, suspended)) == 4
