"""ElastiCache: replication groups whose members are clusters, and subnet groups that can be deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from moto.elasticache.models import ReplicationGroup, elasticache_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("elasticache")


@backend.prepares("CreateReplicationGroup")
def count_replicas(call: Call) -> None:
    """aws_elasticache_replication_group with num_cache_clusters, create: moto counts replicas of a node group only."""
    if count := call.params.get("NumCacheClusters"):
        form = dict(parse_qsl(call.body.decode(), keep_blank_values=True))
        call.body = urlencode({**form, "ReplicasPerNodeGroup": str(count - 1)}).encode()


@backend.answers("DescribeCacheClusters")
def describe_member(call: Call) -> Mapping[str, Any] | None:
    """aws_elasticache_replication_group, read: the first member says what the group does not."""
    wanted = call.params.get("CacheClusterId")
    members = [cluster for cluster in _members(call) if cluster["CacheClusterId"] == wanted]
    return {"CacheClusters": members} if members else None


@backend.watches("DeleteReplicationGroup")
def forget_group(call: Call, _answer: Mapping[str, Any]) -> None:
    """aws_elasticache_replication_group, delete: moto is deleting it for ever."""
    del elasticache_backends[call.account][call.region].replication_groups[call.params["ReplicationGroupId"]]


@backend.answers("DeleteCacheSubnetGroup")
def delete_cache_subnet_group(call: Call) -> Mapping[str, Any]:
    """aws_elasticache_subnet_group, delete."""
    moto = elasticache_backends[call.account][call.region]
    name = call.params["CacheSubnetGroupName"]
    moto.describe_cache_subnet_groups(name)  # refuses one that is not there
    if any(group.cache_subnet_group_name == name for group in moto.replication_groups.values()):
        raise AwsError("CacheSubnetGroupInUse", f"Cache subnet group {name} is currently in use by a cache cluster.")
    del moto.cache_subnet_groups[name]
    return {}


def _members(call: Call) -> Iterator[dict[str, Any]]:
    for group in elasticache_backends[call.account][call.region].replication_groups.values():
        for cluster in group.member_clusters:
            yield _member(call, group, cluster)


def _member(call: Call, group: ReplicationGroup, cluster: str) -> dict[str, Any]:
    version = group.engine_version or "7.1"
    family = f"{group.engine}{version.partition('.')[0]}"
    return {
        "ARN": call.arn(f"cluster:{cluster}"),
        "AtRestEncryptionEnabled": group.at_rest_encryption_enabled,
        "AuthTokenEnabled": group.auth_token_enabled,
        "AutoMinorVersionUpgrade": group.auto_minor_version_upgrade is not False,
        "CacheClusterId": cluster,
        "CacheClusterStatus": "available",
        "CacheNodeType": group.cache_node_type,
        "CacheParameterGroup": {
            "CacheParameterGroupName": group.cache_parameter_group_name or f"default.{family}",
            "ParameterApplyStatus": "in-sync",
        },
        "CacheSubnetGroupName": group.cache_subnet_group_name,
        "Engine": group.engine,
        "EngineVersion": f"{version}.0" if version.count(".") == 1 else version,
        "NumCacheNodes": 1,
        "PreferredMaintenanceWindow": group.preferred_maintenance_window or "sun:05:00-sun:06:00",
        "ReplicationGroupId": group.replication_group_id,
        "SecurityGroups": [
            {"SecurityGroupId": identifier, "Status": "active"} for identifier in group.security_group_ids or []
        ],
        "SnapshotRetentionLimit": group.snapshot_retention_limit,
        "SnapshotWindow": group.snapshot_window,
        "TransitEncryptionEnabled": group.transit_encryption_enabled,
    }
