"""KMS: keys have no name, so they are looked for by all that was planned of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tooling.recovery.answers import has_planned_tags, needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, finds

# How KMS calls what a key is planned with.
_SAID = {
    "customer_master_key_spec": "KeySpec",
    "description": "Description",
    "key_usage": "KeyUsage",
    "multi_region": "MultiRegion",
}
_GOING = frozenset({"PendingDeletion", "PendingReplicaDeletion"})


@finds("aws_kms_key")
def _key(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("kms")
    planned = {theirs: value for ours, theirs in _SAID.items() if (value := wanted.values.get(ours)) is not None}
    for listed in each(client, "list_keys", "Keys"):
        key = _described(client, listed["KeyId"])
        if key and key["KeyManager"] == "CUSTOMER" and planned.items() <= key.items() and not _is_replica(key):
            tags = _tags(client, key["KeyId"])
            # A key is made together with its tags.
            if has_planned_tags(wanted, tags):
                yield Found(key["KeyId"], tags, key["CreationDate"])


@finds("aws_kms_replica_key")
@needs("primary_key_arn")
def _replica(wanted: Wanted) -> Iterator[Found]:
    # It has its primary key's id, in another region.
    client, key_id = wanted.client("kms"), str(wanted.values["primary_key_arn"]).rpartition("/")[2]
    key = _described(client, key_id)
    if key and _is_replica(key):
        yield Found(key["KeyId"], _tags(client, key["KeyId"]), key["CreationDate"])


@finds("aws_kms_alias")
@needs("name", "target_key_id")
def _alias(wanted: Wanted) -> Iterator[Found]:
    for alias in each(wanted.client("kms"), "list_aliases", "Aliases", KeyId=wanted.values["target_key_id"]):
        if alias["AliasName"] == wanted.values["name"]:
            yield Found(alias["AliasName"], None, alias.get("CreationDate"), within=True)


def _described(client: Any, key_id: str) -> Mapping[str, Any] | None:
    """A key that is there to stay."""
    told = answer(client.describe_key, KeyId=key_id)
    if told is None or told["KeyMetadata"]["KeyState"] in _GOING:
        return None
    return {"MultiRegion": False, **told["KeyMetadata"]}


def _is_replica(key: Mapping[str, Any]) -> bool:
    return bool(key.get("MultiRegionConfiguration", {}).get("MultiRegionKeyType") == "REPLICA")


def _tags(client: Any, key_id: str) -> dict[str, str]:
    return tags_in(each(client, "list_resource_tags", "Tags", KeyId=key_id))
