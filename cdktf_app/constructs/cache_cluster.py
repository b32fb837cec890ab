"""A Redis cache of ElastiCache in private subnets, encrypted, with a copy in another zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.elasticache import ElasticacheReplicationGroup, ElasticacheSubnetGroup
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

PORT = 6379


@dataclass(frozen=True, kw_only=True)
class CacheClusterProps:
    """Shape of a cache.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name, which may have 40 characters in all.
        description: What is cached.
        enabled: Whether there is one.
        node_type: Class of its nodes (``cache.t4g.micro``).
        subnet_ids: Private subnets in two zones.
        security_group_ids: Who may connect.
        maintenance_window: When ElastiCache may restart nodes, in UTC.
    """

    deployment: Deployment
    name: str
    description: str
    enabled: Input
    node_type: str
    subnet_ids: Sequence[str]
    security_group_ids: Sequence[str]
    maintenance_window: str


class CacheCluster(Construct):
    """Replication group of two nodes in two zones, the second of which takes over from the first.

    Creates, if ``enabled``: replication group, subnet group.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: CacheClusterProps) -> None:
        super().__init__(scope, construct_id)
        exists = expressions.Existence(props.enabled.expression)
        name = props.deployment.name(props.name)
        subnets = ElasticacheSubnetGroup(
            self,
            "subnets",
            count=exists.count,
            name=name,
            description=props.description,
            subnet_ids=list(props.subnet_ids),
            tags=props.deployment.tags,
        )
        self.group = ElasticacheReplicationGroup(
            self,
            "this",
            count=exists.count,
            replication_group_id=name,
            description=props.description,
            engine="redis",
            engine_version="7.1",
            node_type=props.node_type,
            num_cache_clusters=2,
            automatic_failover_enabled=True,
            multi_az_enabled=True,
            port=PORT,
            subnet_group_name=exists.attribute(subnets, "name"),
            security_group_ids=list(props.security_group_ids),
            at_rest_encryption_enabled="true",
            transit_encryption_enabled=True,
            maintenance_window=props.maintenance_window,
            snapshot_retention_limit=1,
            auto_minor_version_upgrade="true",
            apply_immediately=False,
            tags=props.deployment.tags,
        )
        self._exists = exists

    @property
    def endpoint(self) -> str:
        """Host that takes writes; null without a cache."""
        return self._exists.attribute(self.group, "primary_endpoint_address")
