"""EC2: launch templates apart from what they launch, rules of security groups with all that can change in them.

And what has to go with the thing it belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.utils import parse_user_data

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("ec2")


@backend.watches("CreateLaunchTemplate")
def keep_own_tags_apart(call: Call, answer: Mapping[str, Any]) -> None:
    """aws_launch_template with tags (or default_tags), create: the next plan would take them for tag_specifications."""
    data = _template(call, answer["LaunchTemplate"]["LaunchTemplateId"]).latest_version().data
    launched = [each for each in data.pop("TagSpecifications", []) if each["ResourceType"] != "launch-template"]
    if launched:
        data["TagSpecifications"] = launched


@backend.watches("CreateLaunchTemplateVersion")
def read_user_data(call: Call, answer: Mapping[str, Any]) -> None:
    """aws_launch_template with user_data, update: moto's scaling groups cannot launch a second version with any."""
    version = _template(call, answer["LaunchTemplateVersion"]["LaunchTemplateId"]).latest_version()
    if "UserData" in version.data:
        version.data["UserData"] = parse_user_data(version.data["UserData"])


@backend.watches("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def keep_descriptions(call: Call, answer: Mapping[str, Any]) -> None:
    """aws_vpc_security_group_ingress_rule and _egress_rule for a group or prefix list, create: moto drops it."""
    descriptions = {
        peer.get("GroupId") or peer.get("PrefixListId"): peer["Description"]
        for permission in call.params.get("IpPermissions", [])
        for peer in (*permission.get("UserIdGroupPairs", []), *permission.get("PrefixListIds", []))
        if "Description" in peer
    }
    for told in answer["SecurityGroupRules"]:
        rule = _rule(call, told["GroupId"], told["SecurityGroupRuleId"])
        if description := descriptions.get(rule.source_group.get("GroupId") or rule.prefix_list_id):
            rule.ip_range["Description"] = description  # where moto looks for that of every rule


@backend.answers("ModifySecurityGroupRules")
def modify_security_group_rules(call: Call) -> Mapping[str, Any]:
    """aws_vpc_security_group_ingress_rule and _egress_rule, update.

    moto changes no peer but an IPv4 one, drops no description, and refuses a rule for all ports.
    """
    moto = ec2_backends[call.account][call.region]
    for update in call.params["SecurityGroupRules"]:
        wanted = update["SecurityGroupRule"]
        rule = _rule(call, call.params["GroupId"], update["SecurityGroupRuleId"])
        peer = wanted.get("ReferencedGroupId")
        rule.ip_protocol = wanted["IpProtocol"]
        rule.from_port, rule.to_port = wanted.get("FromPort"), wanted.get("ToPort")
        rule.prefix_list_id = wanted.get("PrefixListId")
        rule.source_group = {"GroupId": peer, "OwnerId": moto.account_id, "UserId": moto.account_id} if peer else {}
        range_of = {"CidrIp": "CidrIpv4", "CidrIpv6": "CidrIpv6", "Description": "Description"}
        rule.ip_range = {key: wanted[name] for key, name in range_of.items() if name in wanted}
    return {"Return": True}


@backend.watches("DeleteNatGateway")
def remove_interface(call: Call, answer: Mapping[str, Any]) -> None:
    """aws_nat_gateway, delete: nobody else can, and it would keep its subnet."""
    moto = ec2_backends[call.account][call.region]
    moto.enis.pop(moto.nat_gateways[answer["NatGatewayId"]]._eni.id, None)


@backend.watches("DeleteVpc")
def remove_default_acl(call: Call, _answer: Mapping[str, Any]) -> None:
    """aws_vpc, delete: the one network ACL left is the VPC's own, which nobody can delete."""
    acls = ec2_backends[call.account][call.region].network_acls
    for acl in [acl for acl in acls.values() if acl.vpc_id == call.params["VpcId"]]:
        del acls[acl.id]


def _rule(call: Call, group: str, identifier: str) -> SecurityGroupRule:
    found = ec2_backends[call.account][call.region].get_security_group_by_name_or_id(group)
    if found is None:
        raise AwsError("InvalidGroup.NotFound", f"The security group '{group}' does not exist")
    rule = found.get_rule(identifier)
    if rule is None:
        raise AwsError("InvalidSecurityGroupRuleId.NotFound", f"The security group rule '{identifier}' does not exist")
    return rule


def _template(call: Call, identifier: str) -> LaunchTemplate:
    return ec2_backends[call.account][call.region].get_launch_template(identifier)
