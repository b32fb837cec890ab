"""Ways to AWS services that do not leave the network."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings import vpc
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.network import Network
from cdktf_app.constructs.security_group import SecurityGroup, SecurityGroupProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

# Those of this kind cost nothing.
_GATEWAYS = ("dynamodb", "s3")


@dataclass(frozen=True, kw_only=True)
class VpcEndpointsProps:
    """Shape of the endpoints of a network.

    Attributes:
        deployment: Names, region and tags.
        network: The network.
        interfaces: Services that get an endpoint with addresses in the private subnets, which is paid by the hour.
        clients: Group of what talks to them.
    """

    deployment: Deployment
    network: Network
    interfaces: Input
    clients: SecurityGroup


class VpcEndpoints(Construct):
    """Gateway endpoints of S3 and DynamoDB in the private route tables, and interface endpoints under their own names.

    Creates: endpoints, and with an interface endpoint the group that lets the clients in, and nothing out.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: VpcEndpointsProps) -> None:
        super().__init__(scope, construct_id)
        deployment, network = props.deployment, props.network
        for service in _GATEWAYS:
            vpc.VpcEndpoint(
                self,
                service,
                vpc_id=network.vpc_id,
                vpc_endpoint_type="Gateway",
                service_name=_service(deployment, service),
                route_table_ids=network.private_route_table_ids,
                tags=deployment.tagged({"Name": deployment.name(service)}).tags,
            )
        group = SecurityGroup(
            self,
            "group",
            props=SecurityGroupProps(
                deployment=deployment,
                name="endpoints",
                description="Endpoints of AWS services",
                network=network,
                outbound=False,
                enabled=f"length({props.interfaces.expression}) > 0",
            ),
        )
        group.allow_from("clients", props.clients, port=443, description="Calls of AWS services")
        vpc.VpcEndpoint(
            self,
            "interfaces",
            for_each=expressions.each_of(
                f"{{ for service in toset({props.interfaces.expression}) : service => service }}"
            ),
            vpc_id=network.vpc_id,
            vpc_endpoint_type="Interface",
            service_name=_service(deployment, "${each.key}"),
            subnet_ids=network.private_subnet_ids,
            security_group_ids=group.ids,
            private_dns_enabled=True,
            tags=deployment.tagged({"Name": deployment.name("${each.key}")}).tags,
        )


def _service(deployment: Deployment, service: str) -> str:
    return f"com.amazonaws.{deployment.region}.{service}"
