"""Security groups and their rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tooling.recovery.answers import fits_name, needs, tags_in
from tooling.recovery.asking import each
from tooling.recovery.lookup import Found, Wanted, finds

_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}
# How EC2 calls what a rule may be planned with.
_SIDES = {"cidr_ipv4": "CidrIpv4", "cidr_ipv6": "CidrIpv6", "prefix_list_id": "PrefixListId"}


@finds("aws_security_group")
@needs("vpc_id")
def _group(wanted: Wanted) -> Iterator[Found]:
    for group in _groups(wanted):
        if fits_name(wanted, group["GroupName"]):
            yield Found(group["GroupId"], tags_in(group.get("Tags")))


@finds("aws_default_security_group")
@needs("vpc_id")
def _default_group(wanted: Wanted) -> Iterator[Found]:
    # Nothing is made: each VPC comes with one, which is taken over.
    for group in _groups(wanted):
        if group["GroupName"] == "default":
            yield Found(group["GroupId"], tags_in(group.get("Tags")), within=True)


@finds("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
@needs("security_group_id", "ip_protocol")
def _rule(wanted: Wanted) -> Iterator[Found]:
    egress = wanted.type == "aws_vpc_security_group_egress_rule"
    filters = [{"Name": "group-id", "Values": [wanted.values["security_group_id"]]}]
    for rule in each(wanted.client("ec2"), "describe_security_group_rules", "SecurityGroupRules", Filters=filters):
        if rule["IsEgress"] == egress and _is_planned(wanted.values, rule):
            yield Found(rule["SecurityGroupRuleId"], tags_in(rule.get("Tags")), within=True)


def _is_planned(values: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    protocol = _protocol(values["ip_protocol"])
    if protocol != _protocol(rule["IpProtocol"]):
        return False
    # A rule for all protocols has no ports; EC2 says -1 then.
    ports = () if protocol == "-1" else (("from_port", "FromPort"), ("to_port", "ToPort"))
    if any(values.get(ours) not in (None, rule.get(theirs)) for ours, theirs in ports):
        return False
    group = str(values.get("referenced_security_group_id") or "").rpartition("/")[2]
    if group != rule.get("ReferencedGroupInfo", {}).get("GroupId", ""):
        return False
    return all((values.get(ours) or "") == (rule.get(theirs) or "") for ours, theirs in _SIDES.items())


def _protocol(text: Any) -> str:
    return _PROTOCOLS.get(str(text).lower(), str(text).lower())


def _groups(wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    filters = [{"Name": "vpc-id", "Values": [wanted.values["vpc_id"]]}]
    yield from each(wanted.client("ec2"), "describe_security_groups", "SecurityGroups", Filters=filters)
