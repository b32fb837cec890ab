"""What happens when a task of a service dies, tried on a real one: how long until all run again that should."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.drill.rehearsal import Rehearsal, wait_until
from tooling.errors import Exit, ToolError
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.live import LiveStack

_SERVICE = "aws_ecs_service"
# What the document promises, in seconds (FD-DR-08).
PROMISED = 60.0
# Letters that ECS takes of a reason.
_REASON = 255


@dataclass(frozen=True)
class Service:
    """An ECS service with all its tasks running.

    Attributes:
        cluster: ARN or name.
        name: Of the service.
        region: Where it is.
        wanted: How many tasks it should run.
        tasks: ARNs of those that run.
    """

    cluster: str
    name: str
    region: str
    wanted: int
    tasks: tuple[str, ...]


def find_service(live: LiveStack, name: str = "") -> Service:
    """The service of a stack, if a task of it can be spared.

    Raises:
        ToolError: There is none or several, it is not steady, or it runs one task only.
    """
    found = [one for one in live.of(_SERVICE) if name in ("", str(one["name"]))]
    if len(found) != 1:
        names = ", ".join(str(one["name"]) for one in live.of(_SERVICE)) or "none"
        raise ToolError(
            f"{len(found)} services, one is expected",
            where=live.stack.name,
            hint=f"there are: {names}",
            exit_code=Exit.USAGE,
        )
    (one,) = found
    cluster, service = str(one["cluster"]), str(one["name"])
    client = live.client("ecs", one.region)
    with live.asking(f"the service {service}"):
        told = _describe(client, cluster, service)
        if told.get("status") != "ACTIVE":
            raise ToolError(
                f"{service} is in the state, and ECS knows no such service",
                where=live.stack.name,
                hint=f"groundplan drift --env {live.stack.env} --stack {live.stack.architecture}",
            )
        tasks = _running(client, cluster, service)
    wanted = int(told["desiredCount"])
    if wanted < 2:
        raise ToolError(
            f"{service} runs {wanted} task: without it nobody would answer",
            where=live.stack.name,
            hint="let it run two, and try again",
            exit_code=Exit.USAGE,
        )
    deploying = len(told.get("deployments", [])) > 1
    if told["runningCount"] != wanted or len(tasks) != wanted or deploying:
        raise ToolError(
            f"{service} runs {told['runningCount']} of {wanted} tasks{' and is deploying' if deploying else ''}: "
            "this is no good moment",
            where=live.stack.name,
            hint=f"groundplan wait --env {live.stack.env} --stack {live.stack.architecture}",
        )
    return Service(cluster, service, one.region, wanted, tuple(sorted(tasks)))


def drill_task(
    live: LiveStack,
    service: Service,
    *,
    limit: float = 600.0,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Rehearsal:
    """Stop one task of a service and measure until another runs in its place.

    Raises:
        ToolError: ECS refuses, or it was not replaced within the limit.
    """
    client = live.client("ecs", service.region)
    progress = StackProgress(live.session.progress, live.stack.name, "task")
    victim, new = service.tasks[0], frozenset[str]()

    def replaced() -> bool:
        nonlocal new
        told = _describe(client, service.cluster, service.name)
        running = _running(client, service.cluster, service.name)
        new = frozenset(running) - set(service.tasks)
        progress.step(f"{told['runningCount']} of {told['desiredCount']} run", 0)
        whole = told["runningCount"] == told["desiredCount"] == len(running)
        return whole and bool(new) and victim not in running

    reason = f"groundplan drill task by {live.session.caller}"[:_REASON]
    with asking_aws(progress, hint="nothing was begun"):
        began = clock()
        client.stop_task(cluster=service.cluster, task=victim, reason=reason)
    wait = f"groundplan wait --env {live.stack.env} --stack {live.stack.architecture}"
    with asking_aws(progress, hint=f"ECS starts another task by itself; {wait} says when it runs"):
        seconds = wait_until(replaced, began, limit, sleep, clock, f"{service.wanted} tasks of {service.name}")
    progress.end(f"{service.wanted} run after {seconds:.0f} s")
    return Rehearsal(service.name, f"{_short(victim)} by {', '.join(map(_short, sorted(new)))}", seconds, PROMISED)


def _describe(client: Any, cluster: str, service: str) -> dict[str, Any]:
    """Empty when there is no such service: ECS does not refuse then."""
    told: list[dict[str, Any]] = client.describe_services(cluster=cluster, services=[service])["services"]
    return told[0] if told else {}


def _running(client: Any, cluster: str, service: str) -> list[str]:
    """Tasks of a service that are up; ECS lists those that are still starting as well."""
    pages = client.get_paginator("list_tasks").paginate(cluster=cluster, serviceName=service, desiredStatus="RUNNING")
    arns = [arn for page in pages for arn in page["taskArns"]]
    found: list[str] = []
    for start in range(0, len(arns), 100):
        told = client.describe_tasks(cluster=cluster, tasks=arns[start : start + 100])["tasks"]
        found += [one["taskArn"] for one in told if one["lastStatus"] == "RUNNING"]
    return found


def _short(arn: str) -> str:
    return arn.rpartition("/")[2][:8]
