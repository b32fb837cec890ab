"""KMS: keys with replicas in other regions, each a key of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy, deepcopy
from datetime import UTC, datetime
from typing import Any

from moto.kms.models import Key, kms_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("kms")


@backend.answers("ReplicateKey")
def replicate_key(call: Call) -> Mapping[str, Any]:
    """aws_kms_replica_key, create: moto's replica has neither policy nor tags, and changes the primary with it."""
    source, region = _key(call), call.params["ReplicaRegion"]
    if not source.multi_region or source.multi_region_configuration["MultiRegionKeyType"] != "PRIMARY":
        raise AwsError("UnsupportedOperationException", f"{source.arn} is not a multi-Region primary key.")
    destination = kms_backends[call.account][region]
    if source.id in destination.keys:
        raise AwsError("AlreadyExistsException", f"{source.id} is already replicated to {region}.")
    replica = copy(source)
    replica.region = region
    replica.arn = source.arn.replace(f":{call.region}:", f":{region}:")
    replica.creation_date = datetime.now(UTC).timestamp()
    replica.policy = call.params.get("Policy") or source.generate_default_policy()
    replica.description = call.params.get("Description", "")
    replica.grants, replica.aliases, replica.rotations = {}, {}, []
    replica.enabled, replica.key_state = True, "Enabled"
    replica.multi_region_configuration = {
        **deepcopy(source.multi_region_configuration),
        "MultiRegionKeyType": "REPLICA",
    }
    destination.keys[replica.id] = replica
    destination.tagger.tag_resource(replica.id, call.params.get("Tags", []))
    return {"ReplicaKeyMetadata": replica.to_dict()["KeyMetadata"], "ReplicaPolicy": replica.policy}


@backend.amends("DescribeKey")
def tell_replicas(call: Call, answer: dict[str, Any]) -> None:
    """aws_kms_replica_key and aws_kms_key with multi_region, read: which replicas there are now."""
    if configuration := answer["KeyMetadata"].get("MultiRegionConfiguration"):
        primary = configuration["PrimaryKey"]["Arn"]
        keys = [key for key in _related(call) if key.arn != primary]
        configuration["ReplicaKeys"] = [{"Arn": key.arn, "Region": key.region} for key in keys]


@backend.watches("EnableKeyRotation", "DisableKeyRotation")
def rotate_replicas_too(call: Call, _answer: Mapping[str, Any]) -> None:
    """aws_kms_key with enable_key_rotation, update: the key material is one, and so is its rotation."""
    for key in _related(call):
        key.key_rotation_status = call.operation.name == "EnableKeyRotation"


def _key(call: Call) -> Key:
    moto = kms_backends[call.account][call.region]
    key = moto.keys.get(moto.any_id_to_key_id(call.params["KeyId"]))
    if key is None:
        raise AwsError("NotFoundException", f"Key '{call.params['KeyId']}' does not exist")
    return key


def _related(call: Call) -> Iterator[Key]:
    """The keys of one id, in whatever region."""
    identifier = _key(call).id
    for moto in list(kms_backends[call.account].values()):
        if identifier in moto.keys:
            yield moto.keys[identifier]
