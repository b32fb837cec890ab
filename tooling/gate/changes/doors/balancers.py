"""Load balancers that the internet reaches, by listener."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.gate.changes.doors.networks import INTERNET, Opening, groups_of, is_reached, openings
from tooling.gate.changes.links import Part, linked, part, short
from tooling.gate.changes.model import Door
from tooling.gate.planned import Planned, PlanView

_BALANCERS = ("aws_lb", "aws_alb")
_TARGETS = ("aws_lb_target_group", "aws_alb_target_group")
_AUTHENTICATING = {"authenticate-cognito", "authenticate-oidc"}
_CARRIED_BY = {"HTTP": "tcp", "HTTPS": "tcp", "TCP": "tcp", "TLS": "tcp", "UDP": "udp", "TCP_UDP": "tcp"}


def doors(view: PlanView, before: PlanView) -> Iterator[Door]:
    """Every listener of a load balancer that is not an internal one, as far as its security groups let anybody in."""
    rules = openings(view, before)
    for kind in ("aws_lb_listener", "aws_alb_listener"):
        for listener in view.of_type(kind):
            named = linked(part(listener, "load_balancer_arn"), _BALANCERS, view)
            if not named.items:
                what = f"{_said(listener)} of a load balancer that is not of the plan"
                yield Door(address=listener.address, what=what, reached_from=INTERNET, undecided=True)
            for balancer in named.items:
                yield from _listener(listener, balancer, rules, view)
    for balancer in view.of_type("aws_elb"):
        if balancer.values.get("internal") is not True and not _is_private(part(balancer, "subnets"), view):
            what = "a classic load balancer"
            yield Door(address=balancer.address, what=what, reached_from=INTERNET, undecided=_unsaid(balancer))


def _listener(listener: Planned, balancer: Planned, rules: tuple[Opening, ...], view: PlanView) -> Iterator[Door]:
    if balancer.values.get("internal") is True or _is_private(part(balancer, "subnets"), view):
        return
    protocol, port = listener.values.get("protocol"), listener.values.get("port")
    for source, perhaps in _let_in(balancer, str(protocol), port, rules, view).items():
        yield Door(
            address=listener.address,
            what=f"{_said(listener)} of {short(balancer)}",
            reached_from=source,
            authenticated=_is_authenticated(listener, view),
            undecided=perhaps or _unsaid(balancer) or not isinstance(port, int),
            leads_to=_targets(listener, view),
        )


def _let_in(
    balancer: Planned, protocol: str, port: object, rules: tuple[Opening, ...], view: PlanView
) -> dict[str, bool]:
    """Who outside gets to a listener, and whether only perhaps. A network load balancer may be without groups."""
    groups = part(balancer, "security_groups")
    addresses, whole = groups_of(groups, view)
    if not addresses and whole and balancer.values.get("load_balancer_type") == "network":
        return {INTERNET: False}
    found: dict[str, bool] = {}
    for rule in rules:
        carried = _CARRIED_BY.get(protocol, protocol.lower())
        matches = not isinstance(port, int) or rule.lets_in(carried, port)
        if matches and set(rule.groups) & addresses:
            for source in rule.sources:
                found[source] = found.get(source, True) and rule.undecided
    if not whole or not addresses:
        found.setdefault("whom its security groups let in, which are not of the plan", True)
    return found


def _is_private(subnets: Part, view: PlanView) -> bool:
    """Whether it is certain that no subnet has a route to the internet."""
    places = linked(subnets, ("aws_subnet",), view)
    return bool(places.items) and places.whole and all(is_reached(place, view) is False for place in places.items)


def _said(listener: Planned) -> str:
    return f"{listener.values.get('protocol') or 'a listener'} on port {listener.values.get('port')}"


def _unsaid(balancer: Planned) -> bool:
    return part(balancer, "internal").awaited


def _is_authenticated(listener: Planned, view: PlanView) -> bool | None:
    """True if every action of it begins by asking who is there. Else that is up to what is behind."""
    actions = [part(listener, "default_action")]
    for kind in ("aws_lb_listener_rule", "aws_alb_listener_rule"):
        for rule in view.of_type(kind):
            if listener in linked(part(rule, "listener_arn"), (listener.type,), view).items:
                actions.append(part(rule, "action"))
    asked = [any(each.at("type").value in _AUTHENTICATING for each in action.blocks()) for action in actions]
    return True if asked and all(asked) else None


def _targets(listener: Planned, view: PlanView) -> tuple[str, ...]:
    """What the listener and its rules send requests to."""
    actions = [*part(listener, "default_action").blocks()]
    for kind in ("aws_lb_listener_rule", "aws_alb_listener_rule"):
        for rule in view.of_type(kind):
            if listener in linked(part(rule, "listener_arn"), (listener.type,), view).items:
                actions += part(rule, "action").blocks()
    groups = {
        group.address: group
        for action in actions
        for argument in (action.at("target_group_arn"), action.at("forward", 0, "target_group", 0, "arn"))
        for group in linked(argument, _TARGETS, view).items
    }
    found = [name for group in groups.values() for name in _registered(group, view)]
    return tuple(dict.fromkeys(found))


def _registered(group: Planned, view: PlanView) -> Iterator[str]:
    for service in view.of_type("aws_ecs_service"):
        for block in part(service, "load_balancer").blocks():
            if group in linked(block.at("target_group_arn"), _TARGETS, view).items:
                yield short(service)
    for fleet in view.of_type("aws_autoscaling_group"):
        if group in linked(part(fleet, "target_group_arns"), _TARGETS, view).items:
            yield short(fleet)
    for attachment in view.of_type("aws_autoscaling_attachment"):
        if group in linked(part(attachment, "lb_target_group_arn"), _TARGETS, view).items:
            fleets = linked(part(attachment, "autoscaling_group_name"), ("aws_autoscaling_group",), view).items
            yield from map(short, fleets)
    for attachment in view.of_type("aws_lb_target_group_attachment"):
        if group in linked(part(attachment, "target_group_arn"), _TARGETS, view).items:
            targets = linked(part(attachment, "target_id"), ("aws_instance", "aws_lambda_function"), view).items
            yield from map(short, targets)
