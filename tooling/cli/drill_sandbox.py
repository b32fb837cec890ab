"""What the drills that run in a sandbox share on the command line."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.drill.sandbox import Sandbox


@contextmanager
def drilling(env: str) -> Iterator[tuple[Sandbox, Callable[[str], None]]]:
    """A sandbox of the user's project, and where a drill says what it does."""
    from tooling.drill.sandbox import sandbox
    from tooling.workspace import find_workspace

    def note(text: str) -> None:
        click.echo(text, err=True)

    with sandbox(find_workspace(), env) as box:
        note(f"sandbox {box.root}, with an emulator of its own")
        yield box, note


def seed_or_new(seed: int | None) -> int:
    """The seed that was asked for, or a new one; said either way, so that a run can be repeated."""
    chosen = random.randrange(10**6) if seed is None else seed
    click.echo(f"seed {chosen}", err=True)
    return chosen


def require_nothing_lost(name: str, lost: Sequence[str], box: Sandbox) -> None:
    """End with 1 when something was lost.

    Raises:
        ToolError: Something was.
    """
    if lost:
        raise ToolError(
            f"{'; '.join(lost)}",
            where=name,
            hint=f"journal, states and what the emulator held are in {box.root}",
        )
