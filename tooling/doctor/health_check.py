"""Why does the health check fail: what the address answers, the ports, the security groups, the targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.doctor.examination import Diagnosis, Part, looked
from tooling.doctor.firewall import groups, lets_through, routing
from tooling.doctor.services import Sender, instances, service_sender, services
from tooling.errors import ToolError
from tooling.live import failed, ok, skipped, warned

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding, LiveResource

# States of a target. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_SOUND = ("healthy", "draining", "unavailable")
_BEGINNING = "initial"
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
_MEANS = {
    502: "the application closed the connection, or answers something else than HTTP",
    503: "no target is registered",
    504: "the application answers too late, or nothing lets the load balancer to it",
}


@dataclass(frozen=True)
class Checked:
    """A target group of the stack.

    Attributes:
        group: As ELB describes it.
        balancer: The load balancer of the stack that sends to it; None when there is none.
        region: Where it is.
    """

    group: Mapping[str, Any]
    balancer: LiveResource | None
    region: str

    @property
    def codes(self) -> str:
        """Statuses that count as healthy, as ``200,300-301``."""
        return str((self.group.get("Matcher") or {}).get("HttpCode") or "200")


@dataclass(frozen=True)
class Balanced:
    """What is behind a load balancer.

    Attributes:
        name: Of a container, or of a group of instances.
        sender: Where it is.
        owner: Name of the service or of the group of instances.
        listens: Ports that the container says it listens on; None where nothing says so.
        port: Where it gets requests.
        checked: Its target group.
        address: In the state.
    """

    name: str
    sender: Sender
    owner: str
    listens: frozenset[int] | None
    port: int
    checked: Checked
    address: str


def answers(examination: Examination) -> Iterator[Finding]:
    """GET of the health check's path."""
    # Several target groups may be checked in one and the same way.
    found = {
        (one.balancer.address if one.balancer else "", one.group["HealthCheckPath"], one.codes): one
        for one in _target_groups(examination)
        if one.group.get("HealthCheckPath")
    }
    if not found:
        yield skipped("answer", "no target group is checked over HTTP")
    for one in found.values():
        name = f"answer of {one.group['HealthCheckPath']}"
        yield from looked(name, _answer(examination, name, one))


def ports(examination: Examination) -> Iterator[Finding]:
    """Container, target group and health check have to speak of one port."""
    for one in _balanced(examination):
        if one.listens is None:
            continue
        checked = str(one.checked.group.get("HealthCheckPort") or "traffic-port")
        seen = {
            "the service sends to": one.port,
            "the target group has": int(one.checked.group["Port"]),
            "the health check asks": one.port if checked == "traffic-port" else int(checked),
        }
        name = f"port of {one.name}"
        wrong = [f"{what} {port}" for what, port in seen.items() if port not in one.listens or port != one.port]
        if wrong:
            listens = f"the container listens on {', '.join(map(str, sorted(one.listens))) or 'no port'}"
            yield failed(
                name,
                f"{listens}; {'; '.join(wrong)}",
                means="the load balancer asks where nobody listens",
                next=f"groundplan plan {examination.command}, then apply",
                address=one.address,
            )
        else:
            yield ok(name, f"{one.port} in container, target group and health check", address=one.address)


def ways(examination: Examination) -> Iterator[Finding]:
    """The load balancer's rule out, and the rule in of what is behind it."""
    for one in _balanced(examination):
        if one.checked.balancer is None:
            yield skipped(f"way to {one.name}", "its target group hangs on no load balancer of the stack")
        else:
            yield from looked(f"way to {one.name}", _way(examination, one, one.checked.balancer))


def targets(examination: Examination) -> Iterator[Finding]:
    """What the load balancer itself says of each target."""
    for one in _target_groups(examination):
        name = f"targets of {one.group['TargetGroupName']}"
        yield from looked(name, _targets(examination, name, one))


def _answer(examination: Examination, name: str, checked: Checked) -> Iterator[Finding]:
    path = str(checked.group["HealthCheckPath"])
    balancer = checked.balancer
    if not examination.url and balancer is None:
        yield skipped(name, "its target group hangs on no load balancer of the stack")
        return
    secure = balancer is not None and any(
        one["port"] == 443 and one["load_balancer_arn"] == balancer["arn"]
        for one in examination.live.of("aws_lb_listener")
    )
    base = examination.url.rstrip("/")
    if balancer is not None and not base:
        base = f"{'https' if secure else 'http'}://{balancer['dns_name']}"
    # The certificate is of the application's domain, and it is the load balancer that is asked.
    found = examination.outside.get(base + path, trusting=not examination.url)
    seen = f"GET {base}{path} answers {found.status} in {found.seconds * 1000:.0f} ms"
    if _is_among(found.status, checked.codes):
        yield ok(name, seen)
    else:
        yield failed(
            name,
            f"{seen}, healthy is {checked.codes}",
            means=_MEANS.get(found.status, "the application itself refuses"),
            next=f"groundplan doctor {examination.command} --check task-start",
        )


