"""What S3 replication does with an object that was written or deleted, done before the writer is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, s3_backends

from tooling.emulator.registry import AwsError

Rule = Mapping[str, Any]


def check_destinations(configuration: Mapping[str, Any]) -> None:
    """Refuse a configuration whose replicas would have nowhere to go.

    Raises:
        AwsError: A destination bucket does not exist, or keeps no versions.
    """
    for rule in configuration["Rules"]:
        name = _destination(rule)
        if name not in s3_backends.bucket_accounts:
            raise AwsError("InvalidRequest", f"Destination bucket must exist: {name}.")
        if not _bucket(name).is_versioned:
            raise AwsError("InvalidRequest", "Destination bucket must have versioning enabled.")


def replicate_object(source: FakeBucket, configuration: Mapping[str, Any], key: str, version_id: str) -> None:
    """Copy one version, under the same version id, to every destination that a rule names for it."""
    version = next((each for each in source.keys.getlist(key, []) if each.version_id == version_id), None)
    if not isinstance(version, FakeKey):
        return
    tags = _moto(source).tagger.get_tag_dict_for_resource(version.arn)
    for name, rule in _rules_for(configuration, key, tags).items():
        if _replicates_encryption(rule, version) and _takes(name, key, version_id):
            _copy(version, name, rule["Destination"])


def replicate_deletion(source: FakeBucket, configuration: Mapping[str, Any], key: str) -> None:
    """Mark the object deleted at its destinations, if it was marked here and the rule wants that."""
    versions = source.keys.getlist(key, [])
    if not versions or not isinstance(versions[-1], FakeDeleteMarker):
        return
    for name, rule in _rules_for(configuration, key, {}).items():
        if rule.get("DeleteMarkerReplication", {}).get("Status") != "Enabled":
            continue
        if _takes(name, key, versions[-1].version_id):
            marker = FakeDeleteMarker(key=versions[-1].key)
            marker._version_id = versions[-1].version_id
            _bucket(name).keys[key] = marker


def _rules_for(configuration: Mapping[str, Any], key: str, tags: Mapping[str, str]) -> dict[str, Rule]:
    """The rule that counts for an object at each destination: the one of the highest priority."""
    enabled = [rule for rule in configuration["Rules"] if rule["Status"] == "Enabled"]
    in_order = sorted(enabled, key=lambda rule: int(rule.get("Priority", 0)))
    return {_destination(rule): rule for rule in in_order if _matches(rule, key, tags)}


def _matches(rule: Rule, key: str, tags: Mapping[str, str]) -> bool:
    both = rule.get("Filter", {}).get("And", {})
    one = rule.get("Filter", {})
    prefix = both.get("Prefix") or one.get("Prefix") or rule.get("Prefix") or ""
    wanted = [*both.get("Tags", []), *_listed(one.get("Tag"))]
    return key.startswith(prefix) and all(tags.get(tag["Key"]) == tag["Value"] for tag in wanted)


def _listed(tag: Mapping[str, str] | None) -> Iterable[Mapping[str, str]]:
    return [tag] if tag else []


def _replicates_encryption(rule: Rule, version: FakeKey) -> bool:
    """Objects under a KMS key are left out unless the rule says otherwise."""
    criteria = rule.get("SourceSelectionCriteria", {}).get("SseKmsEncryptedObjects", {})
    return bool(version.encryption != "aws:kms" or criteria.get("Status") == "Enabled")


def _takes(name: str, key: str, version_id: str) -> bool:
    """Whether a destination is still there, keeps versions, and lacks this one."""
    if name not in s3_backends.bucket_accounts or not _bucket(name).is_versioned:
        return False
    return all(each.version_id != version_id for each in _bucket(name).keys.getlist(key, []))


def _copy(version: FakeKey, name: str, destination: Mapping[str, Any]) -> None:
    moto = _moto(_bucket(name))
    replica = moto.put_object(
        bucket_name=name,
        key_name=version.name,
        value=version.value,
        storage=destination.get("StorageClass", version.storage_class),
        etag=version._etag,
        multipart=version.multipart,
        encryption=version.encryption,
        kms_key_id=destination.get("EncryptionConfiguration", {}).get("ReplicaKmsKeyID"),
    )
    replica._version_id = version.version_id
    replica.last_modified = version.last_modified
    replica.set_metadata(dict(version.metadata))
    replica.set_acl(version.acl)
    moto.tagger.copy_tags(version.arn, replica.arn)


def _destination(rule: Rule) -> str:
    return str(rule["Destination"]["Bucket"]).removeprefix("arn:aws:s3:::")


def _bucket(name: str) -> FakeBucket:
    partition, account = s3_backends.bucket_accounts[name]
    return s3_backends[account][partition].get_bucket(name)


def _moto(bucket: FakeBucket) -> Any:
    return s3_backends[bucket.account_id]["aws"]
