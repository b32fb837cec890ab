"""The network of solemate: two zones, who may talk to whom in it, and how it talks to AWS."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.network import Network, NetworkProps, Subnet
from cdktf_app.constructs.network_acls import NetworkAcls, NetworkAclsProps
from cdktf_app.constructs.security_group import SecurityGroup, SecurityGroupProps
from cdktf_app.constructs.vpc_endpoints import VpcEndpoints, VpcEndpointsProps
from cdktf_app.deployment import Deployment

# As many as the document's sample has at most, and as load balancer and standby of the database need (SM-NET-02).
_ZONES = ("a", "b")
# A /24 of the VPC's /16 (SM-NET-03, SM-NET-04).
_SUBNET_BITS = 8
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
    """VPC, network ACLs, endpoints and the security groups of the tiers.

    The document's web group serves load balancer and servers, which would let the internet reach the servers. Here it
    is the load balancer's, and the servers have a group of their own behind it (SM-NET-07, SM-NET-11).

    Attributes:
        network: The VPC and its subnets.
        web: Group of the load balancer.
        app: Group of tasks and instances.
        database: Group of the database.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: NetworkingProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        deployment, variables = props.deployment, props.variables
        self.network = Network(
            self,
            "network",
            props=NetworkProps(
                deployment=deployment,
                name="vpc",
                cidr=variables.vpc_cidr.string,
                public=self._subnets("public", first=0),
                private=self._subnets("private", first=len(_ZONES)),
                nat_gateways=variables.nat_gateways,
                logs=props.logs,
            ),
        )
        NetworkAcls(self, "acls", props=NetworkAclsProps(deployment=deployment, network=self.network))
        self.web = self._group("web", "Security group for web servers")
        self.app = self._group("app", "Security group for tasks and instances")
        self.database = self._group("database", "Security group for database", outbound=False)
        self._rules()
        VpcEndpoints(
            self,
            "endpoints",
            props=VpcEndpointsProps(
                deployment=deployment,
                network=self.network,
                interfaces=variables.interface_endpoints,
                clients=self.app,
            ),
        )

    def _rules(self) -> None:
        port = self._props.variables.container_port.number
        self.web.allow_from_internet("http", port=80, description="Allow HTTP traffic")
        self.web.allow_from_internet("https", port=443, description="Allow HTTPS traffic")
        self.web.allow_to_internet("anywhere", description="Allow all outbound traffic")
        self.app.allow_from("web", self.web, port=port, description="Allow requests and health checks of the ALB")
        self.app.allow_to_internet("aws", port=443, description="Allow HTTPS to AWS services and other APIs")
        self.app.allow_to("database", self.database, port=_POSTGRES, description="Allow PostgreSQL access")
        self.database.allow_from(
            "app", self.app, port=_POSTGRES, description="Allow PostgreSQL access from web servers"
        )

    def _group(self, name: str, description: str, *, outbound: bool = True) -> SecurityGroup:
        props = SecurityGroupProps(
            deployment=self._props.deployment,
            name=name,
            description=description,
            network=self.network,
            outbound=outbound,
        )
        return SecurityGroup(self, name, props=props)

    def _subnets(self, tier: str, *, first: int) -> list[Subnet]:
        cidr = self._props.variables.vpc_cidr.expression
        return [
            Subnet(
                zone=zone,
                name=self._props.deployment.name(f"{tier}-{zone}"),
                cidr=expressions.string(f"cidrsubnet({cidr}, {_SUBNET_BITS}, {number})"),
            )
            for number, zone in enumerate(_ZONES, start=first)
        ]
