"""Why does the health check fail: what the address answers, the ports, the security groups, the targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.doctor.examination import Diagnosis, Part
from tooling.doctor.firewall import groups, lets_through, routing
from tooling.doctor.services import Service, services
from tooling.live import failed, ok, skipped

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding, LiveResource

_OK = range(200, 300)


@dataclass(frozen=True)
class Balanced:
    """A service behind a load balancer.

    Attributes:
        container, port: Which of its containers gets requests, and where.
        group: The target group as ELB describes it.
        balancer: The load balancer of the stack; None when the target group hangs on none of it.
    """

    service: Service
    container: str
    port: int
    group: Mapping[str, Any]
    balancer: LiveResource | None


def answers(examination: Examination) -> Iterator[Finding]:
    """GET of the health check's path."""
    groups_seen = _target_groups(examination)
    if not groups_seen:
        yield skipped("answer", "no target group is checked over HTTP")
    for group, balancer in groups_seen:
        path = str(group.get("HealthCheckPath") or "/")
        host = balancer["dns_name"] if balancer else None
        if not examination.url and host is None:
            yield skipped(f"answer of {path}", "its target group hangs on no load balancer of the stack")
            continue
        secure = any(one["port"] == 443 for one in examination.live.of("aws_lb_listener"))
        base = examination.url.rstrip("/") or f"{'https' if secure else 'http'}://{host}"
        # The certificate is of the application's domain, and it is the load balancer that is asked.
        found = examination.outside.get(base + path, trusting=not examination.url)
        seen = f"GET {base}{path} answers {found.status} in {found.seconds * 1000:.0f} ms"
        if found.status in _OK:
            yield ok(f"answer of {path}", seen)
        else:
            yield failed(
                f"answer of {path}",
                seen,
                means="no target is healthy" if found.status in (502, 503, 504) else "the application itself refuses",
                next=f"groundplan doctor {examination.command} --check task-start",
            )


def ports(examination: Examination) -> Iterator[Finding]:
    """Container, target group and health check have to speak of one port."""
    for one in _balanced(examination):
        mapped = {
            int(mapping["containerPort"])
            for container in one.service.containers
            if container["name"] == one.container
            for mapping in container.get("portMappings", [])
        }
        checked = str(one.group.get("HealthCheckPort") or "traffic-port")
        seen = {
            "the service sends to": one.port,
            "the target group has": int(one.group["Port"]),
            "the health check asks": one.port if checked == "traffic-port" else int(checked),
        }
        name = f"port of {one.container}"
        wrong = [f"{what} {port}" for what, port in seen.items() if port not in mapped or port != one.port]
        if not mapped or wrong:
            listens = f"the container listens on {', '.join(map(str, sorted(mapped))) or 'no port'}"
            yield failed(
                name,
                f"{listens}; {'; '.join(wrong) or f'the service sends to {one.port}'}",
                means="the load balancer asks where nobody listens",
                next=f"groundplan plan {examination.command}, then apply",
                address=one.service.address,
            )
        else:
            yield ok(name, f"{one.port} in container, target group and health check", address=one.service.address)


def ways(examination: Examination) -> Iterator[Finding]:
    """The load balancer's rule out, and the tasks' rule in."""
    for one in _balanced(examination):
        if one.balancer is None:
            yield skipped(f"way to {one.container}", "its target group hangs on no load balancer of the stack")
            continue
        outer = groups(examination, map(str, one.balancer.attributes.get("security_groups") or ()))
        inner = groups(examination, one.service.security_groups)
        here = [each.cidr for each in routing(examination, map(str, one.balancer.attributes.get("subnets") or ()))]
        there = [each.cidr for each in routing(examination, one.service.subnets)]
        named = ", ".join(map(str, outer)), ", ".join(map(str, inner))
        leaves, enters = lets_through(outer, inner, one.port, here=here, there=there)
        next_step = f"groundplan plan {examination.command}, then apply: it puts back what is applied by hand"
        for name, good, seen, bad in (
            (
                f"way out of {one.balancer['name']}",
                leaves,
                f"{named[0]} lets TCP {one.port} out to {named[1]}",
                f"no rule of {named[0]} lets TCP {one.port} out to {named[1]}",
            ),
            (
                f"way in to {one.service.name}",
                enters,
                f"{named[1]} lets TCP {one.port} in from {named[0]}",
                f"no rule of {named[1]} lets TCP {one.port} in from {named[0]}",
            ),
        ):
            if good:
                yield ok(name, seen, address=one.service.address)
            else:
                means = "every health check times out"
                yield failed(name, bad, means=means, next=next_step, address=one.service.address)


def targets(examination: Examination) -> Iterator[Finding]:
    """What the load balancer itself says of each target."""
    for group, _ in _target_groups(examination):
        name, client = f"targets of {group['TargetGroupName']}", examination.client("elbv2")
        with examination.live.asking(name):
            found = client.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
        sick = [one for one in found if one["TargetHealth"]["State"] not in ("healthy", "draining")]
        if not found:
            means = "requests are answered with 503"
            yield failed(
                name,
                "there is none",
                means=means,
                next=f"groundplan doctor {examination.command} --check task-start",
            )
        elif sick:
            told = "; ".join(
                f"{one['Target']['Id']} {one['TargetHealth']['State']}: "
                f"{one['TargetHealth'].get('Description') or one['TargetHealth'].get('Reason') or 'no reason'}"
                for one in sick
            )
            yield failed(name, f"{len(sick)} of {len(found)}: {told}", means="they get no requests")
        else:
            yield ok(name, f"all {len(found)} healthy")


def _balanced(examination: Examination) -> Iterator[Balanced]:
    by_arn = {group["TargetGroupArn"]: (group, balancer) for group, balancer in _target_groups(examination)}
    for service in services(examination):
        for entry in service.described.get("loadBalancers", []):
            if entry.get("targetGroupArn") in by_arn:
                group, balancer = by_arn[entry["targetGroupArn"]]
                yield Balanced(service, str(entry["containerName"]), int(entry["containerPort"]), group, balancer)


def _target_groups(examination: Examination) -> list[tuple[Mapping[str, Any], LiveResource | None]]:
    """Every target group as ELB has it, with the stack's load balancer that sends to it."""
    arns = [str(one["arn"]) for one in examination.live.of("aws_lb_target_group")]
    if not arns:
        return []
    with examination.live.asking("target groups"):
        found = examination.client("elbv2").describe_target_groups(TargetGroupArns=arns)["TargetGroups"]
    balancers = {str(one["arn"]): one for one in examination.live.of("aws_lb")}
    return [
        (one, next((balancers[arn] for arn in one.get("LoadBalancerArns", []) if arn in balancers), None))
        for one in found
    ]


DIAGNOSIS = Diagnosis(
    "health-check",
    "why does the health check fail",
    ("aws_lb_target_group",),
    (
        Part("answer", answers),
        Part("port", ports),
        Part("way to the tasks", ways),
        Part("targets", targets),
    ),
)
