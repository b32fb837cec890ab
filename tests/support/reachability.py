"""Who can talk to whom: the security groups of a plan as a graph, walked from the internet inwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from tests.support.plans import Plan, Resource

INTERNET = "internet"
GROUP = "aws_security_group"
_INGRESS, _EGRESS = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
# Rules, or ways in, of other forms; a walk that does not know them would come to too few places.
_UNKNOWN = {
    "aws_default_vpc",
    "aws_network_interface_sg_attachment",
    "aws_security_group_rule",
    "aws_vpc_peering_connection",
    "aws_vpc_security_group_vpc_association",
}
_ALL = "-1"
_PROTOCOLS = {"-1": _ALL, "all": _ALL, "6": "tcp", "17": "udp"}
_LAST_PORT = 65535
# Arguments that give a public address to what has them, or to what is started in it.
_MAKE_PUBLIC = {
    "assign_public_ip",
    "associate_public_ip_address",
    "map_public_ip_on_launch",
    "publicly_accessible",
}


@dataclass(frozen=True, order=True)
class Ports:
    """Ports of a protocol, first and last included; ``-1`` is every protocol."""

    protocol: str
    first: int
    last: int

    def meet(self, other: Ports) -> Ports | None:
        """What both have; None if that is nothing."""
        if _ALL not in (self.protocol, other.protocol) and self.protocol != other.protocol:
            return None
        first, last = max(self.first, other.first), min(self.last, other.last)
        protocol = other.protocol if self.protocol == _ALL else self.protocol
        return Ports(protocol, first, last) if first <= last else None

    def __str__(self) -> str:
        if self.protocol == _ALL and (self.first, self.last) == (0, _LAST_PORT):
            return "all"
        return f"{self.protocol}/{self.first}" + (f"-{self.last}" if self.last != self.first else "")


@dataclass(frozen=True)
class _Rule:
    """A rule: its group, the ports, and the other side, which is a group, addresses, or addresses nobody knows."""

    group: str
    ports: Ports
    other_group: str | None
    addresses: IPv4Network | IPv6Network | None

    def is_about(self, group: str, network: IPv4Network | IPv6Network) -> bool:
        """Whether members of a group in the network are on the other side."""
        if self.other_group is not None:
            return self.other_group == group
        return self.addresses is None or self.addresses.overlaps(network)

    def is_about_others(self, network: IPv4Network | IPv6Network) -> bool:
        """Whether anything outside the network is on the other side."""
        if self.other_group is not None:
            return False
        return not _is_within(self.addresses, network)


class Reachability:
    """The graph of a plan. Its nodes are ``internet`` and the security groups, by the names of their blocks.

    A hop is there if the one side's rules let it out and the other side's let it in, on the ports that both name. What
    comes in by a route into the network that is not the internet counts as the internet too.

    Raises:
        AssertionError: The plan has rules that cannot be read here.
    """

    def __init__(self, plan: Plan) -> None:
        assert not plan.types() & _UNKNOWN, f"cannot be walked: {sorted(plan.types() & _UNKNOWN)}"
        self._plan = plan
        self._network = ip_network(plan.one("aws_vpc")["cidr_block"])
        self.groups = frozenset(_name(group.block) for group in plan.all(GROUP))
        for group in (*plan.all(GROUP), *plan.all("aws_default_security_group")):
            self._assert_without_rules_of_its_own(group)
        self._in = [self._rule(each) for each in plan.all(_INGRESS)]
        self._out = [self._rule(each) for each in plan.all(_EGRESS)]
        self._hops = self._all_hops()

    def paths(self) -> frozenset[str]:
        """Every way from the internet to a group, through no group twice: ``internet -tcp/443-> web -tcp/80-> app``."""
        return frozenset(self._walk(INTERNET, (INTERNET,), INTERNET))

    def reached(self) -> frozenset[str]:
        """The groups that the internet reaches itself, in one hop."""
        return frozenset(target for source, target in self._hops if source == INTERNET)

    def members(self) -> Mapping[str, frozenset[str]]:
        """Types of what has each group."""
        found: dict[str, set[str]] = {group: set() for group in self.groups}
        for resource in self._plan.resources:
            if resource.type in (_INGRESS, _EGRESS):
                continue
            for argument in self._plan.arguments(resource):
                for group in self._groups_in(resource, argument):
                    found[group].add(resource.type)
        return {group: frozenset(types) for group, types in found.items()}

    def _walk(self, node: str, seen: tuple[str, ...], path: str) -> Iterator[str]:
        for (source, target), ports in self._hops.items():
            if source == node and target not in seen:
                longer = f"{path} -{','.join(map(str, sorted(ports)))}-> {target}"
                yield longer
                yield from self._walk(target, (*seen, target), longer)

    def _all_hops(self) -> Mapping[tuple[str, str], set[Ports]]:
        hops: dict[tuple[str, str], set[Ports]] = defaultdict(set)
        for entrance in self._in:
            if entrance.is_about_others(self._network):
                hops[INTERNET, entrance.group].add(entrance.ports)
            for exit_ in self._out:
                both_ways = entrance.is_about(exit_.group, self._network) and exit_.is_about(
                    entrance.group, self._network
                )
                ports = exit_.ports.meet(entrance.ports)
                if both_ways and ports:
                    hops[exit_.group, entrance.group].add(ports)
        return dict(hops)

    def _rule(self, rule: Resource) -> _Rule:
        given = self._plan.arguments(rule)
        (group,) = self._groups_in(rule, "security_group_id")
        other: str | None = None
        addresses: IPv4Network | IPv6Network | None = None
        if "referenced_security_group_id" in given:
            others = self._groups_in(rule, "referenced_security_group_id")
            assert len(others) == 1, f"{rule.address} is about a group that is not of this plan"
            (other,) = others
        elif given & {"cidr_ipv4", "cidr_ipv6"}:
            addresses = ip_network(rule["cidr_ipv4"] if "cidr_ipv4" in given else rule["cidr_ipv6"], strict=False)
        else:
            assert "prefix_list_id" in given, f"{rule.address} does not say who is on the other side"
        return _Rule(group, _ports(rule), other, addresses)

    def _groups_in(self, resource: Resource, argument: str) -> frozenset[str]:
        references = self._plan.references(resource, argument)
        return frozenset(_name(group.block) for group in self._plan.all(GROUP) if group.block in references)

    def _assert_without_rules_of_its_own(self, group: Resource) -> None:
        for argument in ("ingress", "egress"):
            if argument in self._plan.arguments(group):
                assert group[argument] == [], f"{group.address} has rules of its own, which cannot be walked"


def public_addresses(plan: Plan) -> frozenset[str]:
    """Blocks of what has a public address, or gives one to what is started in it."""
    addresses = {each.block for each in plan.all("aws_eip")}
    return frozenset(
        resource.block
        for resource in plan.resources
        if _is_public(resource.values)
        or (resource.type == "aws_lb" and resource.values.get("internal") is not True)
        or any(addresses & plan.references(resource, argument) for argument in plan.arguments(resource))
    )


def _is_public(values: Any) -> bool:
    if isinstance(values, Mapping):
        # A launch template has its booleans as text.
        return any(
            str(value).lower() == "true" if name in _MAKE_PUBLIC else _is_public(value)
            for name, value in values.items()
        )
    return isinstance(values, list) and any(map(_is_public, values))


def _ports(rule: Resource) -> Ports:
    protocol = _PROTOCOLS.get(rule["ip_protocol"], rule["ip_protocol"])
    if protocol == _ALL:
        return Ports(_ALL, 0, _LAST_PORT)
    return Ports(protocol, rule["from_port"], rule["to_port"])


def _is_within(addresses: IPv4Network | IPv6Network | None, network: IPv4Network | IPv6Network) -> bool:
    if isinstance(addresses, IPv4Network) and isinstance(network, IPv4Network):
        return addresses.subnet_of(network)
    # Not of the network's kind, or nobody knows.
    return False


def _name(block: str) -> str:
    return block.rpartition(".")[2]
