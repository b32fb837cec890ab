"""Who reaches whom: the application its database and the internet, the internet the load balancer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tooling.doctor.examination import Diagnosis, Part, looked
from tooling.doctor.firewall import (
    ANYWHERE,
    ANYWHERE_V6,
    acl_refusals,
    admits,
    groups,
    lets_through,
    routing,
)
from tooling.doctor.services import senders
from tooling.errors import ToolError
from tooling.live import failed, ok, skipped

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.doctor.firewall import Group, Routing
    from tooling.doctor.services import Sender
    from tooling.live import Finding

_HTTPS = 443
_STEP = "then apply: it undoes what was changed by hand"
_NO_SUBNET = "none of its subnets is there any more"


def databases(examination: Examination) -> Iterator[dict[str, Any]]:
    """Every database of the stack as RDS describes it, with its ``address`` in the state and its ``region``.

    Raises:
        ToolError: One is in the state and not in the account.
    """
    for one in examination.live.of("aws_db_instance"):
        identifier = str(one.attributes.get("identifier") or one.id)
        with examination.live.asking(f"the database {identifier}"):
            client = examination.client("rds", one.region)
            try:
                (found,) = client.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
            except client.exceptions.DBInstanceNotFoundFault as error:
                hint = (
                    f"groundplan db restore --help; without its data: groundplan plan {examination.command}, then apply"
                )
                raise ToolError(f"the database {identifier} is not there any more", hint=hint) from error
        yield {**found, "address": one.address, "region": one.region}


def ways_to_database(examination: Examination) -> Iterator[Finding]:
    """From each of the stack's senders to each of its databases: security groups both ways, ACLs and routes."""
    found = list(databases(examination))
    for sender in senders(examination):
        for database in found:
            # A database of another region is a copy for the day when this region is gone.
            if database["region"] == sender.region:
                way = f"{sender.what} to {database['DBInstanceIdentifier']}"
                yield from looked(way, _way(examination, way, sender, database))


def out(examination: Examination) -> Iterator[Finding]:
    """From each sender to HTTPS addresses on the internet, as of AWS's own APIs."""
    for sender in senders(examination):
        name = f"{sender.what} to the internet"
        yield from looked(name, _out(examination, name, sender))


def into(examination: Examination) -> Iterator[Finding]:
    """From the internet to each public load balancer."""
    for balancer in examination.live.of("aws_lb"):
        name = f"the internet to the load balancer {balancer['name']}"
        if balancer.attributes.get("internal"):
            yield skipped(name, "it is internal")
            continue
        guards = groups(examination, map(str, balancer.attributes.get("security_groups") or ()), balancer.region)
        ports = sorted(
            {
                int(one["port"])
                for one in examination.live.of("aws_lb_listener")
                if one["load_balancer_arn"] == balancer["arn"]
            }
        )
        closed = [port for port in ports if not any(admits(one.ingress, port, cidr=ANYWHERE) for one in guards)]
        subnets = routing(examination, map(str, balancer.attributes.get("subnets") or ()), balancer.region)
        private = [one.subnet for one in subnets if not one.public]
        problems = [f"no rule of {_named(guards)} lets TCP {port} in from {ANYWHERE}" for port in closed]
        problems += [f"{subnet} has no route to an internet gateway" for subnet in private]
        if problems:
            yield failed(
                name,
                "; ".join(problems),
                means="visitors get no answer",
                next=f"groundplan plan {examination.command}, {_STEP}",
                address=balancer.address,
            )
        else:
            yield ok(name, f"TCP {', '.join(map(str, ports)) or 'of no listener'} let in", address=balancer.address)


def database_shut(examination: Examination) -> Iterator[Finding]:
    """That nobody reaches a database from the internet."""
    for database in databases(examination):
        name = f"the internet to the database {database['DBInstanceIdentifier']}"
        guards = guarding(examination, database)
        open_to_all = [
            cidr
            for cidr in (ANYWHERE, ANYWHERE_V6)
            if any(admits(one.ingress, _port(database), cidr=cidr) for one in guards)
        ]
        problems = ["it has a public address"] if database.get("PubliclyAccessible") else []
        problems += [f"{_named(guards)} lets TCP {_port(database)} in from {cidr}" for cidr in open_to_all]
        if problems:
            next_step = f"groundplan plan {examination.command}, {_STEP}"
            means = "anybody may try passwords"
            yield failed(name, "; ".join(problems), means=means, next=next_step, address=database["address"])
        else:
            yield ok(name, "shut: no public address, no rule for the internet", address=database["address"])


