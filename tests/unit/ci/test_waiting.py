"""``groundplan wait`` asks until the services run what was applied."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from tooling.waiting import wait_until_stable


def service(
    running: int, deployments: int = 1, *, status: str = "ACTIVE", rollout: str = "COMPLETED"
) -> dict[str, Any]:
    return {
        "status": status,
        "runningCount": running,
        "desiredCount": 2,
        "deployments": [{"rolloutState": rollout}] * deployments,
    }


class Service(dict[str, Any]):
    address = "module.doomscroll.aws_ecs_service.service"
    region = "us-east-1"


class Live:
    """A stack whose service gives one answer after the other; the last one stays."""

    def __init__(self, *answers: dict[str, Any] | None, emulated: bool = False, services: int = 1) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, list[str]]] = []
        self.session = type("Session", (), {"target": type("Target", (), {"emulated": emulated})})
        self.stack = type("Stack", (), {"env": "prod", "architecture": "doomscroll"})
        self.services = [Service(name="app", cluster="arn:cluster")] * services
        self.seconds = 0.0

    def of(self, *types: str) -> list[Service]:
        assert types == ("aws_ecs_service",)
        return self.services

    def client(self, *_: str) -> Live:
        return self

    def asking(self, _: str) -> Any:
        return nullcontext()

    def describe_services(self, *, cluster: str, services: list[str]) -> dict[str, Any]:
        self.asked.append((cluster, services))
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return {"services": [found] if found else []}

    def wait(self, seconds: float = 60) -> Any:
        told: list[str] = []

        def sleep(pause: float) -> None:
            self.seconds += pause

        found = wait_until_stable(
            self,  # type: ignore[arg-type]
            seconds=seconds,
            clock=lambda: self.seconds,
            sleep=sleep,
            tell=told.append,
        )
        return found[0], told


@pytest.mark.requirement("FD-CI-07")
def test_waits_until_the_old_tasks_are_gone_and_the_new_ones_run() -> None:
    live = Live(service(2, 2), service(4, 2), service(2, 1))

    found, told = live.wait()

    assert (found.status, found.saw) == ("ok", "2 of 2 tasks run, 1 deployment")
    assert told == ["service app: 2 of 2 tasks run, 2 deployments", "service app: 4 of 2 tasks run, 2 deployments"]
    assert live.asked == [("arn:cluster", ["app"])] * 3


@pytest.mark.requirement("FD-CI-07")
def test_a_service_that_does_not_come_up_in_time_fails_with_the_next_command() -> None:
    found, told = Live(service(0)).wait(seconds=30)

    assert found.bad
    assert "not stable in time: 0 of 2 tasks run" in found.saw
    assert found.next.startswith("groundplan doctor --env prod --stack doomscroll")
    assert len(told) == 1


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (service(2, 2, rollout="FAILED"), "the roll-out failed"),
        (service(0, status="DRAINING"), "is draining"),
        (None, "is not there"),
    ],
)
def test_what_cannot_become_stable_any_more_is_not_waited_for(answer: dict[str, Any] | None, says: str) -> None:
    live = Live(answer)

    found, _ = live.wait()

    assert found.bad
    assert says in found.saw
    assert len(live.asked) == 1


def test_a_stack_without_services_and_the_emulator_are_not_waited_for() -> None:
    without, _ = Live(services=0).wait()
    emulated, _ = Live(service(0), emulated=True).wait()

    assert (without.status, emulated.status) == ("skipped", "skipped")
    assert "no container service" in without.saw
    assert "runs none of their tasks" in emulated.saw
