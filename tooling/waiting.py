"""Waiting until what was applied runs: an apply ends when AWS has taken the order, tasks start after that."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tooling.live.finding import Finding, failed, ok, skipped

if TYPE_CHECKING:
    from tooling.live import LiveStack
    from tooling.live.stack import LiveResource

# Seconds between two questions; a rolling update takes minutes.
PAUSE = 10.0
_NAME = "service"


def wait_until_stable(
    live: LiveStack,
    *,
    seconds: float,
    pause: float = PAUSE,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Finding, ...]:
    """Ask until every container service of the stack runs what it should, and only that.

    Args:
        live: The stack.
        seconds: How long all of them together may take.
        pause: Seconds between two questions.
        clock: Seconds that pass.
        sleep: Waits for so many.
        tell: Is told what is waited for, when that changes.

    Returns:
        A finding for each service; one that says so where the stack has none.
    """
    services = live.of("aws_ecs_service")
    if not services:
        return (skipped(_NAME, "the stack has no container service: there is nothing to wait for"),)
    if live.session.target.emulated:
        names = ", ".join(str(one["name"]) for one in services)
        return (skipped(_NAME, f"{names}: the emulator keeps services and runs none of their tasks"),)
    end = clock() + seconds
    return tuple(_wait(live, one, end, pause, clock, sleep, tell) for one in services)


def _wait(
    live: LiveStack,
    service: LiveResource,
    end: float,
    pause: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    tell: Callable[[str], None],
) -> Finding:
    name, told = f"{_NAME} {service['name']}", ""
    while True:
        with live.asking(name):
            client = live.client("ecs", service.region)
            found = client.describe_services(cluster=service["cluster"], services=[service["name"]])["services"]
        finding = _standing(name, found[0] if found else None, service.address)
        if finding is not None:
            return finding
        saw = _counts(found[0])
        if clock() >= end:
            return failed(
                name,
                f"not stable in time: {saw}",
                means="tasks of the new revision do not start, or do not pass their health check",
                next=f"groundplan doctor --env {live.stack.env} --stack {live.stack.architecture} --check task-start",
                address=service.address,
            )
        if saw != told:
            tell(f"{name}: {saw}")
            told = saw
        sleep(pause)


def _standing(name: str, service: Mapping[str, Any] | None, address: str) -> Finding | None:
    """How it ended; None while it is under way. As the AWS CLI's ``ecs wait services-stable`` has it."""
    if service is None or service["status"] != "ACTIVE":
        return failed(name, f"is {service['status'].lower() if service else 'not there'}", address=address)
    if any(one.get("rolloutState") == "FAILED" for one in service["deployments"]):
        means = "the circuit breaker gave the new revision up, and the one before runs on"
        return failed(name, f"the roll-out failed: {_counts(service)}", means=means, address=address)
    if len(service["deployments"]) == 1 and service["runningCount"] == service["desiredCount"]:
        return ok(name, _counts(service), address=address)
    return None


def _counts(service: Mapping[str, Any]) -> str:
    running, wanted, under_way = service["runningCount"], service["desiredCount"], len(service["deployments"])
    return f"{running} of {wanted} tasks run, {under_way} deployment{'s' if under_way != 1 else ''}"
