"""A cache beside the database, off by default."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.solemate.networking import Networking
from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.cache_cluster import PORT, CacheCluster, CacheClusterProps
from cdktf_app.constructs.security_group import SecurityGroup, SecurityGroupProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class CacheProps:
    """Shape of the cache.

    Attributes:
        deployment: Names and tags.
        variables: The module's inputs.
        networking: Subnets, and the group of who may connect.
    """

    deployment: Deployment
    variables: Variables
    networking: Networking


class Cache(Construct):
    """Redis that tasks and instances may connect to, with ``enable_elasticache``.

    Attributes:
        cluster: The cache.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: CacheProps) -> None:
        super().__init__(scope, construct_id)
        networking, variables = props.networking, props.variables
        group = SecurityGroup(
            self,
            "cache_group",
            props=SecurityGroupProps(
                deployment=props.deployment,
                name="cache",
                description="Security group for cache",
                network=networking.network,
                outbound=False,
                enabled=variables.enable_elasticache.expression,
            ),
        )
        group.allow_from("app", networking.app, port=PORT, description="Allow Redis access from tasks and instances")
        networking.app.allow_to("cache", group, port=PORT, description="Allow Redis access")
        self.cluster = CacheCluster(
            self,
            "cache",
            props=CacheClusterProps(
                deployment=props.deployment,
                name="cache",
                description="Cache beside the database",
                enabled=variables.enable_elasticache,
                node_type=variables.cache_node_type.string,
                subnet_ids=networking.network.private_subnet_ids,
                security_group_ids=group.ids,
                maintenance_window=variables.db_maintenance_window.string,
            ),
        )
