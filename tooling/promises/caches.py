"""Caches: available, encrypted on disk and on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept, waiting

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack

# https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html
_ON_THEIR_WAY = frozenset({"creating", "modifying", "snapshotting"})


def sound(live: LiveStack, cache: LiveResource) -> Answer:
    client = live.client("elasticache", cache.region)
    found = client.describe_replication_groups(ReplicationGroupId=cache["replication_group_id"])
    group = found["ReplicationGroups"][0]
    if group["Status"] in _ON_THEIR_WAY:
        return waiting(group["Status"], next="wait some minutes, then ask again")
    if group["Status"] != "available":
        return broken(group["Status"], means="the application goes without its cache")
    open_ways = [name for name in ("AtRestEncryptionEnabled", "TransitEncryptionEnabled") if not group.get(name)]
    return broken(f"{', '.join(open_ways)} off") if open_ways else kept("available, encrypted")


PROMISES = (
    Promise("cache-sound", "caches are available and encrypted", ("aws_elasticache_replication_group",), sound),
)
