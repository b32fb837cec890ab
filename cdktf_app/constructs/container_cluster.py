"""A cluster of ECS whose containers run on Fargate."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.ecs import EcsCluster, EcsClusterCapacityProviders, EcsClusterSetting
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class ContainerClusterProps:
    """Shape of a cluster.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        spot: Let its services run on Fargate's spare capacity, which AWS may take back at any time. Default: never.
    """

    deployment: Deployment
    name: str
    spot: Input | None = None


class ContainerCluster(Construct):
    """Cluster with Container Insights, which alone knows how many tasks run and how many should.

    Creates: cluster, and which capacity its services may ask for.

    Attributes:
        name: Its name, known before it exists.
        spot: As in the props.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ContainerClusterProps) -> None:
        super().__init__(scope, construct_id)
        self.name = props.deployment.name(props.name)
        self.spot = props.spot
        self.cluster = EcsCluster(
            self,
            "this",
            name=self.name,
            setting=[EcsClusterSetting(name="containerInsights", value="enabled")],
            tags=props.deployment.tags,
        )
        providers = '["FARGATE"]'
        if props.spot is not None:
            providers = f'{props.spot.expression} ? ["FARGATE", "FARGATE_SPOT"] : {providers}'
        self.capacity = EcsClusterCapacityProviders(
            self,
            "capacity",
            cluster_name=self.cluster.name,
            capacity_providers=expressions.strings(providers),
        )

    @property
    def arn(self) -> str:
        return self.cluster.arn
