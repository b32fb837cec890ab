"""Reading a plan's network: subnets, routes and the rules of security groups, each as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.plans import Plan, Resource

GROUP, SUBNET = "aws_security_group", "aws_subnet"
# What a route may lead to.
_TARGETS = ("gateway_id", "nat_gateway_id")
_DIRECTIONS = {"in": "aws_vpc_security_group_ingress_rule", "out": "aws_vpc_security_group_egress_rule"}


@dataclass(frozen=True)
class Rule:
    """A rule of a security group.

    Attributes:
        direction: ``in`` or ``out``.
        group: Name of the group's block.
        other: The other side: addresses, or the name of a group's block.
        protocol: As the plan has it.
        ports: First and last; None for a rule without.
        description: As the plan has it.
    """

    direction: str
    group: str
    other: str
    protocol: str
    ports: tuple[int, int] | None
    description: str


def rules(plan: Plan) -> list[Rule]:
    """Every rule, the same one twice if it is there twice."""
    return [_rule(plan, way, each) for way, kind in _DIRECTIONS.items() for each in plan.all(kind)]


def subnets(plan: Plan, tier: str) -> list[Resource]:
    """The subnets of a tier, in the order of their zones."""
    found = [each for each in plan.all(SUBNET) if each["tags"]["Tier"] == tier]
    return sorted(found, key=lambda each: str(each["availability_zone"]))


def subnet_values(plan: Plan, tier: str) -> list[tuple[Any, ...]]:
    """Name, addresses, zone of each of a tier's subnets, and whether it gives public addresses."""
    return [
        (each["tags"]["Name"], each["cidr_block"], each["availability_zone"], each["map_public_ip_on_launch"])
        for each in subnets(plan, tier)
    ]


def route_tables(plan: Plan) -> Mapping[str, list[str]]:
    """Blocks of the route tables of each subnet, by the subnet's block."""
    found: dict[str, list[str]] = {each.block: [] for each in plan.all(SUBNET)}
    for association in plan.all("aws_route_table_association"):
        subnet = plan.referred(association, "subnet_id", SUBNET)
        found[subnet.block].append(plan.referred(association, "route_table_id", "aws_route_table").block)
    return found


def default_route(plan: Plan, table: str) -> tuple[str, set[str]]:
    """The one route of a table, which goes everywhere: the argument that says where to, and what it refers to."""
    (route,) = [each for each in plan.all("aws_route") if table in plan.references(each, "route_table_id")]
    assert route["destination_cidr_block"] == "0.0.0.0/0"
    (target,) = [each for each in _TARGETS if each in plan.arguments(route)]
    return target, set(plan.references(route, target))


def in_subnets_of(plan: Plan, resource: Resource, *argument: str | int) -> tuple[str, ...]:
    """Tier and zone of the subnets that an argument refers to: ``Private us-east-1a``."""
    references = plan.references(resource, *argument)
    there = [each for each in plan.all(SUBNET) if each.block in references]
    return tuple(sorted(f"{each['tags']['Tier']} {each['availability_zone']}" for each in there))


def _rule(plan: Plan, direction: str, rule: Resource) -> Rule:
    group = plan.referred(rule, "security_group_id", GROUP)
    if "referenced_security_group_id" in plan.arguments(rule):
        other = plan.referred(rule, "referenced_security_group_id", GROUP).block.rpartition(".")[2]
    else:
        other = rule["cidr_ipv4"]
    ports = (rule["from_port"], rule["to_port"]) if "from_port" in plan.arguments(rule) else None
    return Rule(direction, group.block.rpartition(".")[2], other, rule["ip_protocol"], ports, rule["description"])
