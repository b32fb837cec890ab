"""Promises of networks: sizes and rules are what they were told to be, and nothing beside."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.promises.conftest import Client, Shop


@pytest.fixture
def vpc(client: Client) -> str:
    return str(client("ec2").create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def group(client: Client, vpc: str, name: str) -> dict[str, dict[str, Any]]:
    """A group that lets in 443 from everywhere and nothing out, as its state says it."""
    ec2 = client("ec2")
    identifier = ec2.create_security_group(GroupName=name, Description="web", VpcId=vpc)["GroupId"]
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    ec2.revoke_security_group_egress(GroupId=identifier, IpPermissions=everything)
    let_in(client, identifier, 443)
    rule = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "0.0.0.0/0"}
    return {
        "aws_security_group.web": {"id": identifier},
        "aws_vpc_security_group_ingress_rule.https": {"security_group_id": identifier, **rule},
    }


def let_in(client: Client, group: str, port: int) -> None:
    permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    client("ec2").authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])


@pytest.mark.requirement("SM-AC-08")
def test_a_security_group_lets_through_what_it_was_told(shop: Shop, group: dict[str, dict[str, Any]]) -> None:
    found = shop.asked("security-group-rules", group)

    assert (found.status, found.saw) == ("ok", "in tcp 443 from 0.0.0.0/0")


@pytest.mark.requirement("SM-AC-08")
def test_a_door_that_somebody_opened_by_hand_is_named(
    client: Client, shop: Shop, group: dict[str, dict[str, Any]]
) -> None:
    let_in(client, group["aws_security_group.web"]["id"], 22)

    found = shop.asked("security-group-rules", group)

    assert (found.status, found.saw) == ("failed", "also lets through in tcp 22 from 0.0.0.0/0")
    assert "groundplan drift" in found.next


def test_a_rule_that_is_gone_is_named(client: Client, shop: Shop, group: dict[str, dict[str, Any]]) -> None:
    rule = {"ip_protocol": "-1", "from_port": None, "to_port": None, "cidr_ipv4": "10.8.0.0/16"}
    group["aws_vpc_security_group_egress_rule.network"] = {
        "security_group_id": group["aws_security_group.web"]["id"],
        **rule,
    }

    assert shop.asked("security-group-rules", group).saw == "no longer lets through out all to 10.8.0.0/16"


@pytest.mark.parametrize(("cidr", "status"), [("10.8.0.0/16", "ok"), ("10.7.0.0/16", "failed")])
def test_a_network_has_its_size(shop: Shop, vpc: str, cidr: str, status: str) -> None:
    assert shop.asked("network-sized", {"aws_vpc.vpc": {"id": vpc, "cidr_block": cidr}}).status == status


def test_a_subnet_has_its_size(client: Client, shop: Shop, vpc: str) -> None:
    subnet = client("ec2").create_subnet(VpcId=vpc, CidrBlock="10.8.1.0/24")["Subnet"]["SubnetId"]

    for cidr, status in (("10.8.1.0/24", "ok"), ("10.8.2.0/24", "failed")):
        assert shop.asked("subnet-sized", {"aws_subnet.a": {"id": subnet, "cidr_block": cidr}}).status == status


@pytest.mark.requirement("SM-AC-08")
def test_a_network_acl_has_its_rules_and_no_other(client: Client, shop: Shop, vpc: str) -> None:
    ec2 = client("ec2")
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    entry = {"NetworkAclId": acl, "Egress": False, "Protocol": "-1", "CidrBlock": "10.8.0.0/16"}
    ec2.create_network_acl_entry(**entry, RuleNumber=100, RuleAction="allow")
    rule = {
        "network_acl_id": acl,
        "egress": False,
        "rule_action": "allow",
        "cidr_block": "10.8.0.0/16",
        "protocol": "-1",
    }
    state = {"aws_network_acl.acl": {"id": acl}, "aws_network_acl_rule.in": {**rule, "rule_number": 100}}
    assert shop.asked("network-acl-rules", state).status == "ok"
    narrow = {**rule, "protocol": "6", "from_port": 443, "to_port": 443, "rule_number": 100}
    wider = shop.asked("network-acl-rules", {**state, "aws_network_acl_rule.in": narrow})
    assert wider.saw == "differs from its rules at 100"

    ec2.create_network_acl_entry(**entry, RuleNumber=50, RuleAction="deny")

    assert shop.asked("network-acl-rules", state).saw == "differs from its rules at 50"
