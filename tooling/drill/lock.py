"""Locks of the living, the dead and the unknown: what the commands say about each, and how it is let go."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.drill.cases import Case, stack_of
from tooling.drill.family import descendants
from tooling.drill.losses import addresses_of, losses_after_apply, whole_stack
from tooling.drill.moment import Events, Moment
from tooling.errors import ToolError
from tooling.lock_object import APPLY, LockInfo, parse_lock
from tooling.process import ProcessId

if TYPE_CHECKING:
    from tooling.drill.sandbox import Sandbox
    from tooling.environment.stacks import Stack

ELSEWHERE = "a-machine-that-is-not-this-one"
# Seconds within which a command takes its lock.
_PATIENCE = 120.0


@dataclass
class LockDrill:
    """One stack in one sandbox, from nothing.

    Attributes:
        box: The sandbox; nothing of the stack is applied in it.
        architecture: The stack.
        note: Told what is done, in a sentence each.
    """

    box: Sandbox
    architecture: str
    note: Callable[[str], None]

    def __post_init__(self) -> None:
        self.client: Any = self.box.target().client("s3", self.box.config.state.region)
        self.what = ("--env", self.box.env, "--stack", self.architecture)

    @property
    def stack(self) -> Stack:
        return stack_of(self.box, self.architecture)

    def cases(self) -> Iterator[Case]:
        """Each as soon as its losses are known; the first loss is the last case.

        Raises:
            ToolError: The stack cannot even be applied.
        """
        planned = self.box.json("plan", *self.what)
        living = Case("an apply that still runs holds it", self.box, self.architecture)
        self._living(living)
        yield living
        if living.lost:
            return
        whole = whole_stack(self.box, self.stack, self.box.root / Path(planned["folder"]))
        for name, happen in (
            ("a plan that was killed left it", self._of_dead_plan),
            ("a process of another machine holds it", self._of_another_machine),
            ("an apply that was killed left it", self._of_dead_apply),
        ):
            case = Case(name, self.box, self.architecture)
            happen(case)
            case.add(losses_after_apply(self.box, self.stack, whole))
            yield case
            if case.lost:
                return

    def _living(self, case: Case) -> None:
        events = self._events()
        process = self.box.start("apply", *self.what, "--yes")
        self._await_event(events, process)
        case.expect("plan", code=1, says="which still runs")
        case.expect("state", "unlock", "--yes", code=1)
        case.expect("state", "unlock", "--yes", "--force", code=1)
        case.expect("resume", code=1)
        _, err = process.communicate()
        if process.returncode != 0:
            case.lost.append(f"the apply was disturbed: it ended with {process.returncode}: {err[-300:]}")

    def _of_dead_plan(self, case: Case) -> None:
        process = self.box.start("plan", *self.what)
        self._await_lock(process)
        _kill(process)
        case.expect("plan", code=1, says="which is dead")
        case.expect("state", "unlock", "--yes", code=0)

    def _of_another_machine(self, case: Case) -> None:
        process = self.box.start("plan", *self.what)
        ours = self._await_lock(process)
        process.communicate()
        owner = ProcessId(ELSEWHERE, 4711, "1")
        theirs = replace(ours, operation=APPLY, who=f"ada@{ELSEWHERE}", info=f"groundplan apply, {owner.to_text()}")
        self.client.put_object(Bucket=self.box.config.state.bucket, Key=self._key, Body=theirs.to_bytes())
        case.expect("plan", code=1, says="cannot know whether it still runs")
        case.expect("state", "unlock", "--yes", code=1, says="--host-is-gone")
        case.expect("state", "unlock", "--yes", "--host-is-gone", ELSEWHERE, code=0)

    def _of_dead_apply(self, case: Case) -> None:
        if addresses_of(self.box, self.stack):
            self.box.start_over()
        self.box.must("plan", *self.what)
        events = self._events()
        process = self.box.start("apply", *self.what, "--yes")
        self._await_event(events, process)
        _kill(process)
        case.expect("plan", code=1, says="groundplan resume")
        case.expect("state", "unlock", "--yes", code=1, says="groundplan resume")
        case.expect("resume", "--apply", "--yes", code=0)

    def _events(self) -> Events:
        return Events(self.box.workspace.changesets(self.box.env), self.architecture)

    def _await_event(self, events: Events, process: subprocess.Popen[str]) -> None:
        if not events.await_moment(process, Moment(1, 1, 0.0)):
            _, err = process.communicate()
            raise ToolError(f"the apply ended before its first event: {err[-300:]}", where=self.stack.name)

    @property
    def _key(self) -> str:
        return f"{self.stack.state_key}.tflock"

    def _await_lock(self, process: subprocess.Popen[str]) -> LockInfo:
        ends = time.monotonic() + _PATIENCE
        while time.monotonic() < ends and process.poll() is None:
            listed = self.client.list_objects_v2(Bucket=self.box.config.state.bucket, Prefix=self._key)
            if listed.get("Contents"):
                found = self.client.get_object(Bucket=self.box.config.state.bucket, Key=self._key)
                return parse_lock(found["Body"].read())
            time.sleep(0.05)
        raise ToolError("the plan took no lock", where=self.stack.name)


def _kill(process: subprocess.Popen[str]) -> None:
    """The command and all that it started."""
    family = descendants(process.pid)
    process.kill()
    for one in family:
        one.kill()
    process.communicate()
