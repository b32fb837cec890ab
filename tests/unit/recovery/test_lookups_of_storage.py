"""What a cut creation left of buckets, tables and caches is found, random names included."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tooling.recovery.lookup import Found

Client = Callable[..., Any]
Look = Callable[..., list[Found]]
FIRST, SECOND = "20261122000530619600000001", "2026112200061234560000000c"


@pytest.fixture
def s3(client: Client) -> Any:
    return client("s3")


def test_buckets_of_a_prefix_are_told_from_others_that_begin_so(s3: Any, look: Look) -> None:
    # GIVEN two buckets with names that Terraform made up, and two that only begin like them
    before = datetime.now(UTC).replace(microsecond=0)
    for name in (f"media-{FIRST}", f"media-{SECOND}", "media-logs", f"media-old-{FIRST}"):
        s3.create_bucket(Bucket=name)
    s3.put_bucket_tagging(Bucket=f"media-{FIRST}", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})

    # WHEN a bucket of the prefix is looked for
    found = {one.id: one for one in look("aws_s3_bucket", bucket=None, bucket_prefix="media-")}

    # THEN both are told; the one without tags has its time
    assert {name: one.tags for name, one in found.items()} == {f"media-{FIRST}": {"a": "b"}, f"media-{SECOND}": {}}
    assert all(one.created is not None and one.created >= before for one in found.values())
    assert [one.id for one in look("aws_s3_bucket", bucket_prefix="media-old-")] == [f"media-old-{FIRST}"]


def test_a_bucket_is_found_by_its_whole_name_only(s3: Any, look: Look) -> None:
    for name in ("whole-name", "whole-name-and-more"):
        s3.create_bucket(Bucket=name)

    assert [one.id for one in look("aws_s3_bucket", bucket="whole-name")] == ["whole-name"]
    assert look("aws_s3_bucket", bucket="whole") == []
    # Neither a name nor a prefix was planned: it may be any.
    assert look("aws_s3_bucket", bucket=None, bucket_prefix=None) == []


def test_a_bucket_of_another_region_is_found(client: Client, look: Look) -> None:
    place = {"LocationConstraint": "us-west-2"}
    client("s3", "us-west-2").create_bucket(Bucket="far-away", CreateBucketConfiguration=place)

    assert [one.id for one in look("aws_s3_bucket", region="us-west-2", bucket="far-away")] == ["far-away"]


@pytest.mark.parametrize("kind", ["policy", "versioning", "notification", "public_access_block", "cors_configuration"])
def test_what_belongs_to_a_bucket_has_its_name(look: Look, kind: str) -> None:
    assert look(f"aws_s3_bucket_{kind}", bucket="b") == [Found("b", within=True, there=False)]
    assert look(f"aws_s3_bucket_{kind}", bucket=None) == []


def test_the_owner_is_part_of_the_id_where_it_was_planned(look: Look) -> None:
    (found,) = look("aws_s3_bucket_versioning", bucket="b", expected_bucket_owner="123456789012")

    assert found.id == "b,123456789012"


def test_a_table_is_found_with_all_its_tags(client: Client, look: Look) -> None:
    # GIVEN a table with more tags than DynamoDB tells on one page
    tags = [{"Key": f"tag{count}", "Value": str(count)} for count in range(23)]
    client("dynamodb").create_table(
        TableName="found",
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=tags,
    )

    (found,) = look("aws_dynamodb_table", name="found")

    assert found.id == "found"
    assert found.tags == {each["Key"]: each["Value"] for each in tags}
    assert found.created is not None
    assert look("aws_dynamodb_table", name="none") == []


def test_a_cache_and_its_subnets_are_found_in_small_letters(client: Client, look: Look) -> None:
    # GIVEN a replication group and a subnet group
    elasticache, tags = client("elasticache"), [{"Key": "a", "Value": "b"}]
    subnet = client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    elasticache.create_cache_subnet_group(
        CacheSubnetGroupName="subnets", CacheSubnetGroupDescription="d", SubnetIds=[subnet], Tags=tags
    )
    elasticache.create_replication_group(
        ReplicationGroupId="cache", ReplicationGroupDescription="d", CacheNodeType="cache.t4g.micro", Tags=tags
    )

    # THEN both are found
    (cache,) = look("aws_elasticache_replication_group", replication_group_id="Cache")
    assert (cache.id, cache.tags) == ("cache", {"a": "b"})
    assert look("aws_elasticache_subnet_group", name="Subnets") == [Found("subnets", tags={"a": "b"})]
    assert look("aws_elasticache_replication_group", replication_group_id="none") == []
    assert look("aws_elasticache_subnet_group", name="none") == []
