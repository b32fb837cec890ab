"""Something that goes wrong, what the commands say and do then, and what was lost."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tooling.environment.stacks import Stack, select_stacks

if TYPE_CHECKING:
    from tooling.drill.sandbox import Ended, Sandbox


@dataclass(frozen=True)
class Step:
    """One command.

    Attributes:
        command: As a user would type it.
        code: What it ended with.
        said: Its last words.
    """

    command: str
    code: int
    said: str


@dataclass
class Case:
    """One thing that went wrong, and the way back.

    Attributes:
        name: What went wrong.
        box, architecture: Where.
        steps: What was done about it.
        seconds: All of them together.
        lost: What was lost, or did not happen as it should.
    """

    name: str
    box: Sandbox
    architecture: str
    steps: list[Step] = field(default_factory=list)
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)

    @property
    def what(self) -> tuple[str, ...]:
        return ("--env", self.box.env, "--stack", self.architecture)

    def expect(self, *command: str, code: int, says: str = "") -> Ended:
        """Run a command on the stack; that it ends otherwise, or does not say so, counts as a loss.

        Args:
            command: Its name; options of the stack are put behind it.
            code: What it should end with.
            says: What it should say somewhere.
        """
        began = time.monotonic()
        head = 2 if command[0] == "state" else 1
        ended = self.box.run(*command[:head], *self.what, *command[head:])
        self.seconds = round(self.seconds + time.monotonic() - began, 1)
        typed = " ".join(["groundplan", *command])
        self.steps.append(Step(typed, ended.code, last_words(ended)))
        if ended.code != code:
            self.lost.append(f"{typed} ended with {ended.code}, not {code}: {last_words(ended)}")
        elif says not in ended.said:
            self.lost.append(f"{typed} does not say '{says}': {last_words(ended)}")
        return ended

    def add(self, lost: Iterable[str]) -> None:
        self.lost += lost


def stack_of(box: Sandbox, architecture: str) -> Stack:
    (stack,) = select_stacks(box.workspace, box.env, box.config, [architecture])
    return stack


def last_words(ended: Ended) -> str:
    """The failure in one line; else the last line of what was printed."""
    errors = [line.removeprefix("error: ") for line in ended.err.splitlines() if line.startswith("error: ")]
    lines = [line for line in ended.out.splitlines() if line.strip()]
    return (errors or lines or [""])[-1].strip()
