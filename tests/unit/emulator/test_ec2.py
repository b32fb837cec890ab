"""EC2: tags and versions of launch templates, rules of security groups."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]

OWN = {"ResourceType": "launch-template", "Tags": [{"Key": "Project", "Value": "tests"}]}
LAUNCHED = {"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "backend"}]}


@pytest.fixture(scope="module")
def ec2(client: Client) -> Any:
    return client("ec2")


@pytest.fixture(scope="module")
def vpc(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"])


def _data(ec2: Any, name: str) -> Any:
    versions = ec2.describe_launch_template_versions(LaunchTemplateName=name, Versions=["$Latest"])
    return versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]


def _tags(ec2: Any, name: str) -> Any:
    return ec2.describe_launch_templates(LaunchTemplateNames=[name])["LaunchTemplates"][0]["Tags"]


def test_tags_of_a_template_are_not_those_of_what_it_launches(ec2: Any) -> None:
    ec2.create_launch_template(
        LaunchTemplateName="tagged",
        LaunchTemplateData={"InstanceType": "t3.micro", "TagSpecifications": [LAUNCHED]},
        TagSpecifications=[OWN],
    )

    assert _data(ec2, "tagged")["TagSpecifications"] == [LAUNCHED]
    assert _tags(ec2, "tagged") == OWN["Tags"]


def test_template_with_tags_of_its_own_only_specifies_none(ec2: Any) -> None:
    ec2.create_launch_template(
        LaunchTemplateName="own", LaunchTemplateData={"InstanceType": "t3.micro"}, TagSpecifications=[OWN]
    )

    assert "TagSpecifications" not in _data(ec2, "own")
    assert _tags(ec2, "own") == OWN["Tags"]


def test_second_version_with_user_data_can_be_launched(client: Client, ec2: Any, vpc: str) -> None:
    data = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    ec2.create_launch_template(LaunchTemplateName="scripted", LaunchTemplateData=data)
    script = base64.b64encode(b"#!/bin/sh\n").decode()

    ec2.create_launch_template_version(LaunchTemplateName="scripted", LaunchTemplateData={**data, "UserData": script})
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.1.0/24")["Subnet"]["SubnetId"]
    scaling = client("autoscaling")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="scripted",
        MinSize=1,
        MaxSize=1,
        VPCZoneIdentifier=subnet,
        LaunchTemplate={"LaunchTemplateName": "scripted", "Version": "2"},
    )

    (group,) = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["scripted"])["AutoScalingGroups"]
    assert len(group["Instances"]) == 1
    assert _data(ec2, "scripted")["UserData"] == script


class Rules:
    """A security group of its own for one test."""

    def __init__(self, ec2: Any, vpc: str, name: str) -> None:
        self.ec2 = ec2
        self.group = self.other_group(name, vpc)

    def other_group(self, name: str, vpc: str) -> str:
        return str(self.ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"])

    def allow(self, **permission: Any) -> str:
        made = self.ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=[permission])
        return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def change(self, rule: str, **wanted: Any) -> None:
        self.ec2.modify_security_group_rules(
            GroupId=self.group, SecurityGroupRules=[{"SecurityGroupRuleId": rule, "SecurityGroupRule": wanted}]
        )

    def read(self, rule: str) -> Any:
        return self.ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"][0]


PORTS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


def test_rule_for_a_group_keeps_its_description(ec2: Any, vpc: str) -> None:
    rules = Rules(ec2, vpc, "from-group")
    peer = rules.other_group("peer-of-group", vpc)

    rule = rules.allow(**PORTS, UserIdGroupPairs=[{"GroupId": peer, "Description": "from the web"}])

    told = rules.read(rule)
    assert (told["Description"], told["ReferencedGroupInfo"]["GroupId"]) == ("from the web", peer)


def test_rule_for_a_prefix_list_keeps_its_description(ec2: Any, vpc: str) -> None:
    rules = Rules(ec2, vpc, "from-list")
    peer = ec2.describe_managed_prefix_lists()["PrefixLists"][0]["PrefixListId"]

    rule = rules.allow(**PORTS, PrefixListIds=[{"PrefixListId": peer, "Description": "from CloudFront"}])

    told = rules.read(rule)
    assert (told["Description"], told["PrefixListId"]) == ("from CloudFront", peer)


def test_outgoing_rule_keeps_its_description(ec2: Any, vpc: str) -> None:
    rules = Rules(ec2, vpc, "outgoing")
    pair = {"GroupId": rules.group, "Description": "to itself"}

    made = ec2.authorize_security_group_egress(
        GroupId=rules.group, IpPermissions=[{**PORTS, "UserIdGroupPairs": [pair]}]
    )

    rule = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    assert rules.read(rule)["Description"] == "to itself"
    assert rules.read(rule)["IsEgress"] is True


def test_peer_of_a_rule_changes(ec2: Any, vpc: str) -> None:
    rules = Rules(ec2, vpc, "changing")
    old, new = rules.other_group("old-peer", vpc), rules.other_group("new-peer", vpc)
    rule = rules.allow(**PORTS, UserIdGroupPairs=[{"GroupId": old}])

    rules.change(rule, IpProtocol="tcp", FromPort=8443, ToPort=8444, ReferencedGroupId=new)

    told = rules.read(rule)
    assert told["ReferencedGroupInfo"]["GroupId"] == new
    assert (told["FromPort"], told["ToPort"]) == (8443, 8444)


def test_rule_for_all_ports_loses_its_description(ec2: Any, vpc: str) -> None:
    rules = Rules(ec2, vpc, "all-ports")
    rule = rules.allow(IpProtocol="-1", IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "all"}])

    rules.change(rule, IpProtocol="-1", CidrIpv4="10.0.0.0/16")

    told = rules.read(rule)
    assert (told["CidrIpv4"], told["IpProtocol"]) == ("10.0.0.0/16", "-1")
    assert "Description" not in told


def test_rejects_change_of_a_rule_that_is_not_there(ec2: Any, vpc: str) -> None:
    rules = Rules(ec2, vpc, "without-rules")

    with pytest.raises(ClientError, match="InvalidSecurityGroupRuleId"):
        rules.change("sgr-0123456789abcdef0", **PORTS, CidrIpv4="10.0.0.0/8")


def test_rejects_change_in_a_group_that_is_not_there(ec2: Any, vpc: str) -> None:
    rules = Rules(ec2, vpc, "to-be-missed")
    rules.group = "sg-0123456789abcdef0"

    with pytest.raises(ClientError, match="InvalidGroup"):
        rules.change("sgr-0123456789abcdef0", **PORTS, CidrIpv4="10.0.0.0/8")


def _interfaces(ec2: Any, subnet: str) -> list[str]:
    of_subnet = [{"Name": "subnet-id", "Values": [subnet]}]
    return [
        each["NetworkInterfaceId"] for each in ec2.describe_network_interfaces(Filters=of_subnet)["NetworkInterfaces"]
    ]


def test_interface_of_a_nat_gateway_goes_with_it(ec2: Any, vpc: str) -> None:
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.2.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    before = len(_interfaces(ec2, subnet))

    ec2.delete_nat_gateway(NatGatewayId=gateway)

    assert (before, _interfaces(ec2, subnet)) == (1, [])


def test_default_network_acl_goes_with_its_vpc(ec2: Any, vpc: str) -> None:
    gone = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]

    ec2.delete_vpc(VpcId=gone)

    vpcs = {each["VpcId"] for each in ec2.describe_network_acls()["NetworkAcls"]}
    assert vpc in vpcs
    assert gone not in vpcs
