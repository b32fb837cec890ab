"""DynamoDB: a table and its replica in another region are one, but for what is each region's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]

KEY = "arn:aws:kms:us-west-2:555555555555:key/replica"
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


@pytest.fixture
def east(client: Client) -> Any:
    return client("dynamodb")


@pytest.fixture
def west(client: Client) -> Any:
    return client("dynamodb", region="us-west-2")


def _create(dynamodb: Any, name: str, **more: Any) -> None:
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        **{"StreamSpecification": STREAM, **more},
    )


def _update(dynamodb: Any, name: str, action: str, **wanted: str) -> Any:
    update = {action: {"RegionName": "us-west-2", **wanted}}
    return dynamodb.update_table(TableName=name, ReplicaUpdates=[update])["TableDescription"]


@pytest.fixture
def table(east: Any, request: pytest.FixtureRequest) -> str:
    name = str(request.node.name)
    _create(east, name, Tags=[{"Key": "in", "Value": "east"}])
    _update(east, name, "Create", KMSMasterKeyId=KEY)
    return name


def _describe(dynamodb: Any, name: str) -> Any:
    return dynamodb.describe_table(TableName=name)["Table"]


def test_each_table_names_the_other(east: Any, west: Any, table: str) -> None:
    here, there = _describe(east, table), _describe(west, table)

    assert here["Replicas"] == [{"RegionName": "us-west-2", "ReplicaStatus": "ACTIVE", "KMSMasterKeyId": KEY}]
    assert [each["RegionName"] for each in there["Replicas"]] == ["us-east-1"]
    assert here["GlobalTableVersion"] == "2019.11.21"
    assert there["TableArn"] == f"arn:aws:dynamodb:us-west-2:555555555555:table/{table}"
    assert (there["TableStatus"], there["SSEDescription"]["KMSMasterKeyArn"]) == ("ACTIVE", KEY)
    assert there["LatestStreamArn"].startswith(there["TableArn"])


@pytest.mark.parametrize(("writer", "reader"), [("east", "west"), ("west", "east")])
def test_item_written_in_one_region_is_in_the_other(table: str, writer: str, reader: str, request: Any) -> None:
    item = {"PK": {"S": writer}}

    request.getfixturevalue(writer).put_item(TableName=table, Item=item)

    assert request.getfixturevalue(reader).get_item(TableName=table, Key=item)["Item"] == item


def test_stream_of_either_region_tells_what_was_written(client: Client, west: Any, table: str) -> None:
    west.put_item(TableName=table, Item={"PK": {"S": "1"}})

    for region in ("us-east-1", "us-west-2"):
        streams = client("dynamodbstreams", region=region)
        arn = streams.list_streams(TableName=table)["Streams"][0]["StreamArn"]
        shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
        iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        records = streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
        assert [record["eventName"] for record in records] == ["INSERT"]


def test_index_and_expiry_are_the_same_in_both_regions(east: Any, west: Any, table: str) -> None:
    ttl = {"Enabled": True, "AttributeName": "TTL"}
    east.update_time_to_live(TableName=table, TimeToLiveSpecification=ttl)
    index = {
        "IndexName": "by-kind",
        "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    west.update_table(
        TableName=table,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "kind")],
        GlobalSecondaryIndexUpdates=[{"Create": index}],
    )

    assert west.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["AttributeName"] == "TTL"
    assert [each["IndexName"] for each in _describe(east, table)["GlobalSecondaryIndexes"]] == ["by-kind"]


def test_backups_tags_and_protection_are_each_regions_own(east: Any, west: Any, table: str) -> None:
    there = _describe(west, table)["TableArn"]
    west.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    west.tag_resource(ResourceArn=there, Tags=[{"Key": "in", "Value": "west"}])
    west.update_table(TableName=table, DeletionProtectionEnabled=True)

    told = [each.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"] for each in (east, west)]
    recovery = [each["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] for each in told]
    here = _describe(east, table)["TableArn"]
    assert recovery == ["DISABLED", "ENABLED"]
    assert east.list_tags_of_resource(ResourceArn=here)["Tags"] == [{"Key": "in", "Value": "east"}]
    assert west.list_tags_of_resource(ResourceArn=there)["Tags"] == [{"Key": "in", "Value": "west"}]
    assert _describe(east, table)["DeletionProtectionEnabled"] is False
    with pytest.raises(ClientError, match="protected against deletion"):
        _update(east, table, "Delete")


def test_replica_takes_another_key(east: Any, west: Any, table: str) -> None:
    _update(east, table, "Update", KMSMasterKeyId=f"{KEY}-2")

    assert _describe(east, table)["Replicas"][0]["KMSMasterKeyId"] == f"{KEY}-2"
    assert _describe(west, table)["SSEDescription"]["KMSMasterKeyArn"] == f"{KEY}-2"


def test_replica_without_a_key_gets_its_regions_own(east: Any, west: Any) -> None:
    _create(east, "default-key", SSESpecification={"Enabled": True, "SSEType": "KMS"})

    _update(east, "default-key", "Create")

    keys = [_describe(each, "default-key")["SSEDescription"]["KMSMasterKeyArn"] for each in (east, west)]
    assert [key.split(":")[3] for key in keys] == ["us-east-1", "us-west-2"]


def test_deleted_replica_is_gone_and_the_table_stays(east: Any, west: Any, table: str) -> None:
    described = _update(east, table, "Delete")

    assert "Replicas" not in described
    assert table not in west.list_tables()["TableNames"]
    assert "Replicas" not in _describe(east, table)
    with pytest.raises(ClientError, match="ReplicaNotFoundException"):
        _update(east, table, "Delete")


def test_deleted_table_leaves_the_other_region_alone(east: Any, west: Any, table: str) -> None:
    east.put_item(TableName=table, Item={"PK": {"S": "1"}})

    east.delete_table(TableName=table)

    assert table not in east.list_tables()["TableNames"]
    assert west.scan(TableName=table)["Count"] == 1
    assert "Replicas" not in _describe(west, table)


def test_table_made_again_has_no_replica(east: Any, west: Any, table: str) -> None:
    _update(east, table, "Delete")
    east.delete_table(TableName=table)

    _create(east, table)

    assert "Replicas" not in _describe(east, table)


@pytest.mark.parametrize("stream", [{"StreamEnabled": False}, {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}])
def test_table_without_full_stream_is_not_replicated(east: Any, stream: dict[str, Any]) -> None:
    name = f"stream-{stream.get('StreamViewType')}"
    _create(east, name, StreamSpecification=stream)

    with pytest.raises(ClientError, match="a table needs a stream of NEW_AND_OLD_IMAGES"):
        _update(east, name, "Create")


def test_name_taken_in_the_other_region_is_refused(east: Any, west: Any) -> None:
    for dynamodb in (east, west):
        _create(dynamodb, "taken")

    with pytest.raises(ClientError, match="already existed as tables"):
        _update(east, "taken", "Create")
