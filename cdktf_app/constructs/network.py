"""A VPC with public and private subnets, and what carries their traffic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings import vpc
from cdktf_app.bindings.core import Construct, ITerraformDependable
from cdktf_app.constructs.flow_log import FlowLog
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """One subnet.

    Attributes:
        zone: Letter of its availability zone in the deployment's region (``a``); part of its id.
        name: Its whole name.
        cidr: Its addresses, within those of the network.
    """

    zone: str
    name: str
    cidr: str


@dataclass(frozen=True, kw_only=True)
class NetworkProps:
    """Shape of a network.

    Attributes:
        deployment: Names, account, region and tags.
        name: Last part of the VPC's name.
        cidr: Addresses of the VPC.
        public: Subnets that the internet reaches, for load balancers and NAT gateways; one a zone.
        private: Subnets that it does not, which reach it through a NAT gateway; one a zone, the zones of ``public``.
        nat_gateways: How many NAT gateways there are, at most one a zone; zones without one use the first zone's.
            Default: one.
        logs: Retention and encryption of the flow log.
    """

    deployment: Deployment
    name: str
    cidr: str
    public: Sequence[Subnet]
    private: Sequence[Subnet]
    logs: LogSettings
    nat_gateways: Input | None = None


class Network(Construct):
    """VPC over several zones, where nothing gets a public address by itself.

    Creates: VPC, its default security group without a rule, subnets, internet gateway, NAT gateways with their
    addresses, a route table for the public subnets and one for each private subnet, flow log.

    Attributes:
        cidr: Addresses of the VPC.
        private_routes: Ways of the private subnets to the internet. What needs it as soon as it starts has to be made
            after them.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: NetworkProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        self.cidr = props.cidr
        self.vpc = vpc.Vpc(
            self,
            "this",
            cidr_block=props.cidr,
            # Private names of endpoints need both.
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=self._tags(props.name),
        )
        # What is started without a group gets this one: it must open nothing.
        vpc.DefaultSecurityGroup(self, "default", vpc_id=self.vpc.id, tags=self._tags("default"))
        self._internet = vpc.InternetGateway(self, "internet", vpc_id=self.vpc.id, tags=self._tags("internet"))
        # AWS refuses a load balancer while there is no way to the internet: what is in these subnets waits for it.
        self._public = self._subnets("public", props.public, depends_on=[self._internet])
        self._private = self._subnets("private", props.private)
        self._route("public_internet", self._route_table("public", self._public), gateway_id=self._internet.id)
        self._nats = self._nat_gateways()
        self._private_tables = {
            zone: self._route_table(f"private_{zone}", {zone: subnet}) for zone, subnet in self._private.items()
        }
        self.private_routes = [
            self._route(f"private_{zone}_nat", table, nat_gateway_id=self._nat_gateway_id(number))
            for number, (zone, table) in enumerate(self._private_tables.items())
        ]
        FlowLog(self, "flow_log", deployment=props.deployment, vpc_id=self.vpc.id, logs=props.logs)

    @property
    def vpc_id(self) -> str:
        return self.vpc.id

    @property
    def public_subnets(self) -> Mapping[str, str]:
        """Ids of the public subnets, by the letters of their zones."""
        return {zone: subnet.id for zone, subnet in self._public.items()}

    @property
    def private_subnets(self) -> Mapping[str, str]:
        """Ids of the private subnets, by the letters of their zones."""
        return {zone: subnet.id for zone, subnet in self._private.items()}

    @property
    def public_subnet_ids(self) -> list[str]:
        return list(self.public_subnets.values())

    @property
    def private_subnet_ids(self) -> list[str]:
        return list(self.private_subnets.values())

    @property
    def private_route_table_ids(self) -> list[str]:
        return [table.id for table in self._private_tables.values()]

    def _subnets(
        self, tier: str, subnets: Sequence[Subnet], depends_on: Sequence[ITerraformDependable] = ()
    ) -> dict[str, vpc.Subnet]:
        return {
            subnet.zone: vpc.Subnet(
                self,
                f"{tier}_{subnet.zone}",
                vpc_id=self.vpc.id,
                cidr_block=subnet.cidr,
                availability_zone=f"{self._props.deployment.region}{subnet.zone}",
                # Load balancers and NAT gateways have addresses of their own.
                map_public_ip_on_launch=False,
                tags=self._props.deployment.tagged({"Name": subnet.name, "Tier": tier.capitalize()}).tags,
                depends_on=depends_on or None,
            )
            for subnet in subnets
        }

    def _route_table(self, construct_id: str, subnets: Mapping[str, vpc.Subnet]) -> vpc.RouteTable:
        """A route table for these subnets."""
        name = construct_id.replace("_", "-")
        table = vpc.RouteTable(self, f"{construct_id}_routes", vpc_id=self.vpc.id, tags=self._tags(name))
        for subnet in subnets.values():
            vpc.RouteTableAssociation(
                self, f"{subnet.node.id}_association", subnet_id=subnet.id, route_table_id=table.id
            )
        return table

    def _route(
        self,
        construct_id: str,
        table: vpc.RouteTable,
        *,
        gateway_id: str | None = None,
        nat_gateway_id: str | None = None,
    ) -> vpc.Route:
        return vpc.Route(
            self,
            construct_id,
            route_table_id=table.id,
            destination_cidr_block=EVERYWHERE,
            gateway_id=gateway_id,
            nat_gateway_id=nat_gateway_id,
        )

    def _nat_gateways(self) -> list[vpc.NatGateway]:
        """The first zone's, then those that there may be in the others."""
        zones = list(self._public.items())
        return [
            self._nat_gateway(number, zone, subnet)
            for number, (zone, subnet) in enumerate(zones if self._props.nat_gateways is not None else zones[:1])
        ]

    def _nat_gateway(self, number: int, zone: str, subnet: vpc.Subnet) -> vpc.NatGateway:
        exists = expressions.Existence(self._has_own_nat(number))
        tags = self._tags(f"nat-{zone}")
        address = vpc.Eip(self, f"nat_{zone}_address", count=exists.count, domain="vpc", tags=tags)
        return vpc.NatGateway(
            self,
            f"nat_{zone}",
            count=exists.count,
            allocation_id=exists.attribute(address, "id"),
            subnet_id=subnet.id,
            connectivity_type="public",
            tags=tags,
        )

    def _nat_gateway_id(self, number: int) -> str:
        """The zone's own NAT gateway if it has one, else the first's."""
        first = expressions.attribute(self._nats[0], "id")
        own = self._has_own_nat(number)
        if own is None:
            return expressions.string(first)
        return expressions.string(f"{own} ? {expressions.only(self._nats[number], 'id')} : {first}")

    def _has_own_nat(self, number: int) -> str | None:
        """Condition under which a zone has a NAT gateway of its own; None where that is no question."""
        count = self._props.nat_gateways
        return None if number == 0 or count is None else f"{count.expression} > {number}"

    def _tags(self, name: str) -> Mapping[str, str]:
        deployment = self._props.deployment
        return deployment.tagged({"Name": deployment.name(name)}).tags
