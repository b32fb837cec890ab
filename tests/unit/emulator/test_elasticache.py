"""ElastiCache: members of replication groups, and the end of groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]


@pytest.fixture(scope="module")
def cache(client: Client) -> Any:
    return client("elasticache")


@pytest.fixture
def subnets(client: Client, cache: Any, request: pytest.FixtureRequest) -> str:
    """The name of a subnet group."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.5.1.0/24")["Subnet"]["SubnetId"]
    name = request.node.name.replace("_", "-")
    cache.create_cache_subnet_group(CacheSubnetGroupName=name, CacheSubnetGroupDescription="tests", SubnetIds=[subnet])
    return str(name)


def _create(cache: Any, name: str, **settings: Any) -> list[str]:
    """Make a group; its members."""
    cache.create_replication_group(
        ReplicationGroupId=name,
        ReplicationGroupDescription="tests",
        Engine="redis",
        EngineVersion="7.1",
        CacheNodeType="cache.t4g.micro",
        **settings,
    )
    (group,) = cache.describe_replication_groups(ReplicationGroupId=name)["ReplicationGroups"]
    return list(group["MemberClusters"])


def _refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])


@pytest.mark.parametrize("count", [1, 3])
def test_group_has_as_many_members_as_asked_for(cache: Any, count: int) -> None:
    members = _create(cache, f"counted-{count}", NumCacheClusters=count)

    assert members == [f"counted-{count}-{number:03}" for number in range(1, count + 1)]


def test_member_says_what_its_group_was_made_with(cache: Any, subnets: str) -> None:
    first, _second = _create(
        cache,
        "described",
        NumCacheClusters=2,
        AtRestEncryptionEnabled=True,
        CacheSubnetGroupName=subnets,
        SecurityGroupIds=["sg-1"],
        SnapshotRetentionLimit=3,
        TransitEncryptionEnabled=True,
    )

    (member,) = cache.describe_cache_clusters(CacheClusterId=first)["CacheClusters"]

    assert member["ReplicationGroupId"] == "described"
    assert (member["Engine"], member["EngineVersion"], member["CacheNodeType"]) == ("redis", "7.1.0", "cache.t4g.micro")
    assert member["CacheParameterGroup"]["CacheParameterGroupName"] == "default.redis7"
    assert member["CacheSubnetGroupName"] == subnets
    assert [each["SecurityGroupId"] for each in member["SecurityGroups"]] == ["sg-1"]
    assert (member["AtRestEncryptionEnabled"], member["TransitEncryptionEnabled"]) == (True, True)
    assert member["SnapshotRetentionLimit"] == 3


def test_cluster_that_is_no_member_is_refused(cache: Any) -> None:
    assert _refusal(lambda: cache.describe_cache_clusters(CacheClusterId="nobody")) == "CacheClusterNotFound"


def test_group_goes_with_its_members(cache: Any) -> None:
    (member,) = _create(cache, "deleted", NumCacheClusters=1)

    cache.delete_replication_group(ReplicationGroupId="deleted")

    group = _refusal(lambda: cache.describe_replication_groups(ReplicationGroupId="deleted"))
    cluster = _refusal(lambda: cache.describe_cache_clusters(CacheClusterId=member))
    assert (group, cluster) == ("ReplicationGroupNotFoundFault", "CacheClusterNotFound")


def test_subnet_group_is_deleted_when_nobody_uses_it(cache: Any, subnets: str) -> None:
    _create(cache, "user", CacheSubnetGroupName=subnets)
    used = _refusal(lambda: cache.delete_cache_subnet_group(CacheSubnetGroupName=subnets))
    cache.delete_replication_group(ReplicationGroupId="user")

    cache.delete_cache_subnet_group(CacheSubnetGroupName=subnets)

    gone = _refusal(lambda: cache.describe_cache_subnet_groups(CacheSubnetGroupName=subnets))
    again = _refusal(lambda: cache.delete_cache_subnet_group(CacheSubnetGroupName=subnets))
    assert used == "CacheSubnetGroupInUse"
    assert gone == again == "CacheSubnetGroupNotFoundFault"
