"""Rules of security groups that let the internet in, and what has a public address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tooling.gate.addresses import segments
from tooling.gate.changes.doors.networks import INTERNET, Opening, by_group, groups_of, is_reached, members, openings
from tooling.gate.changes.links import Part, linked, part
from tooling.gate.changes.model import Door
from tooling.gate.planned import Planned, PlanView

#: Openings by security group.
Rules = Mapping[str, Sequence[Opening]]

#: Databases and the like that can be given an address on the internet.
_DATABASES = (
    "aws_db_instance",
    "aws_dms_replication_instance",
    "aws_docdb_cluster_instance",
    "aws_mq_broker",
    "aws_neptune_cluster_instance",
    "aws_rds_cluster_instance",
    "aws_redshift_cluster",
    "aws_redshiftserverless_workgroup",
)


def doors(view: PlanView, before: PlanView) -> Iterator[Door]:
    """Every opening of a security group, and every public address that is behind one."""
    rules = openings(view, before)
    behind = members(view)
    for rule in rules:
        leads_to = tuple(dict.fromkeys(name for group in rule.groups for name in behind.get(group, ())))
        groups = " and ".join(segments(group)[-1] for group in rule.groups) or "a group that is not of the plan"
        for source in rule.sources:
            yield Door(
                address=rule.item.address,
                what=f"{rule.ports} to what has the security group {groups}",
                reached_from=source,
                undecided=rule.undecided,
                leads_to=leads_to,
            )
    of_groups = by_group(rules)
    yield from _databases(view, of_groups)
    for argument, groups_argument, subnets in _computers(view):
        yield from _public_address(argument, groups_argument, subnets, of_groups, view)


def _databases(view: PlanView, rules: Rules) -> Iterator[Door]:
    """A public address of a database is a door even where no security group lets anybody in today."""
    for kind in _DATABASES:
        for item in view.of_type(kind):
            public = part(item, "publicly_accessible")
            if public.value is True or public.awaited:
                sources = _let_in(part(item, "vpc_security_group_ids"), rules, view)
                remark = "" if sources else " (its security groups let nobody in yet)"
                yield Door(
                    address=item.address,
                    what=f"a database with a public address{remark}",
                    reached_from=", ".join(sources or (INTERNET,)),
                    undecided=public.value is not True,
                )


def _computers(view: PlanView) -> Iterator[tuple[Part, Part, Part]]:
    """What runs programs of ours: its switch for a public address, its security groups, its subnets."""
    for item in view.of_type("aws_instance"):
        yield part(item, "associate_public_ip_address"), part(item, "vpc_security_group_ids"), part(item, "subnet_id")
    for kind in ("aws_ecs_service", "aws_ecs_task_set"):
        for item in view.of_type(kind):
            for network in part(item, "network_configuration").blocks():
                yield network.at("assign_public_ip"), network.at("security_groups"), network.at("subnets")
    for item in view.of_type("aws_cloudwatch_event_target"):
        for target in part(item, "ecs_target").blocks():
            for network in target.at("network_configuration").blocks():
                yield network.at("assign_public_ip"), network.at("security_groups"), network.at("subnets")
    for item in view.of_type("aws_launch_configuration"):
        yield part(item, "associate_public_ip_address"), part(item, "security_groups"), part(item, "none")
    for item in view.of_type("aws_launch_template"):
        interfaces = part(item, "network_interfaces").blocks()
        for interface in interfaces:
            groups, subnet = interface.at("security_groups"), interface.at("subnet_id")
            yield interface.at("associate_public_ip_address"), groups, subnet
        if not interfaces:
            for group in view.of_type("aws_autoscaling_group"):
                named = linked(part(group, "launch_template", 0, "id"), ("aws_launch_template",), view)
                if item in named.items or not named.whole:
                    yield part(item, "none"), part(item, "vpc_security_group_ids"), part(group, "vpc_zone_identifier")


def _public_address(switch: Part, groups: Part, subnets: Part, rules: Rules, view: PlanView) -> Iterator[Door]:
    item = switch.item
    places = linked(subnets, ("aws_subnet",), view)
    given = str(switch.value).lower() == "true" or _has_fixed_address(item, view)
    undecided = switch.awaited
    if switch.value is None and not switch.awaited:
        given = given or any(place.values.get("map_public_ip_on_launch") is True for place in places.items)
    if not given and not undecided:
        return
    if places.items and places.whole and all(is_reached(place, view) is False for place in places.items):
        return
    for source in _let_in(groups, rules, view):
        yield Door(address=item.address, what="a public address of its own", reached_from=source, undecided=undecided)


def _has_fixed_address(item: Planned, view: PlanView) -> bool:
    if item.type != "aws_instance":
        return False
    holders = [part(each, "instance") for each in view.of_type("aws_eip")]
    holders += [part(each, "instance_id") for each in view.of_type("aws_eip_association")]
    return any(item in linked(holder, ("aws_instance",), view).items for holder in holders)


def _let_in(groups: Part, rules: Rules, view: PlanView) -> tuple[str, ...]:
    """Who outside the security groups of something let in."""
    addresses, whole = groups_of(groups, view)
    sources = [source for group in sorted(addresses) for rule in rules.get(group, ()) for source in rule.sources]
    if not whole or not addresses:
        sources.append("whom its security groups let in, which are not of the plan")
    return tuple(dict.fromkeys(sources))
