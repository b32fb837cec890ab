"""ElastiCache: replication groups and subnet groups by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_elasticache_replication_group")
@needs("replication_group_id")
def replication_group(wanted: Wanted) -> Iterator[Found]:
    """ElastiCache keeps names in small letters."""
    client, name = wanted.client("elasticache"), wanted.values["replication_group_id"].lower()
    told = answer(client.describe_replication_groups, ReplicationGroupId=name) or {}
    for item in told.get("ReplicationGroups", ()):
        yield Found(name, tags=_tags(client, item["ARN"]), created=item.get("ReplicationGroupCreateTime"))


@finds("aws_elasticache_subnet_group")
@needs("name")
def subnet_group(wanted: Wanted) -> Iterator[Found]:
    """ElastiCache tells no times of subnet groups."""
    client, name = wanted.client("elasticache"), wanted.values["name"].lower()
    told = answer(client.describe_cache_subnet_groups, CacheSubnetGroupName=name) or {}
    for item in told.get("CacheSubnetGroups", ()):
        yield Found(name, tags=_tags(client, item["ARN"]))


def _tags(client: Any, arn: str) -> dict[str, str] | None:
    told = answer(client.list_tags_for_resource, ResourceName=arn)
    return tags_in(told.get("TagList")) if told else None
