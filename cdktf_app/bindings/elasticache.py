"""Amazon ElastiCache."""

from cdktf_cdktf_provider_aws.elasticache_replication_group import ElasticacheReplicationGroup
from cdktf_cdktf_provider_aws.elasticache_subnet_group import ElasticacheSubnetGroup

__all__ = [
    "ElasticacheReplicationGroup",
    "ElasticacheSubnetGroup",
]