def _out(examination: Examination, name: str, sender: Sender) -> Iterator[Finding]:
    guards = groups(examination, sender.security_groups, sender.region)
    routes = routing(examination, sender.subnets, sender.region)
    problems = [] if any(admits(one.egress, _HTTPS, cidr=ANYWHERE) for one in guards) else [_no_rule(guards, _HTTPS)]
    problems += [] if routes else [_NO_SUBNET]
    for subnet in routes:
        problems += _route_problems(examination, subnet)
        problems += acl_refusals(subnet, egress=True, ports=(_HTTPS, _HTTPS), cidr=ANYWHERE)
        problems += acl_refusals(subnet, egress=False, ports=sender.answers, cidr=ANYWHERE)
    if problems:
        yield failed(
            name,
            "; ".join(dict.fromkeys(problems)),
            means="calls to AWS, pulls of images and other services time out",
            next=f"groundplan plan {examination.command}, {_STEP}",
        )
    else:
        gateways = ", ".join(f"{one.subnet} by {one.default}" for one in routes)
        yield ok(name, f"TCP {_HTTPS} may leave: {gateways}")


def guarding(examination: Examination, database: dict[str, Any]) -> tuple[Group, ...]:
    """The security groups of a database."""
    ids = (str(one["VpcSecurityGroupId"]) for one in database.get("VpcSecurityGroups", []))
    return groups(examination, ids, database["region"])


def _way(examination: Examination, name: str, sender: Sender, database: dict[str, Any]) -> Iterator[Finding]:
    port, identifier = _port(database), database["DBInstanceIdentifier"]
    guards = groups(examination, sender.security_groups, sender.region)
    others = guarding(examination, database)
    placed = (database.get("DBSubnetGroup") or {}).get("Subnets", [])
    here = routing(examination, sender.subnets, sender.region)
    there = routing(examination, (one["SubnetIdentifier"] for one in placed), database["region"])
    leaves, enters = lets_through(
        guards, others, port, here=[one.cidr for one in here], there=[one.cidr for one in there]
    )
    problems = [] if leaves else [f"no rule of {_named(guards)} lets TCP {port} out to {_named(others)}"]
    problems += [] if enters else [f"no rule of {_named(others)} lets TCP {port} in from {_named(guards)}"]
    problems += [] if here and there else [_NO_SUBNET]
    vpcs = {one.vpc for one in (*here, *there)}
    problems += [f"they are in different VPCs: {', '.join(sorted(vpcs))}"] if len(vpcs) > 1 else []
    for subnet in here:
        # Within one subnet no ACL is asked.
        for other in (one for one in there if one.subnet != subnet.subnet):
            problems += acl_refusals(subnet, egress=True, ports=(port, port), cidr=other.cidr)
            problems += acl_refusals(other, egress=False, ports=(port, port), cidr=subnet.cidr)
            problems += acl_refusals(other, egress=True, ports=sender.answers, cidr=subnet.cidr)
            problems += acl_refusals(subnet, egress=False, ports=sender.answers, cidr=other.cidr)
    if problems:
        yield failed(
            name,
            "; ".join(dict.fromkeys(problems)),
            means=f"connections to {identifier} time out",
            next=f"groundplan plan {examination.command}, {_STEP}",
            address=database["address"],
        )
    else:
        vpc = ", ".join(sorted(vpcs))
        seen = f"TCP {port} may leave {_named(guards)} and enter {_named(others)}, by the local route of {vpc}"
        yield ok(name, seen, address=database["address"])


def _route_problems(examination: Examination, subnet: Routing) -> Iterator[str]:
    if not subnet.default:
        yield f"{subnet.subnet} has no route for {ANYWHERE}"
    elif not subnet.active:
        yield f"the route of {subnet.subnet} leads to {subnet.default}, which is gone"
    elif subnet.default.startswith("nat-"):
        with examination.live.asking("NAT gateways"):
            client = examination.client("ec2", subnet.region)
            found = client.describe_nat_gateways(NatGatewayIds=[subnet.default])["NatGateways"]
        states = [str(one["State"]) for one in found] or ["gone"]
        if states != ["available"]:
            yield f"{subnet.default} of {subnet.subnet} is {states[0]}"


def _port(database: dict[str, Any]) -> int:
    return int((database.get("Endpoint") or {}).get("Port") or database.get("DbInstancePort") or 5432)


def _no_rule(guards: Sequence[Group], port: int) -> str:
    return f"no rule of {_named(guards)} lets TCP {port} out to {ANYWHERE}"


def _named(found: Sequence[Group]) -> str:
    return ", ".join(map(str, found)) or "no security group"


DIAGNOSIS = Diagnosis(
    "network",
    "who reaches whom: application, database, internet",
    ("aws_vpc",),
    (
        Part("application to database", ways_to_database),
        Part("application to internet", out),
        Part("internet to load balancer", into),
        Part("internet to database", database_shut),
    ),
)
