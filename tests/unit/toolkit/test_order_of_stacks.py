"""In which order the stacks of a run are begun, and in which their results come back."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from tooling.environment.stacks import Stack
from tooling.errors import Exit, ToolError
from tooling.planning import longest_first
from tooling.session import Session
from tooling.target import Target
from tooling.terraform.binary import Binary
from tooling.terraform.mirror import ProviderSource
from tooling.workspace import Workspace

if TYPE_CHECKING:
    from tooling.environment.config import EnvironmentConfig


def _session(folder: Path, *names: str) -> Session:
    stacks = tuple(
        Stack("dev", name, folder / name, folder / "modules" / name, folder / "work" / name, f"{name}.tfstate")
        for name in names
    )
    for stack in stacks:
        stack.work.mkdir(parents=True)
        stack.module.mkdir(parents=True)
    return Session(
        workspace=Workspace(folder),
        env="dev",
        config=cast("EnvironmentConfig", None),
        stacks=stacks,
        target=Target("aws", None, {}, "eu-west-1", "1" * 12),
        binary=Binary(Path("terraform"), "1.11.0"),
        provider=ProviderSource(None, None, "nowhere"),
        caller="test",
    )


def test_the_results_keep_the_order_of_the_stacks_whichever_was_begun_first(tmp_path: Path) -> None:
    session = _session(tmp_path, "a", "b", "c")
    begun: list[str] = []

    def work(stack: Stack) -> str:
        begun.append(stack.architecture)
        return stack.architecture

    results = session.over_stacks(work, jobs=1, begin_with=lambda stack: -ord(stack.architecture))

    assert begun == ["c", "b", "a"]
    assert results == ["a", "b", "c"]
    assert [one.stack.architecture for one in session.ended] == ["a", "b", "c"]


def test_the_stack_that_took_longest_the_last_time_begins(tmp_path: Path) -> None:
    session = _session(tmp_path, "long", "short", "middle")
    for stack, seconds in zip(session.stacks, ("16.2", "4.0", "9.5"), strict=True):
        (stack.work / "plan.seconds").write_text(seconds)

    assert [stack.architecture for stack in sorted(session.stacks, key=longest_first)] == ["long", "middle", "short"]


@pytest.mark.parametrize("told", [None, "", "nonsense", "\N{SNOWMAN}"])
def test_a_stack_of_which_nothing_is_known_begins_before_the_others_and_the_largest_module_first(
    tmp_path: Path, told: str | None
) -> None:
    session = _session(tmp_path, "known", "small", "large")
    known, small, large = session.stacks
    (known.work / "plan.seconds").write_text("1000")
    (small.module / "main.tf").write_text("# ten bytes")
    (large.module / "main.tf").write_text("# many more bytes than the other one has")
    if told is not None:
        (small.work / "plan.seconds").write_text(told)

    assert [stack.architecture for stack in sorted(session.stacks, key=longest_first)] == ["large", "small", "known"]


def test_nothing_is_begun_for_a_stack_that_waited_while_the_run_was_interrupted(tmp_path: Path) -> None:
    session = _session(tmp_path, "a")

    session.must_go_on(session.stack)
    session.running.interrupt()

    with pytest.raises(ToolError, match="not started: interrupted") as caught:
        session.must_go_on(session.stack)
    assert caught.value.exit_code == Exit.INTERRUPTED


def test_a_failure_of_the_tool_itself_keeps_the_stacks_that_wait_from_beginning(tmp_path: Path) -> None:
    session = _session(tmp_path, "a", "b", "c", "d")
    begun: list[str] = []
    never = threading.Event()

    def work(stack: Stack) -> None:
        begun.append(stack.architecture)
        if stack.architecture == "a":
            raise RuntimeError("a bug")
        never.wait(0.5)

    with pytest.raises(RuntimeError, match="a bug"):
        session.over_stacks(work, jobs=1)
    assert "d" not in begun
