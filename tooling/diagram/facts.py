"""The few attributes of a resource that a card shows: sizes, places, schedules; never a value that is sensitive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Values = Mapping[str, Any]

_SHOWN: dict[str, Callable[[Values], list[str]]] = {
    "aws_apigatewayv2_api": lambda of: [_text(of, "protocol_type")],
    "aws_autoscaling_group": lambda of: [_range(of, "min_size", "max_size", "instances")],
    "aws_cloudwatch_event_rule": lambda of: [_text(of, "schedule_expression") or "on events"],
    "aws_db_instance": lambda of: [
        " ".join(filter(None, (_text(of, "engine"), _text(of, "engine_version")))),
        _text(of, "instance_class").removeprefix("db."),
        "two zones" if of.get("multi_az") is True else "",
    ],
    "aws_dynamodb_table": lambda of: [_text(of, "billing_mode").replace("_", " ").lower()],
    "aws_ecs_service": lambda of: [_text(of, "launch_type").capitalize(), _count(of, "desired_count", "tasks")],
    "aws_elasticache_replication_group": lambda of: [_text(of, "node_type")],
    "aws_lambda_function": lambda of: [_text(of, "runtime"), _count(of, "memory_size", "MB")],
    "aws_lb": lambda of: [
        "internal" if of.get("internal") is True else "faces the internet",
        _text(of, "load_balancer_type"),
    ],
    "aws_nat_gateway": lambda of: [_text(of, "connectivity_type")],
    "aws_route53_zone": lambda of: [_text(of, "name")],
    "aws_subnet": lambda of: [_text(of, "cidr_block"), _text(of, "availability_zone")],
    "aws_vpc": lambda of: [_text(of, "cidr_block")],
    "aws_wafv2_web_acl": lambda of: [_text(of, "scope").lower()],
}


def facts_of(kind: str, values: Values, sensitive: Any) -> str:
    """A line about a resource; empty when there is nothing to say.

    Args:
        kind: Resource type.
        values: What the plan says of it.
        sensitive: Which of that is not to be shown, in the plan's own form.
    """
    if sensitive is True or kind not in _SHOWN:
        return ""
    marked = sensitive if isinstance(sensitive, Mapping) else {}
    clear = {name: value for name, value in values.items() if not marked.get(name)}
    return " · ".join(filter(None, _SHOWN[kind](clear)))


def _text(values: Values, name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _count(values: Values, name: str, unit: str) -> str:
    value = values.get(name)
    return f"{value} {unit}" if isinstance(value, int) else ""


def _range(values: Values, low: str, high: str, unit: str) -> str:
    if not isinstance(values.get(low), int) or not isinstance(values.get(high), int):
        return ""
    return f"{values[low]} to {values[high]} {unit}"
