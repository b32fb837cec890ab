"""Load balancers, what they listen on, and the groups that they send requests to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tooling.recovery.answers import fits_name, needs, tags_in
from tooling.recovery.asking import each
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_lb")
def _balancer(wanted: Wanted) -> Iterator[Found]:
    for balancer in each(_client(wanted), "describe_load_balancers", "LoadBalancers", **_named(wanted)):
        if fits_name(wanted, balancer["LoadBalancerName"]):
            arn = balancer["LoadBalancerArn"]
            yield Found(arn, _tags(wanted, arn), balancer.get("CreatedTime"))


@finds("aws_lb_target_group")
def _target_group(wanted: Wanted) -> Iterator[Found]:
    for group in each(_client(wanted), "describe_target_groups", "TargetGroups", **_named(wanted)):
        if fits_name(wanted, group["TargetGroupName"]):
            yield Found(group["TargetGroupArn"], _tags(wanted, group["TargetGroupArn"]))


@finds("aws_lb_listener")
@needs("load_balancer_arn")
def _listener(wanted: Wanted) -> Iterator[Found]:
    parent, port = wanted.values["load_balancer_arn"], wanted.values.get("port")
    for listener in each(_client(wanted), "describe_listeners", "Listeners", LoadBalancerArn=parent):
        if port in (None, listener.get("Port")):
            yield Found(listener["ListenerArn"], _tags(wanted, listener["ListenerArn"]), within=True)


@finds("aws_lb_listener_rule")
@needs("listener_arn")
def _rule(wanted: Wanted) -> Iterator[Found]:
    # A rule without a priority gets one that is free: all but the listener's own default rule may be it then.
    parent, priority = wanted.values["listener_arn"], wanted.values.get("priority")
    for rule in each(_client(wanted), "describe_rules", "Rules", ListenerArn=parent):
        if not rule["IsDefault"] and priority in (None, int(rule["Priority"])):
            yield Found(rule["RuleArn"], _tags(wanted, rule["RuleArn"]), within=True)


def _client(wanted: Wanted) -> Any:
    return wanted.client("elbv2")


def _named(wanted: Wanted) -> dict[str, Any]:
    """Ask for the one of the planned name; with a prefix, for all."""
    name = wanted.values.get("name")
    return {"Names": [name]} if name else {}


def _tags(wanted: Wanted, arn: str) -> dict[str, str]:
    (described,) = _client(wanted).describe_tags(ResourceArns=[arn])["TagDescriptions"]
    return tags_in(described["Tags"])