def _way(examination: Examination, one: Balanced, balancer: LiveResource) -> Iterator[Finding]:
    outer = groups(examination, map(str, balancer.attributes.get("security_groups") or ()), balancer.region)
    inner = groups(examination, one.sender.security_groups, one.sender.region)
    subnets = map(str, balancer.attributes.get("subnets") or ())
    here = [each.cidr for each in routing(examination, subnets, balancer.region)]
    there = [each.cidr for each in routing(examination, one.sender.subnets, one.sender.region)]
    named = ", ".join(map(str, outer)), ", ".join(map(str, inner))
    leaves, enters = lets_through(outer, inner, one.port, here=here, there=there)
    for name, good, seen in (
        (f"way out of {balancer['name']}", leaves, f"{named[0]} lets TCP {one.port} out to {named[1]}"),
        (f"way in to {one.owner}", enters, f"{named[1]} lets TCP {one.port} in from {named[0]}"),
    ):
        if good:
            yield ok(name, seen, address=one.address)
        else:
            yield failed(
                name,
                f"no rule of {seen}",
                means="every health check times out",
                next=f"groundplan plan {examination.command}, then apply: it undoes what was changed by hand",
                address=one.address,
            )


def _targets(examination: Examination, name: str, checked: Checked) -> Iterator[Finding]:
    client = examination.client("elbv2", checked.region)
    with examination.live.asking(name):
        answer = client.describe_target_health(TargetGroupArn=checked.group["TargetGroupArn"])
    found = answer["TargetHealthDescriptions"]
    sick = [one for one in found if one["TargetHealth"]["State"] not in (*_SOUND, _BEGINNING)]
    new = [one for one in found if one["TargetHealth"]["State"] == _BEGINNING]
    next_step = f"groundplan doctor {examination.command} --check task-start"
    if not found:
        yield failed(name, "there is none", means="requests are answered with 503", next=next_step)
    elif sick:
        told = "; ".join(
            f"{one['Target']['Id']} {one['TargetHealth']['State']}: "
            f"{one['TargetHealth'].get('Description') or one['TargetHealth'].get('Reason') or 'no reason'}"
            for one in sick
        )
        yield failed(name, f"{len(sick)} of {len(found)}: {told}", means="they get no requests", next=next_step)
    elif new:
        yield warned(
            name, f"{len(new)} of {len(found)} are new", means="the first checks of them run", next="ask again"
        )
    else:
        yield ok(name, f"all {len(found)} healthy")


def _balanced(examination: Examination) -> Iterator[Balanced]:
    """Services and groups of instances that are targets of the stack's target groups."""
    by_arn = {str(one.group["TargetGroupArn"]): one for one in _target_groups(examination)}
    for service in services(examination):
        for entry in service.described.get("loadBalancers", []):
            if checked := by_arn.get(str(entry.get("targetGroupArn"))):
                name = str(entry["containerName"])
                listens = frozenset(
                    int(mapping["containerPort"])
                    for container in service.containers
                    if container["name"] == name
                    for mapping in container.get("portMappings", [])
                )
                port = int(entry["containerPort"])
                yield Balanced(name, service_sender(service), service.name, listens, port, checked, service.address)
    attached = [
        (str(one["autoscaling_group_name"]), str(one["lb_target_group_arn"]))
        for one in examination.live.of("aws_autoscaling_attachment")
    ]
    for group, sender in instances(examination):
        owner = str(group["name"])
        wanted = {*map(str, group.attributes.get("target_group_arns") or ())}
        wanted |= {arn for name, arn in attached if name == owner}
        for arn in sorted(wanted & by_arn.keys()):
            port = int(by_arn[arn].group["Port"])
            yield Balanced(owner, sender, owner, None, port, by_arn[arn], group.address)


def _target_groups(examination: Examination) -> list[Checked]:
    """Every target group as ELB has it, with the stack's load balancer that sends to it.

    Raises:
        ToolError: One is in the state and not in the account.
    """
    balancers = {str(one["arn"]): one for one in examination.live.of("aws_lb")}
    checked = []
    for one in examination.live.of("aws_lb_target_group"):
        client = examination.client("elbv2", one.region)
        with examination.live.asking("target groups"):
            try:
                (group,) = client.describe_target_groups(TargetGroupArns=[str(one["arn"])])["TargetGroups"]
            except client.exceptions.TargetGroupNotFoundException as error:
                raise ToolError(
                    f"the target group {one.attributes.get('name') or one.id} is not there any more",
                    where=one.address,
                    hint=f"put it back: groundplan plan {examination.command}, then apply",
                ) from error
        arns = group.get("LoadBalancerArns", [])
        checked.append(Checked(group, next((balancers[arn] for arn in arns if arn in balancers), None), one.region))
    return checked


def _is_among(status: int, codes: str) -> bool:
    """
    >>> _is_among(204, "200,202-299"), _is_among(301, "200,202-299")
    (True, False)
    """
    for part in codes.split(","):
        first, _, last = part.strip().partition("-")
        if int(first) <= status <= int(last or first):
            return True
    return False


DIAGNOSIS = Diagnosis(
    "health-check",
    "why does the health check fail",
    ("aws_lb_target_group",),
    (
        Part("answer", answers),
        Part("port", ports),
        Part("way in", ways),
        Part("targets", targets),
    ),
)
