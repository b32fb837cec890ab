"""Who reaches whom: the application its database and the internet, the internet the load balancer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tooling.doctor.examination import Diagnosis, Part
from tooling.doctor.firewall import ANYWHERE, EPHEMERAL, acl_refusals, admits, groups, lets_through, routing
from tooling.doctor.services import senders
from tooling.live import failed, ok, skipped

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.doctor.firewall import Group, Routing
    from tooling.doctor.services import Sender
    from tooling.live import Finding

_HTTPS = 443
_STEP = "then apply: it puts back what is applied by hand"


def databases(examination: Examination) -> Iterator[dict[str, Any]]:
    """Every database of the stack as RDS describes it, with its ``address`` in the state."""
    for one in examination.live.of("aws_db_instance"):
        identifier = str(one.attributes.get("identifier") or one.id)
        with examination.live.asking(f"the database {identifier}"):
            client = examination.client("rds", one.region)
            for found in client.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]:
                yield {**found, "address": one.address, "region": one.region}


def ways_to_database(examination: Examination) -> Iterator[Finding]:
    """From each of the stack's senders to each of its databases: security groups both ways, ACLs and routes."""
    found = list(databases(examination))
    for sender in senders(examination):
        for database in found:
            yield from _way(examination, sender, database)


def out(examination: Examination) -> Iterator[Finding]:
    """From each sender to HTTPS addresses on the internet, as of AWS's own APIs."""
    for sender in senders(examination):
        guards = groups(examination, sender.security_groups)
        name = f"{sender.what} to the internet"
        problems = (
            [] if any(admits(one.egress, _HTTPS, cidr=ANYWHERE) for one in guards) else [_no_rule(guards, _HTTPS)]
        )
        routes = routing(examination, sender.subnets)
        for subnet in routes:
            problems += _route_problems(examination, subnet)
            problems += acl_refusals(examination, subnet, egress=True, ports=(_HTTPS, _HTTPS), cidr=ANYWHERE)
            problems += acl_refusals(examination, subnet, egress=False, ports=EPHEMERAL, cidr=ANYWHERE)
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


def into(examination: Examination) -> Iterator[Finding]:
    """From the internet to each public load balancer."""
    for balancer in examination.live.of("aws_lb"):
        name = f"the internet to the load balancer {balancer['name']}"
        if balancer.attributes.get("internal"):
            yield skipped(name, "it is internal")
            continue
        guards = groups(examination, map(str, balancer.attributes.get("security_groups") or ()))
        ports = sorted(
            {
                int(one["port"])
                for one in examination.live.of("aws_lb_listener")
                if one["load_balancer_arn"] == balancer["arn"]
            }
        )
        closed = [port for port in ports if not any(admits(one.ingress, port, cidr=ANYWHERE) for one in guards)]
        subnets = routing(examination, map(str, balancer.attributes.get("subnets") or ()))
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
        guards = groups(examination, (one["VpcSecurityGroupId"] for one in database.get("VpcSecurityGroups", [])))
        open_to_all = any(admits(one.ingress, _port(database), cidr=ANYWHERE) for one in guards)
        problems = ["it has a public address"] if database.get("PubliclyAccessible") else []
        problems += [f"{_named(guards)} lets TCP {_port(database)} in from {ANYWHERE}"] if open_to_all else []
        if problems:
            next_step = f"groundplan plan {examination.command}, {_STEP}"
            means = "anybody may try passwords"
            yield failed(name, "; ".join(problems), means=means, next=next_step, address=database["address"])
        else:
            yield ok(name, "shut: no public address, no rule for the internet", address=database["address"])


def _way(examination: Examination, sender: Sender, database: dict[str, Any]) -> Iterator[Finding]:
    port, identifier = _port(database), database["DBInstanceIdentifier"]
    name = f"{sender.what} to {identifier}"
    guards = groups(examination, sender.security_groups)
    others = groups(examination, (one["VpcSecurityGroupId"] for one in database.get("VpcSecurityGroups", [])))
    placed = (database.get("DBSubnetGroup") or {}).get("Subnets", [])
    here = routing(examination, sender.subnets)
    there = routing(examination, (one["SubnetIdentifier"] for one in placed))
    leaves, enters = lets_through(
        guards, others, port, here=[one.cidr for one in here], there=[one.cidr for one in there]
    )
    problems = [] if leaves else [f"no rule of {_named(guards)} lets TCP {port} out to {_named(others)}"]
    problems += [] if enters else [f"no rule of {_named(others)} lets TCP {port} in from {_named(guards)}"]
    vpcs = {one.vpc for one in (*here, *there)}
    problems += [f"they are in different VPCs: {', '.join(sorted(vpcs))}"] if len(vpcs) > 1 else []
    for subnet in here:
        for other in there:
            problems += acl_refusals(examination, subnet, egress=True, ports=(port, port), cidr=other.cidr)
            problems += acl_refusals(examination, other, egress=False, ports=(port, port), cidr=subnet.cidr)
            problems += acl_refusals(examination, other, egress=True, ports=EPHEMERAL, cidr=subnet.cidr)
            problems += acl_refusals(examination, subnet, egress=False, ports=EPHEMERAL, cidr=other.cidr)
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
            found = examination.client("ec2").describe_nat_gateways(NatGatewayIds=[subnet.default])["NatGateways"]
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
