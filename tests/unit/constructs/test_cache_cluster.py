from __future__ import annotations

from collections.abc import Callable

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.cache_cluster import CacheCluster, CacheClusterProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized


def test_a_cache_exists_only_if_enabled_encrypted_and_in_two_zones(
    part: Construct, deployment: Deployment, synthesize: Callable[[], Synthesized]
) -> None:
    props = CacheClusterProps(
        deployment=deployment,
        name="cache",
        description="Cache",
        enabled=Input("cached"),
        node_type="cache.t4g.micro",
        subnet_ids=["subnet-a", "subnet-b"],
        security_group_ids=["sg-cache"],
        maintenance_window="sun:04:30-sun:05:30",
    )
    cache = CacheCluster(part, "cache", props=props)

    module = synthesize()
    group, subnets = module.the("aws_elasticache_replication_group"), module.the("aws_elasticache_subnet_group")
    assert group["count"] == subnets["count"] == "${var.cached ? 1 : 0}"
    assert group["at_rest_encryption_enabled"] == "true"
    assert group["transit_encryption_enabled"] is True
    assert group["automatic_failover_enabled"] is group["multi_az_enabled"] is True
    assert group["num_cache_clusters"] == 2
    assert group["security_group_ids"] == ["sg-cache"]
    assert subnets["subnet_ids"] == ["subnet-a", "subnet-b"]
    assert cache.endpoint == "${one(aws_elasticache_replication_group.cache[*].primary_endpoint_address)}"
