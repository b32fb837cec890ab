"""Reading what serves requests in a plan: load balancer, targets, tasks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.support.plans import Json, Plan, Resource

BALANCER, LISTENER, RULE, TARGETS = "aws_lb", "aws_lb_listener", "aws_lb_listener_rule", "aws_lb_target_group"
CLUSTER, SERVICE, TASK = "aws_ecs_cluster", "aws_ecs_service", "aws_ecs_task_definition"


def nested(resource: Resource, *path: str) -> Json:
    """The only block at a path of blocks, with what is set in it."""
    block: Any = resource.values
    for name in path:
        (block,) = block[name]
    return {name: value for name, value in block.items() if value not in (None, [], "")}


def listeners(plan: Plan) -> Mapping[int, Resource]:
    """By their ports; all are the one load balancer's."""
    balancer = plan.one(BALANCER)
    found = {each["port"]: each for each in plan.all(LISTENER)}
    assert len(found) == len(plan.all(LISTENER))
    assert all(balancer.block in plan.references(each, "load_balancer_arn") for each in found.values())
    return found


def containers(plan: Plan) -> Mapping[str, Json]:
    """What the one task definition runs, by name."""
    definitions: list[Json] = json.loads(plan.one(TASK)["container_definitions"])
    return {each["name"]: each for each in definitions}


def environment(container: Json) -> Mapping[str, str]:
    return {each["name"]: each["value"] for each in container["environment"]}


def secrets(container: Json) -> Mapping[str, str]:
    """ARNs that environment variables are read from."""
    return {each["name"]: each["valueFrom"] for each in container["secrets"]}
