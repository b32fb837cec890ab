"""KMS: a key and its replica in another region."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]

POLICY = '{"Version":"2012-10-17","Statement":[]}'


@pytest.fixture
def east(client: Client) -> Any:
    return client("kms")


@pytest.fixture
def west(client: Client) -> Any:
    return client("kms", region="us-west-2")


@pytest.fixture
def key(east: Any) -> str:
    made = east.create_key(MultiRegion=True, Description="primary", Tags=[{"TagKey": "in", "TagValue": "east"}])
    east.replicate_key(
        KeyId=made["KeyMetadata"]["KeyId"],
        ReplicaRegion="us-west-2",
        Description="replica",
        Policy=POLICY,
        Tags=[{"TagKey": "in", "TagValue": "west"}],
    )
    return str(made["KeyMetadata"]["KeyId"])


def _describe(kms: Any, key: str) -> Any:
    return kms.describe_key(KeyId=key)["KeyMetadata"]


def test_key_and_replica_know_each_other(east: Any, west: Any, key: str) -> None:
    for kms, kind in ((east, "PRIMARY"), (west, "REPLICA"), (east, "PRIMARY")):
        told = _describe(kms, key)["MultiRegionConfiguration"]
        assert told["MultiRegionKeyType"] == kind
        assert told["PrimaryKey"]["Region"] == "us-east-1"
        assert [each["Region"] for each in told["ReplicaKeys"]] == ["us-west-2"]


def test_replica_has_its_own_description_policy_tags_and_aliases(east: Any, west: Any, key: str) -> None:
    east.create_alias(AliasName="alias/primary-only", TargetKeyId=key)

    assert [_describe(kms, key)["Description"] for kms in (east, west)] == ["primary", "replica"]
    assert west.get_key_policy(KeyId=key, PolicyName="default")["Policy"] == POLICY
    assert east.get_key_policy(KeyId=key, PolicyName="default")["Policy"] != POLICY
    assert west.list_resource_tags(KeyId=key)["Tags"] == [{"TagKey": "in", "TagValue": "west"}]
    assert west.list_aliases(KeyId=key)["Aliases"] == []


def test_rotation_is_the_same_for_both(east: Any, west: Any, key: str) -> None:
    east.enable_key_rotation(KeyId=key)
    on = west.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    east.disable_key_rotation(KeyId=key)

    assert (on, west.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]) == (True, False)


def test_replica_is_deleted_alone(east: Any, west: Any, key: str) -> None:
    west.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    assert (_describe(east, key)["KeyState"], _describe(west, key)["KeyState"]) == ("Enabled", "PendingDeletion")


@pytest.mark.parametrize(("region", "refusal"), [("us-east-1", "AlreadyExists"), ("us-west-2", "UnsupportedOperation")])
def test_key_is_replicated_once_and_from_its_primary(client: Client, key: str, region: str, refusal: str) -> None:
    with pytest.raises(ClientError, match=refusal):
        client("kms", region=region).replicate_key(KeyId=key, ReplicaRegion="us-west-2")


def test_key_of_one_region_is_not_replicated(east: Any) -> None:
    key = east.create_key()["KeyMetadata"]["KeyId"]

    with pytest.raises(ClientError, match="UnsupportedOperationException"):
        east.replicate_key(KeyId=key, ReplicaRegion="us-west-2")
