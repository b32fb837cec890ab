"""S3 replication: what is written to one bucket is in the other, in another region, before the writer is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]

KEY = "arn:aws:kms:us-west-2:555555555555:key/replica"


@pytest.fixture
def s3(client: Client) -> Any:
    return client("s3")


@pytest.fixture
def west(client: Client) -> Any:
    return client("s3", region="us-west-2")


@pytest.fixture
def buckets(s3: Any, west: Any, request: pytest.FixtureRequest) -> tuple[str, str]:
    """A bucket in us-east-1 and one in us-west-2, both with versions."""
    name = request.node.originalname.removeprefix("test_").replace("_", "-")[:45]
    source, copies = f"repl-{name}", f"repl-{name}-west"
    s3.create_bucket(Bucket=source)
    west.create_bucket(Bucket=copies, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    for bucket in (source, copies):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return source, copies


def _rule(bucket: str, **more: Any) -> dict[str, Any]:
    return {
        "ID": "rule",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        **more,
        "Destination": {"Bucket": f"arn:aws:s3:::{bucket}", **more.get("Destination", {})},
    }


def _replicate(s3: Any, source: str, *rules: dict[str, Any]) -> None:
    configuration = {"Role": "arn:aws:iam::555555555555:role/replicate", "Rules": list(rules)}
    s3.put_bucket_replication(Bucket=source, ReplicationConfiguration=configuration)


def _contents(s3: Any, bucket: str) -> dict[str, bytes]:
    listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {each["Key"]: s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in listed}


def test_object_is_in_both_regions(s3: Any, west: Any, buckets: tuple[str, str]) -> None:
    source, copies = buckets
    _replicate(s3, source, _rule(copies, Destination={"StorageClass": "STANDARD_IA"}))

    s3.put_object(Bucket=source, Key="k", Body=b"1", Metadata={"a": "b"}, ContentType="text/html", Tagging="t=u")

    written, copy = s3.head_object(Bucket=source, Key="k"), west.head_object(Bucket=copies, Key="k")
    assert west.get_object(Bucket=copies, Key="k")["Body"].read() == b"1"
    assert {key: copy[key] for key in ("ContentType", "ETag", "Metadata", "VersionId")} == {
        key: written[key] for key in ("ContentType", "ETag", "Metadata", "VersionId")
    }
    assert copy["StorageClass"] == "STANDARD_IA"
    assert west.get_object_tagging(Bucket=copies, Key="k")["TagSet"] == [{"Key": "t", "Value": "u"}]


def test_copy_and_multipart_upload_are_replicated(s3: Any, buckets: tuple[str, str]) -> None:
    source, copies = buckets
    s3.put_object(Bucket=source, Key="before", Body=b"1")
    _replicate(s3, source, _rule(copies))

    s3.copy_object(Bucket=source, Key="copied", CopySource={"Bucket": source, "Key": "before"})
    upload = {
        "Bucket": source,
        "Key": "parts",
        "UploadId": s3.create_multipart_upload(Bucket=source, Key="parts")["UploadId"],
    }
    part = s3.upload_part(**upload, PartNumber=1, Body=b"2")
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})

    # What was there before the configuration is not replicated, as on AWS.
    assert _contents(s3, copies) == {"copied": b"1", "parts": b"2"}


@pytest.mark.parametrize("many", [False, True])
def test_deletion_is_replicated_as_a_marker(s3: Any, buckets: tuple[str, str], many: bool) -> None:
    source, copies = buckets
    _replicate(s3, source, _rule(copies))
    s3.put_object(Bucket=source, Key="k", Body=b"1")

    if many:
        s3.delete_objects(Bucket=source, Delete={"Objects": [{"Key": "k"}], "Quiet": True})
    else:
        s3.delete_object(Bucket=source, Key="k")

    marked = [s3.list_object_versions(Bucket=bucket)["DeleteMarkers"][0]["VersionId"] for bucket in (source, copies)]
    assert _contents(s3, copies) == {}
    assert marked[0] == marked[1]
    assert len(s3.list_object_versions(Bucket=copies)["Versions"]) == 1
    for bucket in (source, copies):
        _empty(s3, bucket)
        s3.delete_bucket(Bucket=bucket)


def _empty(s3: Any, bucket: str) -> None:
    listed = s3.list_object_versions(Bucket=bucket)
    for each in listed.get("Versions", []) + listed.get("DeleteMarkers", []):
        s3.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])


def test_version_taken_away_stays_in_the_other_bucket(s3: Any, buckets: tuple[str, str]) -> None:
    source, copies = buckets
    _replicate(s3, source, _rule(copies))
    version = s3.put_object(Bucket=source, Key="k", Body=b"1")["VersionId"]

    s3.delete_object(Bucket=source, Key="k", VersionId=version)

    assert (_contents(s3, source), _contents(s3, copies)) == ({}, {"k": b"1"})


def test_deletion_stays_here_when_the_rule_says_so(s3: Any, buckets: tuple[str, str]) -> None:
    source, copies = buckets
    _replicate(s3, source, _rule(copies, DeleteMarkerReplication={"Status": "Disabled"}))
    s3.put_object(Bucket=source, Key="k", Body=b"1")

    s3.delete_object(Bucket=source, Key="k")

    assert _contents(s3, copies) == {"k": b"1"}


@pytest.mark.parametrize(
    ("rule", "replicated"),
    [
        ({"Filter": {"Prefix": "in/"}}, {"in/tagged", "in/plain"}),
        ({"Filter": {"Tag": {"Key": "t", "Value": "u"}}}, {"in/tagged", "out"}),
        ({"Filter": {"And": {"Prefix": "in/", "Tags": [{"Key": "t", "Value": "u"}]}}}, {"in/tagged"}),
        ({"Status": "Disabled"}, set()),
    ],
)
def test_rule_replicates_what_it_names(
    s3: Any, rule: dict[str, Any], replicated: set[str], request: pytest.FixtureRequest
) -> None:
    number = request.node.callspec.indices["rule"]
    source, copies = f"repl-filter-{number}", f"repl-filter-{number}-copies"
    for bucket in (source, copies):
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    _replicate(s3, source, _rule(copies, **rule))

    for key, tagging in (("in/tagged", "t=u"), ("in/plain", ""), ("out", "t=u")):
        s3.put_object(Bucket=source, Key=key, Body=b"1", Tagging=tagging)

    assert set(_contents(s3, copies)) == replicated


def test_rule_of_the_highest_priority_counts(s3: Any, west: Any, buckets: tuple[str, str]) -> None:
    source, copies = buckets
    _replicate(
        s3,
        source,
        _rule(copies, ID="high", Priority=9, Destination={"StorageClass": "GLACIER_IR"}),
        _rule(copies, ID="low", Priority=2, Destination={"StorageClass": "STANDARD_IA"}),
    )

    s3.put_object(Bucket=source, Key="k", Body=b"1")

    assert west.head_object(Bucket=copies, Key="k")["StorageClass"] == "GLACIER_IR"


@pytest.mark.parametrize("selected", [True, False])
def test_object_under_a_key_is_replicated_when_selected(s3: Any, west: Any, selected: bool) -> None:
    source, copies = f"repl-kms-{selected}".lower(), f"repl-kms-{selected}-west".lower()
    for bucket in (source, copies):
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    criteria = {"SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}}} if selected else {}
    _replicate(s3, source, _rule(copies, **criteria, Destination={"EncryptionConfiguration": {"ReplicaKmsKeyID": KEY}}))

    s3.put_object(Bucket=source, Key="k", Body=b"1", ServerSideEncryption="aws:kms", SSEKMSKeyId="east")

    if selected:
        assert west.head_object(Bucket=copies, Key="k")["SSEKMSKeyId"] == KEY
    else:
        assert _contents(s3, copies) == {}


def test_replication_ends_with_its_configuration(s3: Any, buckets: tuple[str, str]) -> None:
    source, copies = buckets
    _replicate(s3, source, _rule(copies))

    s3.delete_bucket_replication(Bucket=source)

    s3.put_object(Bucket=source, Key="k", Body=b"1")
    assert _contents(s3, copies) == {}


def test_replica_is_not_sent_back(s3: Any, buckets: tuple[str, str]) -> None:
    source, copies = buckets
    _replicate(s3, source, _rule(copies))
    _replicate(s3, copies, _rule(source))

    s3.put_object(Bucket=source, Key="k", Body=b"1")

    assert len(s3.list_object_versions(Bucket=source)["Versions"]) == 1


def test_destination_has_to_be_there_and_keep_versions(s3: Any, buckets: tuple[str, str]) -> None:
    source, copies = buckets
    s3.put_bucket_versioning(Bucket=copies, VersioningConfiguration={"Status": "Suspended"})

    with pytest.raises(ClientError, match="Destination bucket must have versioning enabled"):
        _replicate(s3, source, _rule(copies))
    with pytest.raises(ClientError, match="Destination bucket must exist: nowhere"):
        _replicate(s3, source, _rule("nowhere"))
