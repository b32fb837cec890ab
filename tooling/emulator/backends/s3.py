"""S3: policies with conditions, documents as sent, replication, versions of a suspended bucket, locked writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from moto.s3.models import FakeBucket, FakeDeleteMarker, S3Backend, s3_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend
from tooling.emulator.s3_replication import check_destinations, replicate_deletion, replicate_object

backend = Backend("s3")

# moto reads "If-None-Match: *", looks whether the object exists and writes it, with nothing that keeps a second
# writer out. Terraform's state lock (use_lockfile) stands on this: one writer wins.
backend.serialises("PutObject", "CompleteMultipartUpload")

_versions_of_all = S3Backend.list_object_versions


def _versions_of_asked(self: S3Backend, bucket_name: str, **options: Any) -> Any:
    """ListObjectVersions: moto copies every version of the bucket before it looks for the prefix, and keeps the copies.

    A bucket of the states of a thousand stacks, asked for the versions of each, takes gigabytes. A page after the first
    is left to moto: its marker may be any key.
    """
    prefix = options.get("prefix") or ""
    if not prefix or options.get("key_marker"):
        return _versions_of_all(self, bucket_name, **options)
    keys = self.get_bucket(bucket_name).keys
    below = [(key, versions) for key, versions in keys.iterlists() if key.startswith(prefix)]
    bucket = SimpleNamespace(keys=SimpleNamespace(iterlists=lambda: below))
    return _versions_of_all(SimpleNamespace(get_bucket=lambda _name: bucket), bucket_name, **options)


S3Backend.list_object_versions = _versions_of_asked


@backend.answers("CreateBucket")
def refuse_name_of_another_account(call: Call) -> Mapping[str, Any] | None:
    """aws_s3_bucket, and whoever asks whose a name is: moto says AccessDenied where S3 says BucketAlreadyExists."""
    _, owner = s3_backends.bucket_accounts.get(call.params["Bucket"], (None, call.account))
    if owner != call.account:
        raise AwsError("BucketAlreadyExists", "The requested bucket name is not available.")
    return None


@backend.prepares("PutBucketPolicy")
def keep_conditional_denials_from_moto(call: Call) -> None:
    """aws_s3_bucket_policy: moto applies a Deny without looking at its Condition.

    The usual "Deny unless aws:SecureTransport" would refuse every read from then on, of a state bucket too. Here all
    connections count as TLS. moto gets the rest of the policy, readers get the whole.
    """
    try:
        document = json.loads(call.params["Policy"])
        statements = document["Statement"]
    except (ValueError, KeyError, TypeError) as error:
        raise AwsError("MalformedPolicy", f"This policy contains invalid Json: {error}") from error
    kept = [
        statement
        for statement in (statements if isinstance(statements, list) else [statements])
        if not (statement.get("Effect") == "Deny" and statement.get("Condition"))
    ]
    call.body = json.dumps({**document, "Statement": kept}).encode()


@backend.amends("PutBucketPolicy")
def remember_whole_policy(call: Call, _answer: dict[str, Any]) -> None:
    """Keep what the client sent, for the readers."""
    call.account_store("policies")[call.params["Bucket"]] = call.params["Policy"]


@backend.amends("GetBucketPolicy")
def answer_whole_policy(call: Call, answer: dict[str, Any]) -> None:
    """aws_s3_bucket_policy and aws_s3_bucket, read."""
    answer["Policy"] = call.account_store("policies").get(call.params["Bucket"], answer["Policy"])


_CONFIGURATIONS = ("Analytics", "IntelligentTiering", "Metrics")

_DOCUMENTS = {
    # aws_s3_bucket_lifecycle_configuration: moto loses `filter { and {} }`; the provider waits 3 minutes for it.
    "PutBucketLifecycleConfiguration": ("lifecycle", "LifecycleConfiguration"),
    # aws_s3_bucket_notification: moto loses eventbridge = true.
    "PutBucketNotificationConfiguration": ("notification", "NotificationConfiguration"),
    # aws_s3_bucket_replication_configuration: moto loses delete_marker_replication.
    "PutBucketReplication": ("replication", "ReplicationConfiguration"),
}


@backend.amends(*_DOCUMENTS)
def remember_document(call: Call, _answer: dict[str, Any]) -> None:
    """Keep what moto has accepted, to answer it word for word."""
    kind, member = _DOCUMENTS[call.operation.name]
    call.account_store(kind)[call.params["Bucket"]] = call.params.get(member, {})
    size = call.params.get("TransitionDefaultMinimumObjectSize", "all_storage_classes_128K")
    call.account_store("minimum-size")[call.params["Bucket"]] = size


@backend.amends("GetBucketLifecycleConfiguration")
def recall_lifecycle(call: Call, answer: dict[str, Any]) -> None:
    """aws_s3_bucket_lifecycle_configuration, read: the provider compares until it sees what it sent."""
    bucket = call.params["Bucket"]
    answer.update(call.account_store("lifecycle").get(bucket, {}))
    answer["TransitionDefaultMinimumObjectSize"] = call.account_store("minimum-size").get(bucket)


@backend.amends("GetBucketNotificationConfiguration")
def recall_notification(call: Call, answer: dict[str, Any]) -> None:
    """aws_s3_bucket_notification, read."""
    answer.update(call.account_store("notification").get(call.params["Bucket"], {}))


@backend.amends("GetBucketReplication")
def recall_replication(call: Call, answer: dict[str, Any]) -> None:
    """aws_s3_bucket_replication_configuration, read."""
    answer["ReplicationConfiguration"].update(call.account_store("replication").get(call.params["Bucket"], {}))


@backend.prepares("PutBucketReplication")
def check_replication(call: Call) -> None:
    """aws_s3_bucket_replication_configuration, create and update: moto looks at the source only."""
    check_destinations(call.params["ReplicationConfiguration"])


@backend.watches("DeleteBucketReplication")
def end_replication(call: Call, _answer: Mapping[str, Any]) -> None:
    """aws_s3_bucket_replication_configuration, delete."""
    call.account_store("replication").pop(call.params["Bucket"], None)


@backend.watches("PutObject", "CopyObject", "CompleteMultipartUpload")
def replicate_what_was_written(call: Call, answer: Mapping[str, Any]) -> None:
    """A bucket with aws_s3_bucket_replication_configuration: its objects are in the other one at once."""
    if (configuration := _replication(call)) and (version := answer.get("VersionId")):
        replicate_object(_bucket(call), configuration, call.params["Key"], version)


@backend.watches("DeleteObject", "DeleteObjects")
def replicate_what_was_deleted(call: Call, _answer: Mapping[str, Any]) -> None:
    """The same for what is marked deleted; a version that is taken away stays in the other bucket, as on AWS."""
    if configuration := _replication(call):
        for each in call.params.get("Delete", {}).get("Objects", [call.params]):
            if "VersionId" not in each:
                replicate_deletion(_bucket(call), configuration, each["Key"])


@backend.amends("DeleteBucket")
def forget_bucket(call: Call, _answer: dict[str, Any]) -> None:
    """A bucket made again under the same name starts with nothing."""
    for kind in ("policies", "lifecycle", "notification", "replication", "minimum-size", "payer"):
        call.account_store(kind).pop(call.params["Bucket"], None)


@backend.answers("DeleteObject")
def delete_object(call: Call) -> Mapping[str, Any] | None:
    """aws_s3_bucket with force_destroy, after its aws_s3_bucket_versioning was destroyed (suspended): `_delete`."""
    bucket = _suspended_bucket(call)
    return _delete(bucket, call.params["Key"], call.params.get("VersionId")) if bucket else None


@backend.answers("DeleteObjects")
def delete_objects(call: Call) -> Mapping[str, Any] | None:
    """The same for a thousand at a time, which is how the provider empties a bucket."""
    bucket = _suspended_bucket(call)
    if bucket is None:
        return None
    objects = call.params["Delete"]["Objects"]
    deleted = [{"Key": each["Key"], **_delete(bucket, each["Key"], each.get("VersionId"))} for each in objects]
    return {} if call.params["Delete"].get("Quiet") else {"Deleted": deleted}


@backend.answers("GetBucketRequestPayment")
def get_bucket_request_payment(call: Call) -> Mapping[str, Any]:
    """aws_s3_bucket and aws_s3_bucket_request_payment_configuration, read: moto answers with a list of objects."""
    return {"Payer": call.account_store("payer").get(call.params["Bucket"], "BucketOwner")}


@backend.answers("PutBucketRequestPayment")
def put_bucket_request_payment(call: Call) -> Mapping[str, Any]:
    """aws_s3_bucket_request_payment_configuration, create and update: moto makes the bucket once more."""
    call.account_store("payer")[call.params["Bucket"]] = call.params["RequestPaymentConfiguration"]["Payer"]
    return {}


# moto reads these as listing the objects, making or deleting the bucket, and answers that it is done.
backend.lacks(
    *(f"{verb}Bucket{kind}Configuration" for verb in ("Put", "Get", "Delete") for kind in _CONFIGURATIONS),
    *(f"ListBucket{kind}Configurations" for kind in _CONFIGURATIONS),
    *(f"{verb}BucketMetadataTableConfiguration" for verb in ("Create", "Get", "Delete")),
    "CreateSession",
    "GetObjectTorrent",
    "ListDirectoryBuckets",
)


def _bucket(call: Call) -> FakeBucket:
    return s3_backends[call.account]["aws"].get_bucket(call.params["Bucket"])


def _replication(call: Call) -> Mapping[str, Any] | None:
    return call.account_store("replication").get(call.params["Bucket"])


def _suspended_bucket(call: Call) -> FakeBucket | None:
    bucket = _bucket(call)
    return bucket if bucket.versioning_status == "Suspended" else None


def _delete(bucket: FakeBucket, key: str, version_id: str | None) -> dict[str, Any]:
    """Delete one version, or mark the object deleted.

    moto treats a suspended bucket as one that never had versions: it would drop all of them at once, and fails when one
    is a delete marker.
    """
    versions = bucket.keys.getlist(key, [])
    if version_id is None:
        if not versions:
            return {}
        marker = FakeDeleteMarker(key=versions[-1])
        bucket.keys[key] = marker
        return {"DeleteMarker": True, "VersionId": marker.version_id}
    kept = [version for version in versions if str(version.version_id) != version_id]
    bucket.keys.setlist(key, kept)
    if not kept and key in bucket.keys:
        bucket.keys.pop(key)
    return {"VersionId": version_id}
