"""Who may reach whom in a VPC: security groups, network ACLs and routes, as the account has them now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination

ANYWHERE = "0.0.0.0/0"
ANYWHERE_V6 = "::/0"
# Ports that answers come back to: of Linux, and of functions and whatever else one cannot know.
# https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
LINUX_EPHEMERAL = (32768, 61000)
EPHEMERAL = (1024, 65535)
_TCP = ("tcp", "6", "-1")


@dataclass(frozen=True)
class Group:
    """One security group as EC2 describes it.

    Attributes:
        ingress, egress: Its rules, in the words of EC2.
    """

    id: str
    name: str
    ingress: Sequence[Mapping[str, Any]]
    egress: Sequence[Mapping[str, Any]]

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


@dataclass(frozen=True)
class Routing:
    """Where a subnet sends what is for the internet.

    Attributes:
        subnet: Its id.
        cidr: Its addresses.
        vpc: The VPC that it is part of.
        default: Id of the gateway that 0.0.0.0/0 goes to; empty when there is no such route.
        active: Whether that gateway is there.
        region: Where it is.
        acls: Its network ACLs, in the words of EC2.
    """

    subnet: str
    cidr: str
    vpc: str
    default: str
    active: bool
    region: str
    acls: Sequence[Mapping[str, Any]]

    @property
    def public(self) -> bool:
        return self.default.startswith("igw-")


def groups(examination: Examination, ids: Iterable[str], region: str) -> tuple[Group, ...]:
    """The security groups of these ids; those that are gone are left out."""
    wanted = sorted(set(ids))
    if not wanted:
        return ()
    with examination.live.asking("security groups"):
        found = _described(examination, region, "describe_security_groups", "SecurityGroups", "group-id", wanted)
    return tuple(
        Group(one["GroupId"], one["GroupName"], one["IpPermissions"], one["IpPermissionsEgress"])
        for one in sorted(found, key=lambda group: str(group["GroupId"]))
    )


def admits(rules: Iterable[Mapping[str, Any]], port: int, *, group: str = "", cidr: str = "") -> bool:
    """Whether one of a security group's rules covers a TCP port, for another group or for all of a range."""
    for rule in rules:
        if rule["IpProtocol"] not in _TCP or not _covers(rule, port):
            continue
        if group and any(pair.get("GroupId") == group for pair in rule.get("UserIdGroupPairs", [])):
            return True
        if cidr and any(_within(cidr, range_) for range_ in _ranges(rule)):
            return True
    return False


def lets_through(
    senders: Sequence[Group], receivers: Sequence[Group], port: int, *, here: Sequence[str], there: Sequence[str]
) -> tuple[bool, bool]:
    """Whether the senders may send to the receivers, and whether those let it in.

    Args:
        senders: Groups of who begins a connection.
        receivers: Groups of who takes it.
        port: TCP port.
        here: Addresses of the senders' subnets, for rules that name addresses and no group.
        there: Addresses of the receivers' subnets.
    """
    out = any(
        any(admits(one.egress, port, group=other.id) for other in receivers)
        or any(admits(one.egress, port, cidr=cidr) for cidr in there)
        for one in senders
    )
    into = any(
        any(admits(other.ingress, port, group=one.id) for one in senders)
        or any(admits(other.ingress, port, cidr=cidr) for cidr in here)
        for other in receivers
    )
    return out, into


def routing(examination: Examination, subnets: Iterable[str], region: str) -> tuple[Routing, ...]:
    """Routes and ACLs of these subnets; routes of the main route table where a subnet has none of its own."""
    wanted = sorted(set(subnets))
    if not wanted:
        return ()
    with examination.live.asking("routes"):
        described = _described(examination, region, "describe_subnets", "Subnets", "subnet-id", wanted)
        vpcs = sorted({str(one["VpcId"]) for one in described})
        tables = _described(examination, region, "describe_route_tables", "RouteTables", "vpc-id", vpcs)
        acls = _described(examination, region, "describe_network_acls", "NetworkAcls", "association.subnet-id", wanted)
    return tuple(
        _routing(one, tables, acls, region) for one in sorted(described, key=lambda subnet: str(subnet["SubnetId"]))
    )


def acl_refusals(subnet: Routing, *, egress: bool, ports: tuple[int, int], cidr: str) -> Iterator[str]:
    """Why the network ACL of a subnet lets TCP to some of these ports not through; nothing when it does."""
    for acl in subnet.acls:
        entries = sorted(
            (one for one in acl["Entries"] if one["Egress"] == egress), key=lambda one: int(one["RuleNumber"])
        )
        for port in ports:
            if not _acl_allows(entries, port, cidr):
                way = "to" if egress else "from"
                yield f"{acl['NetworkAclId']} of {subnet.subnet} refuses TCP {port} {way} {cidr}"


def _acl_allows(entries: Sequence[Mapping[str, Any]], port: int, cidr: str) -> bool:
    """The first entry that is about it decides, as EC2 does."""
    for entry in entries:
        if str(entry["Protocol"]) not in _TCP or not _within(cidr, entry.get("CidrBlock", "")):
            continue
        # An entry for every protocol is about every port, whatever ports it was given.
        ports = (entry.get("PortRange") or {}) if str(entry["Protocol"]) != "-1" else {}
        if ports.get("From") is None or ports["From"] <= port <= ports["To"]:
            return str(entry["RuleAction"]) == "allow"
    return False


def _described(
    examination: Examination, region: str, operation: str, key: str, name: str, values: Sequence[str]
) -> list[dict[str, Any]]:
    """What EC2 lists by one filter; an empty filter would mean everything."""
    if not values:
        return []
    pages = examination.client("ec2", region).get_paginator(operation)
    return [one for page in pages.paginate(Filters=[{"Name": name, "Values": list(values)}]) for one in page[key]]


def _routing(
    subnet: Mapping[str, Any], tables: Sequence[Mapping[str, Any]], acls: Sequence[Mapping[str, Any]], region: str
) -> Routing:
    gateway, active = "", False
    own = _table(tables, "SubnetId", subnet["SubnetId"]) or _table(tables, "Main", True, subnet["VpcId"])
    for route in (own or {}).get("Routes", []):
        if route.get("DestinationCidrBlock") == ANYWHERE:
            keys = ("NatGatewayId", "GatewayId", "TransitGatewayId", "NetworkInterfaceId", "InstanceId")
            gateway = next((str(route[key]) for key in keys if route.get(key)), "")
            active = route.get("State", "active") == "active"
    guards = [
        one for one in acls if any(each.get("SubnetId") == subnet["SubnetId"] for each in one.get("Associations", []))
    ]
    return Routing(subnet["SubnetId"], subnet["CidrBlock"], subnet["VpcId"], gateway, active, region, guards)


def _table(tables: Sequence[Mapping[str, Any]], key: str, value: object, vpc: str = "") -> Mapping[str, Any] | None:
    for table in tables:
        if vpc in ("", table["VpcId"]) and any(one.get(key) == value for one in table.get("Associations", [])):
            return table
    return None


def _covers(rule: Mapping[str, Any], port: int) -> bool:
    if rule["IpProtocol"] == "-1":
        return True
    first, last = rule.get("FromPort", 0), rule.get("ToPort", 65535)
    return bool(first == -1 or first <= port <= last)


def _ranges(rule: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(entry["CidrIp"]) for entry in rule.get("IpRanges", []))
    yield from (str(entry["CidrIpv6"]) for entry in rule.get("Ipv6Ranges", []))


def _within(cidr: str, whole: str) -> bool:
    if not whole:
        return False
    inner, outer = ip_network(cidr), ip_network(whole)
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]
