"""Networks: of the size they were given, with the rules they were given and none beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.promises.promise import Answer, Promise, broken, kept, left_out

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack

# EC2's own last rule of every network ACL.
_LAST_ACL_RULE = 32767
# https://www.iana.org/assignments/protocol-numbers
_PROTOCOLS = {"all": "-1", "icmp": "1", "tcp": "6", "udp": "17"}
_WITH_PORTS = ("6", "17")


def network(live: LiveStack, vpc: LiveResource) -> Answer:
    found = live.client("ec2", vpc.region).describe_vpcs(VpcIds=[vpc.id])["Vpcs"][0]
    return _sized(found["CidrBlock"], vpc, found["State"])


def subnet(live: LiveStack, subnet: LiveResource) -> Answer:
    found = live.client("ec2", subnet.region).describe_subnets(SubnetIds=[subnet.id])["Subnets"][0]
    return _sized(found["CidrBlock"], subnet, found["State"])


def _sized(cidr: str, resource: LiveResource, state: str) -> Answer:
    if cidr != resource["cidr_block"]:
        return broken(f"{cidr}, not {resource['cidr_block']}")
    return kept(cidr) if state == "available" else broken(f"{cidr} is {state}")


def security_group(live: LiveStack, group: LiveResource) -> Answer:
    client = live.client("ec2", group.region)
    pages = client.get_paginator("describe_security_group_rules").paginate(
        Filters=[{"Name": "group-id", "Values": [group.id]}]
    )
    found = {_live_rule(rule) for page in pages for rule in page["SecurityGroupRules"]}
    wanted = {
        _state_rule(rule, egress=rule.type.endswith("egress_rule"))
        for rule in live.of("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
        if rule["security_group_id"] == group.id
    }
    if not wanted and (group.attributes.get("ingress") or group.attributes.get("egress")):
        return left_out("its rules are its own attributes: a plan compares them")
    extra, missing = sorted(found - wanted), sorted(wanted - found)
    if extra:
        means = "somebody opened it by hand"
        return broken(f"also lets through {', '.join(extra)}", means=means, next=_drift(live))
    if missing:
        return broken(f"no longer lets through {', '.join(missing)}", next=_drift(live))
    return kept(", ".join(sorted(found)) or "lets nothing through")


def _live_rule(rule: dict[str, Any]) -> str:
    other = (
        rule.get("CidrIpv4")
        or rule.get("CidrIpv6")
        or rule.get("PrefixListId")
        or rule.get("ReferencedGroupInfo", {}).get("GroupId")
    )
    return _rule(rule["IsEgress"], str(rule["IpProtocol"]), rule.get("FromPort"), rule.get("ToPort"), str(other))


def _state_rule(rule: LiveResource, *, egress: bool) -> str:
    names = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
    other = next((str(rule.attributes[name]) for name in names if rule.attributes.get(name)), "")
    attributes = rule.attributes
    return _rule(egress, str(rule["ip_protocol"]), attributes.get("from_port"), attributes.get("to_port"), other)


def _rule(egress: bool, protocol: str, first: int | None, last: int | None, other: str) -> str:
    """As people say it: ``in tcp 443 from 0.0.0.0/0``."""
    # A group of another account or network is written account/sg-...
    other = other.rpartition("/")[2] if "sg-" in other else other
    ports = "" if protocol == "-1" or first in (None, -1) else f" {first}" if first == last else f" {first}-{last}"
    what = "all" if protocol == "-1" else f"{protocol}{ports}"
    return f"out {what} to {other}" if egress else f"in {what} from {other}"


def acl(live: LiveStack, acl: LiveResource) -> Answer:
    found = live.client("ec2", acl.region).describe_network_acls(NetworkAclIds=[acl.id])["NetworkAcls"][0]
    entries = {_live_entry(one) for one in found["Entries"] if int(one["RuleNumber"]) < _LAST_ACL_RULE}
    wanted = {_state_entry(one) for one in live.of("aws_network_acl_rule") if one["network_acl_id"] == acl.id}
    if not wanted and (acl.attributes.get("ingress") or acl.attributes.get("egress")):
        return left_out("its rules are its own attributes: a plan compares them")
    if entries != wanted:
        numbers = sorted({one.number for one in entries ^ wanted})
        return broken(f"differs from its rules at {', '.join(map(str, numbers))}", next=_drift(live))
    return kept(f"{len(entries)} rules, {len(found['Associations'])} subnets")


@dataclass(frozen=True)
class _Entry:
    """One rule of a network ACL; protocol by its number, ports only where the protocol has some."""

    egress: bool
    number: int
    action: str
    other: str
    protocol: str
    ports: tuple[int, int] | None


def _live_entry(entry: dict[str, Any]) -> _Entry:
    other, ports = entry.get("CidrBlock") or entry.get("Ipv6CidrBlock"), entry.get("PortRange") or {}
    place = bool(entry["Egress"]), int(entry["RuleNumber"]), str(entry["RuleAction"]), str(other)
    return _Entry(*place, *_way(str(entry["Protocol"]), ports.get("From"), ports.get("To")))


def _state_entry(rule: LiveResource) -> _Entry:
    attributes = rule.attributes
    other = attributes.get("cidr_block") or attributes.get("ipv6_cidr_block")
    place = bool(rule["egress"]), int(rule["rule_number"]), str(rule["rule_action"]), str(other)
    return _Entry(*place, *_way(str(rule["protocol"]), attributes.get("from_port"), attributes.get("to_port")))


def _way(protocol: str, first: int | None, last: int | None) -> tuple[str, tuple[int, int] | None]:
    number = _PROTOCOLS.get(protocol, protocol)
    return number, (int(first or 0), int(last or 0)) if number in _WITH_PORTS else None


def _drift(live: LiveStack) -> str:
    return f"who did it: groundplan drift --env {live.stack.env} --stack {live.stack.architecture}"


PROMISES = (
    Promise("network-sized", "networks are as they were planned", ("aws_vpc",), network),
    Promise("subnet-sized", "subnets are as they were planned", ("aws_subnet",), subnet),
    Promise(
        "security-group-rules",
        "security groups let through what they were told, and no more",
        ("aws_security_group", "aws_default_security_group"),
        security_group,
    ),
    Promise("network-acl-rules", "network ACLs have their rules", ("aws_network_acl",), acl),
)
