"""Who reaches whom in a network: route tables, network ACLs and what is in them.

The provider makes up an id for what EC2 has none for: a check sum of what tells it from others
(terraform-provider-aws 5.100, internal/service/ec2: ``routeCreateID``, ``networkACLRuleCreateResourceID``).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from tooling.recovery.answers import has_planned_tags, needs, tags_in
from tooling.recovery.asking import each
from tooling.recovery.lookup import Found, Wanted, finds

# How the planned target of a route is called in EC2's answer.
_TARGETS = {
    "carrier_gateway_id": "CarrierGatewayId",
    "core_network_arn": "CoreNetworkArn",
    "egress_only_gateway_id": "EgressOnlyInternetGatewayId",
    "gateway_id": "GatewayId",
    "local_gateway_id": "LocalGatewayId",
    "nat_gateway_id": "NatGatewayId",
    "network_interface_id": "NetworkInterfaceId",
    "transit_gateway_id": "TransitGatewayId",
    "vpc_endpoint_id": "GatewayId",
    "vpc_peering_connection_id": "VpcPeeringConnectionId",
}
_DESTINATIONS = {
    "destination_cidr_block": "DestinationCidrBlock",
    "destination_ipv6_cidr_block": "DestinationIpv6CidrBlock",
    "destination_prefix_list_id": "DestinationPrefixListId",
}


@finds("aws_route_table")
@needs("vpc_id")
def _route_table(wanted: Wanted) -> Iterator[Found]:
    for table in _in(wanted, "describe_route_tables", "RouteTables", **_of_vpc(wanted)):
        tags = tags_in(table.get("Tags"))
        main = any(association.get("Main") for association in table.get("Associations", ()))
        if not main and has_planned_tags(wanted, tags):
            yield Found(table["RouteTableId"], tags)


@finds("aws_route")
@needs("route_table_id")
def _route(wanted: Wanted) -> Iterator[Found]:
    table_id = wanted.values["route_table_id"]
    destination = {theirs: value for ours, theirs in _DESTINATIONS.items() if (value := wanted.values.get(ours))}
    target = {theirs: value for ours, theirs in _TARGETS.items() if (value := wanted.values.get(ours))}
    for table in _in(wanted, "describe_route_tables", "RouteTables", RouteTableIds=[table_id]):
        for route in table.get("Routes", ()):
            if (destination | target).items() <= route.items():
                yield from (Found(f"r-{table_id}{_check_sum(text)}", within=True) for text in destination.values())


@finds("aws_route_table_association")
@needs("route_table_id")
def _table_association(wanted: Wanted) -> Iterator[Found]:
    table_id = wanted.values["route_table_id"]
    other = {"SubnetId": wanted.values.get("subnet_id"), "GatewayId": wanted.values.get("gateway_id")}
    asked = {key: value for key, value in other.items() if value}
    for table in _in(wanted, "describe_route_tables", "RouteTables", RouteTableIds=[table_id]):
        for association in table.get("Associations", ()):
            state = association.get("AssociationState", {}).get("State", "associated")
            if asked.items() <= association.items() and state in ("associating", "associated"):
                yield Found(association["RouteTableAssociationId"], within=True)


@finds("aws_network_acl")
@needs("vpc_id")
def _network_acl(wanted: Wanted) -> Iterator[Found]:
    for acl in _in(wanted, "describe_network_acls", "NetworkAcls", **_of_vpc(wanted)):
        tags = tags_in(acl.get("Tags"))
        if not acl["IsDefault"] and has_planned_tags(wanted, tags):
            yield Found(acl["NetworkAclId"], tags)


@finds("aws_network_acl_rule")
@needs("network_acl_id", "rule_number", "protocol")
def _acl_rule(wanted: Wanted) -> Iterator[Found]:
    values = wanted.values
    acl_id, number, egress = values["network_acl_id"], int(values["rule_number"]), bool(values.get("egress"))
    for acl in _in(wanted, "describe_network_acls", "NetworkAcls", NetworkAclIds=[acl_id]):
        for rule in acl.get("Entries", ()):
            if (rule["RuleNumber"], rule["Egress"]) == (number, egress):
                text = f"{acl_id}-{number}-{str(egress).lower()}-{values['protocol']}-"
                yield Found(f"nacl-{_check_sum(text)}", within=True)


@finds("aws_network_acl_association")
@needs("network_acl_id", "subnet_id")
def _acl_association(wanted: Wanted) -> Iterator[Found]:
    # Each subnet has one from the beginning, with the VPC's own ACL; the planned one names the planned ACL.
    acl_id = wanted.values["network_acl_id"]
    for acl in _in(wanted, "describe_network_acls", "NetworkAcls", NetworkAclIds=[acl_id]):
        for association in acl.get("Associations", ()):
            if association["SubnetId"] == wanted.values["subnet_id"]:
                yield Found(association["NetworkAclAssociationId"], within=True)


def _check_sum(text: str) -> int:
    return zlib.crc32(text.encode())


def _of_vpc(wanted: Wanted) -> dict[str, Any]:
    return {"Filters": [{"Name": "vpc-id", "Values": [wanted.values["vpc_id"]]}]}


def _in(wanted: Wanted, operation: str, key: str, **parameters: Any) -> Iterator[Any]:
    yield from each(wanted.client("ec2"), operation, key, **parameters)
