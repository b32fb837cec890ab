"""The network of a plan: what security groups let in from outside, and which subnets the internet reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from tooling.gate.changes.links import Part, linked, part, short
from tooling.gate.planned import Planned, PlanView

GROUPS = ("aws_security_group", "aws_default_security_group")
INTERNET = "the internet"
_RULE = "aws_vpc_security_group_ingress_rule"
_OLD_RULE = "aws_security_group_rule"
_ALL_PORTS = (0, 65535)
_PROTOCOLS = {"-1": "all", "all": "all", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}

# RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291: nobody comes from there over the internet.
_PRIVATE = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)


@dataclass(frozen=True)
class Opening:
    """A rule of a security group that lets in somebody who may be outside.

    Attributes:
        item: The resource that the rule is written in.
        groups: Addresses of the groups that it is a rule of.
        protocol: ``tcp``, ``udp``, ``icmp``, or ``all``.
        first: First port; of every protocol but TCP and UDP, 0.
        last: Last port.
        sources: Who is let in: CIDR blocks that hold public addresses, or the name of a list of such.
        undecided: Whether it is let in only perhaps.
    """

    item: Planned
    groups: tuple[str, ...]
    protocol: str
    first: int
    last: int
    sources: tuple[str, ...]
    undecided: bool = False

    def lets_in(self, protocol: str, port: int) -> bool:
        return self.protocol in ("all", protocol) and self.first <= port <= self.last

    @property
    def ports(self) -> str:
        if self.protocol == "all" or (self.first, self.last) == _ALL_PORTS:
            return "every port" if self.protocol == "all" else f"{self.protocol}, every port"
        return f"{self.protocol}/{self.first}" + (f"-{self.last}" if self.last != self.first else "")


def openings(view: PlanView, before: PlanView) -> tuple[Opening, ...]:
    """All rules that let in addresses of the internet.

    Args:
        view: The plan.
        before: What was there before it. AWS shows rules that are resources of their own in their group as well, also
            those that the plan takes away.
    """
    separate = [*_separate(view)]
    explained = {*map(_likeness, separate), *map(_likeness, _separate(before))}
    inline = [rule for rule in _inline(view) if _likeness(rule) not in explained or "ingress" in rule.item.expressions]
    return tuple(rule for rule in (*separate, *inline) if rule.sources)


def public_part(cidr: str) -> str | None:
    """The block, if any address in it is a public one; ``the internet`` for all addresses."""
    try:
        network: IPv4Network | IPv6Network = ip_network(cidr, strict=False)
    except ValueError:
        return cidr
    if network.prefixlen == 0:
        return INTERNET
    return None if any(_is_within(network, private) for private in _PRIVATE) else str(network)


def by_group(rules: Iterable[Opening]) -> dict[str, list[Opening]]:
    """Rules by the address of the security group that they are of."""
    found: dict[str, list[Opening]] = {}
    for rule in rules:
        for group in rule.groups:
            found.setdefault(group, []).append(rule)
    return found


def groups_of(argument: Part, view: PlanView) -> tuple[frozenset[str], bool]:
    """Addresses of the security groups that an argument names, and whether these are all."""
    found = linked(argument, GROUPS, view)
    return frozenset(item.address for item in found.items), found.whole


def members(view: PlanView) -> dict[str, tuple[str, ...]]:
    """By address of a security group: what has it, in short."""
    found: dict[str, list[str]] = {}
    for item in view.resources.values():
        if item.is_data or item.type in (*GROUPS, _RULE, _OLD_RULE, "aws_vpc_security_group_egress_rule"):
            continue
        for argument in _group_arguments(part(item)):
            for address in groups_of(argument, view)[0]:
                found.setdefault(address, []).append(short(item))
    return {address: tuple(dict.fromkeys(names)) for address, names in found.items()}


def is_reached(subnet: Planned, view: PlanView) -> bool | None:
    """Whether a subnet has a route to an internet gateway; None when its route table is not of the plan."""
    tables = [
        table
        for association in view.of_type("aws_route_table_association")
        if subnet in linked(part(association, "subnet_id"), ("aws_subnet",), view).items
        for table in linked(part(association, "route_table_id"), _TABLES, view).items
    ]
    if not tables:
        return None
    return any(_has_gateway(table, view) for table in tables)


_TABLES = ("aws_route_table", "aws_default_route_table")


def _has_gateway(table: Planned, view: PlanView) -> bool:
    gateways = ("aws_internet_gateway", "aws_egress_only_internet_gateway")
    routes = [
        part(route)
        for route in view.of_type("aws_route")
        if table in linked(part(route, "route_table_id"), _TABLES, view).items
    ]
    for route in (*routes, *part(table, "route").blocks()):
        gateway = route.at("gateway_id")
        if linked(gateway, gateways[:1], view).items or str(gateway.value).startswith("igw-"):
            return True
    return False


def _separate(view: PlanView) -> Iterator[Opening]:
    for item in view.of_type(_RULE):
        blocks = [part(item, "cidr_ipv4"), part(item, "cidr_ipv6")]
        lists = part(item, "prefix_list_id")
        yield _opening(item, part(item, "security_group_id"), item.values.get("ip_protocol"), blocks, lists, view)
    for item in view.of_type(_OLD_RULE):
        if item.values.get("type") == "ingress":
            blocks = [part(item, "cidr_blocks"), part(item, "ipv6_cidr_blocks")]
            lists = part(item, "prefix_list_ids")
            yield _opening(item, part(item, "security_group_id"), item.values.get("protocol"), blocks, lists, view)


def _inline(view: PlanView) -> Iterator[Opening]:
    for kind in GROUPS:
        for group in view.of_type(kind):
            rules = part(group, "ingress")
            if rules.unknown is True and rules.expression:
                unclear = ("addresses known only after the apply",)
                yield Opening(group, (group.address,), "all", *_ALL_PORTS, unclear, undecided=True)
            for rule in rules.blocks():
                given = rule.value or {}
                blocks = [rule.at("cidr_blocks"), rule.at("ipv6_cidr_blocks")]
                sources, undecided = _sources(blocks, rule.at("prefix_list_ids"), view)
                protocol, first, last = _ports(given.get("protocol"), given.get("from_port"), given.get("to_port"))
                yield Opening(group, (group.address,), protocol, first, last, sources, undecided)


def _opening(item: Planned, group: Part, protocol: Any, blocks: list[Part], lists: Part, view: PlanView) -> Opening:
    sources, undecided = _sources(blocks, lists, view)
    name, first, last = _ports(protocol, item.values.get("from_port"), item.values.get("to_port"))
    return Opening(item, tuple(sorted(groups_of(group, view)[0])), name, first, last, sources, undecided)


def _sources(blocks: Iterable[Part], lists: Part, view: PlanView) -> tuple[tuple[str, ...], bool]:
    """Who outside is let in, and whether that is only perhaps so."""
    found: list[str] = []
    undecided = False
    for block in blocks:
        found += [public for text in _texts(block.value) if (public := public_part(text))]
        if block.awaited:
            found.append("addresses known only after the apply")
            undecided = True
    named = linked(lists, ("aws_ec2_managed_prefix_list",), view)
    for item in named.items:
        for entry in part(item, "entry").blocks():
            found += [public for text in _texts((entry.value or {}).get("cidr")) if (public := public_part(text))]
    if not named.whole:
        found.append(f"prefix list {', '.join(_texts(lists.value)) or 'known only after the apply'}")
        undecided = True
    return tuple(dict.fromkeys(found)), undecided


def _ports(protocol: Any, first: Any, last: Any) -> tuple[str, int, int]:
    name = _PROTOCOLS.get(str(protocol), str(protocol))
    if name not in ("tcp", "udp") or not isinstance(first, int) or not isinstance(last, int):
        return name, *_ALL_PORTS
    return name, first, last


def _likeness(rule: Opening) -> tuple[object, ...]:
    return rule.groups, rule.protocol, rule.first, rule.last, frozenset(rule.sources)


def _group_arguments(argument: Part, depth: int = 2) -> Iterator[Part]:
    """The arguments that name security groups, in the resource and in its blocks."""
    names = ("security_groups", "security_group_ids", "vpc_security_group_ids", "vpc_security_groups")
    for name in names:
        yield argument.at(name)
    if depth and isinstance(argument.value, dict):
        for name, value in argument.value.items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                for block in argument.at(name).blocks():
                    yield from _group_arguments(block, depth - 1)


def _texts(value: Any) -> list[str]:
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str) and text]


def _is_within(network: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    if isinstance(network, IPv4Network) and isinstance(other, IPv4Network):
        return network.subnet_of(other)
    if isinstance(network, IPv6Network) and isinstance(other, IPv6Network):
        return network.subnet_of(other)
    return False
