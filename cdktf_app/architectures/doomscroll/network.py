"""The network of doomscroll: two zones, and who may talk to whom in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cdktf_app import expressions
from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.network import Network, NetworkProps, Subnet
from cdktf_app.constructs.security_group import SecurityGroup, SecurityGroupProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

_ZONES = ("a", "b")
_POSTGRES = 5432


@dataclass(frozen=True, kw_only=True)
class NetworkingProps:
    """Shape of the network.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        logs: Retention and encryption of the flow log.
    """

    deployment: Deployment
    variables: Variables
    logs: LogSettings


class Networking(Construct):
    """VPC and the security groups of the tiers. Subnets and groups have the document's names in every environment.

    Attributes:
        network: The VPC and its subnets.
        alb: Group of the load balancer.
        ecs: Group of the tasks.
        rds: Group of the database.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: NetworkingProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        variables = props.variables
        self.network = Network(
            self,
            "network",
            props=NetworkProps(
                deployment=props.deployment,
                name="vpc",
                cidr=variables.vpc_cidr.string,
                public=_subnets("public", variables.public_subnet_cidrs),
                private=_subnets("private", variables.private_subnet_cidrs),
                logs=props.logs,
            ),
        )
        self.alb = self._group("alb", "Load balancer")
        self.ecs = self._group("ecs", "Tasks of the service")
        self.rds = self._group("rds", "Database", outbound=False)
        self._rules()

    def _rules(self) -> None:
        port = self._props.variables.container_port.number
        self.alb.allow_from_internet("https", port=443, description="HTTPS from anywhere")
        self.alb.allow_from_internet("http", port=80, description="HTTP from anywhere, redirected to HTTPS")
        self.alb.allow_to_internet("anywhere", description="All traffic to anywhere")
        self.ecs.allow_from("alb", self.alb, port=port, description="Only the load balancer")
        # No port for SMTP: mail goes through the API of SES (FD-SG-05).
        self.ecs.allow_to_internet("https", port=443, description="HTTPS to AWS APIs and Cognito")
        self.ecs.allow_to("rds", self.rds, port=_POSTGRES, description="PostgreSQL")
        self.rds.allow_from("ecs", self.ecs, port=_POSTGRES, description="Only the tasks")

    def _group(self, name: str, description: str, *, outbound: bool = True) -> SecurityGroup:
        props = SecurityGroupProps(
            # Unique within a VPC only, so the document's names hold everywhere (FD-SG-01).
            deployment=replace(self._props.deployment, prefix="", suffix=""),
            name=f"{name}-sg",
            description=description,
            network=self.network,
            outbound=outbound,
        )
        return SecurityGroup(self, name, props=props)


def _subnets(tier: str, cidrs: Input) -> list[Subnet]:
    return [
        Subnet(zone=zone, name=f"{tier}-subnet-1{zone}", cidr=expressions.string(f"{cidrs.expression}[{number}]"))
        for number, zone in enumerate(_ZONES)
    ]
