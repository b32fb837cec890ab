"""What a cut creation in EC2 left is found by its place in the network and by its tags."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.support.applied import ACCOUNT
from tooling.recovery.lookup import Found, Wanted, lookup_of

Client = Callable[..., Any]
Look = Callable[..., list[Found]]


@pytest.fixture
def ec2(client: Client) -> Any:
    return client("ec2")


@pytest.fixture
def vpc(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"])


def named(kind: str, name: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def test_of_two_addresses_the_one_with_the_planned_tags_is_found(ec2: Any, look: Look) -> None:
    # GIVEN two addresses, which nothing but their tags tells apart
    made = {
        name: ec2.allocate_address(Domain="vpc", TagSpecifications=named("elastic-ip", name))["AllocationId"]
        for name in ("nat-a", "nat-b")
    }

    # THEN each is found by its own
    for name, allocation in made.items():
        assert look("aws_eip", domain="vpc", tags_all={"Name": name}) == [Found(allocation, {"Name": name})]
    assert look("aws_eip", domain="vpc", tags_all={"Name": "nat-c"}) == []


def test_all_networks_that_fit_are_told(ec2: Any, look: Look) -> None:
    # GIVEN a network that was made twice with the same tags
    twins = {
        ec2.create_vpc(CidrBlock="10.8.0.0/16", TagSpecifications=named("vpc", "twin"))["Vpc"]["VpcId"]
        for _ in range(2)
    }

    # THEN both are candidates: the caller sees that it cannot know
    assert {one.id for one in look("aws_vpc", cidr_block="10.8.0.0/16", tags_all={"Name": "twin"})} == twins


def test_a_gateway_that_was_made_and_not_attached_is_found(ec2: Any, vpc: str, look: Look) -> None:
    # GIVEN a gateway whose second step did not happen, and one of the same name that another network has
    name = f"internet-{vpc}"
    alone = ec2.create_internet_gateway(TagSpecifications=named("internet-gateway", name))
    other = ec2.create_internet_gateway(TagSpecifications=named("internet-gateway", name))
    elsewhere = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    ec2.attach_internet_gateway(InternetGatewayId=other["InternetGateway"]["InternetGatewayId"], VpcId=elsewhere)

    found = look("aws_internet_gateway", vpc_id=vpc, tags_all={"Name": name})

    assert [one.id for one in found] == [alone["InternetGateway"]["InternetGatewayId"]]


def test_a_route_is_found_by_its_destination_and_its_target(ec2: Any, vpc: str, look: Look) -> None:
    # GIVEN a route to the internet
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)

    def found(destination: str, target: str) -> list[Found]:
        return look("aws_route", route_table_id=table, destination_cidr_block=destination, gateway_id=target)

    # THEN it is the planned one only if it leads where it was planned to
    assert found("0.0.0.0/0", gateway) == [Found(f"r-{table}1080289494", within=True)]
    assert found("0.0.0.0/0", "igw-0") == []
    assert found("10.0.0.0/8", gateway) == []


def test_the_main_table_and_the_default_acl_of_a_network_are_nobodys(vpc: str, look: Look) -> None:
    # GIVEN a network that has only what AWS gave it
    # THEN neither is taken for a planned one, even where no tags were planned
    assert look("aws_route_table", vpc_id=vpc) == []
    assert look("aws_network_acl", vpc_id=vpc) == []


def test_a_subnet_changes_its_acl_once(ec2: Any, vpc: str, look: Look) -> None:
    # GIVEN a subnet, which has the network's own ACL
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.7.1.0/24")["Subnet"]["SubnetId"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    assert look("aws_network_acl_association", subnet_id=subnet, network_acl_id=acl) == []

    # WHEN it gets the planned one
    (before,) = (
        one["NetworkAclAssociationId"]
        for each in ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
        for one in each["Associations"]
        if one["SubnetId"] == subnet
    )
    after = ec2.replace_network_acl_association(AssociationId=before, NetworkAclId=acl)["NewAssociationId"]

    # THEN that is found
    assert look("aws_network_acl_association", subnet_id=subnet, network_acl_id=acl) == [Found(after, within=True)]


def test_rules_of_an_acl_are_told_apart_by_number_and_direction(ec2: Any, vpc: str, look: Look) -> None:
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    rule = {"NetworkAclId": acl, "RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow"}
    ec2.create_network_acl_entry(**rule, Egress=False, CidrBlock="10.0.0.0/8")

    def found(number: int, egress: bool) -> list[Found]:
        return look("aws_network_acl_rule", network_acl_id=acl, rule_number=number, egress=egress, protocol="-1")

    assert len(found(100, egress=False)) == 1
    assert found(100, egress=True) == []
    assert found(200, egress=False) == []


@pytest.fixture
def group(ec2: Any, vpc: str) -> str:
    return str(ec2.create_security_group(GroupName=f"g-{vpc}", Description="d", VpcId=vpc)["GroupId"])


def test_rules_of_a_security_group_are_told_apart_by_all_that_they_let_through(
    ec2: Any, group: str, look: Look
) -> None:
    # GIVEN two rules that differ in their port, and one for another group
    web = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    sources = (
        {"IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
        {"FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
        {"UserIdGroupPairs": [{"GroupId": group}]},
    )
    encrypted, plain, inside = (
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{**web, **source}])["SecurityGroupRules"][0]
        for source in sources
    )

    def found(port: int, direction: str = "ingress", **source: str) -> list[str]:
        ports = {"ip_protocol": "tcp", "from_port": port, "to_port": port}
        kind = f"aws_vpc_security_group_{direction}_rule"
        return [one.id for one in look(kind, security_group_id=group, **ports, **source)]

    # THEN each is found by what it lets through
    assert found(443, cidr_ipv4="10.0.0.0/8") == [encrypted["SecurityGroupRuleId"]]
    assert found(80, cidr_ipv4="10.0.0.0/8") == [plain["SecurityGroupRuleId"]]
    assert found(443, referenced_security_group_id=group) == [inside["SecurityGroupRuleId"]]
    assert found(443, cidr_ipv4="10.1.0.0/16") == []
    assert found(443, "egress", cidr_ipv4="10.0.0.0/8") == []


def test_a_gateway_that_is_going_is_not_found(ec2: Any, vpc: str, look: Look) -> None:
    # GIVEN a NAT gateway
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.7.2.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    (found,) = look("aws_nat_gateway", subnet_id=subnet, allocation_id=address)
    assert found.id == gateway
    assert found.created is not None

    # WHEN it is deleted, which EC2 tells of for an hour
    ec2.delete_nat_gateway(NatGatewayId=gateway)

    # THEN it is not the planned one any more
    assert look("aws_nat_gateway", subnet_id=subnet, allocation_id=address) == []


def test_nothing_is_asked_while_the_parent_is_unknown(look: Look) -> None:
    for kind in ("aws_subnet", "aws_route_table", "aws_security_group", "aws_vpc_security_group_ingress_rule"):
        assert look(kind, vpc_id=None, security_group_id=None, ip_protocol="tcp") == []


class OneAcl:
    """A client that knows one network ACL."""

    def __init__(self, acl: Mapping[str, Any]) -> None:
        self._acl = acl

    def get_paginator(self, operation: str) -> OneAcl:
        assert operation == "describe_network_acls"
        return self

    def paginate(self, NetworkAclIds: list[str]) -> Iterator[Mapping[str, Any]]:
        assert NetworkAclIds == [self._acl["NetworkAclId"]]
        yield {"NetworkAcls": [self._acl]}


@pytest.mark.parametrize(
    ("number", "egress", "protocol", "identifier"),
    [
        (400, False, "tcp", "nacl-1720630963"),
        (100, False, "-1", "nacl-1694154082"),
        (200, True, "tcp", "nacl-3273340966"),
        (100, True, "-1", "nacl-2440569510"),
    ],
)
def test_the_id_of_an_acls_rule_is_the_one_that_the_provider_makes_up(
    number: int, egress: bool, protocol: str, identifier: str
) -> None:
    # GIVEN a rule of a state that the provider (5.100.0) wrote
    acl = {
        "NetworkAclId": "acl-087dac24f23914643",
        "Entries": [{"RuleNumber": number, "Egress": egress, "Protocol": "6" if protocol == "tcp" else protocol}],
    }
    values = {"network_acl_id": acl["NetworkAclId"], "rule_number": number, "egress": egress, "protocol": protocol}
    kind = "aws_network_acl_rule"
    lookup = lookup_of(kind)
    assert lookup is not None

    # WHEN it is looked for
    found = lookup(Wanted(f"{kind}.it", kind, values, "us-east-1", ACCOUNT, lambda *_: OneAcl(acl)))

    # THEN its id is that of the state: of the protocol as it was planned, not as EC2 tells it
    assert list(found) == [Found(identifier, within=True)]
