"""Amazon Elastic Container Service."""

from cdktf_cdktf_provider_aws.ecs_cluster import (
    EcsCluster,
    EcsClusterSetting,
)
from cdktf_cdktf_provider_aws.ecs_cluster_capacity_providers import (
    EcsClusterCapacityProviders,
)
from cdktf_cdktf_provider_aws.ecs_service import (
    EcsService,
    EcsServiceDeploymentCircuitBreaker,
    EcsServiceDeploymentController,
    EcsServiceLoadBalancer,
    EcsServiceNetworkConfiguration,
)
from cdktf_cdktf_provider_aws.ecs_task_definition import (
    EcsTaskDefinition,
    EcsTaskDefinitionVolume,
)

__all__ = [
    "EcsCluster",
    "EcsClusterCapacityProviders",
    "EcsClusterSetting",
    "EcsService",
    "EcsServiceDeploymentCircuitBreaker",
    "EcsServiceDeploymentController",
    "EcsServiceLoadBalancer",
    "EcsServiceNetworkConfiguration",
    "EcsTaskDefinition",
    "EcsTaskDefinitionVolume",
]
