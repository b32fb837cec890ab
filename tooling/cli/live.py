"""Progress on standard error: a live line a stack on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

import click

from tooling.cli.steady import never_failing
from tooling.progress import Tick

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from tooling.progress import Progress

# In a log, one line a stack in this many seconds says that it is alive.
PLAIN_INTERVAL = 10.0
# Stacks that are shown however low the terminal is, and lines that are left to the prompt and to the count.
_LEAST, _LEFT_FREE = 4, 3


def _to_standard_error(text: str) -> None:
    click.echo(text, err=True)


def _write_line(console: Console, text: str) -> None:
    console.file.write(f"{text}\n")


class Plain:
    """Lines for logs: when a phase begins, when a stack ends, and now and then in between."""

    def __init__(self, say: Callable[[str], None] = _to_standard_error) -> None:
        self._say = say
        self._phases: dict[str, str] = {}
        self._said: dict[str, float] = {}
        self._started: dict[str, float] = {}
        self._lock = Lock()

    def tick(self, tick: Tick) -> None:
        with self._lock:
            now = monotonic()
            began = self._started.setdefault(tick.stack, now)
            new_phase = self._phases.get(tick.stack) != tick.phase
            if not (new_phase or tick.finished or now - self._said[tick.stack] >= PLAIN_INTERVAL):
                return
            self._phases[tick.stack] = tick.phase
            self._said[tick.stack] = now
            self._say(f"{tick.stack}: {describe(tick)}  {now - began:.0f}s")

    def note(self, text: str) -> None:
        self._say(text)


class Live:
    """A table that is drawn again four times a second; plain lines once the terminal is gone.

    Where there are more stacks than lines, those that are done are counted, the first ones first: what runs and what
    failed stays in sight, and a frame takes as long as the terminal is high.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._plain = Plain(lambda text: _write_line(console, text))
        self._notes: list[str] = []
        self._ticks: dict[str, Tick] = {}
        self._started: dict[str, float] = {}
        self._ended: dict[str, float] = {}
        self._lock = Lock()

    def tick(self, tick: Tick) -> None:
        if not self._console.is_terminal:
            self._plain.tick(tick)
        with self._lock:
            self._started.setdefault(tick.stack, monotonic())
            self._ticks[tick.stack] = tick
            if tick.finished:
                self._ended[tick.stack] = monotonic()

    def note(self, text: str) -> None:
        if not self._console.is_terminal:
            self._plain.note(text)
            return
        with self._lock:
            self._notes.append(text)

    def __rich__(self) -> Table:
        from rich.markup import escape
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        with self._lock:
            counted, shown = self._in_sight()
            if counted:
                table.add_row("[green]✓[/]", f"[bold]{counted} stacks[/]", "done", "")
            for stack, tick in shown:
                sign = "[red]✗[/]" if tick.failed else "[green]✓[/]" if tick.finished else "[cyan]…[/]"
                seconds = self._ended.get(stack, monotonic()) - self._started[stack]
                table.add_row(sign, f"[bold]{escape(stack)}[/]", escape(describe(tick)), f"[dim]{seconds:.0f}s[/]")
            for note in self._notes:
                table.add_row("[yellow]![/]", "", f"[yellow]{escape(note)}[/]")
        return table

    def _in_sight(self) -> tuple[int, list[tuple[str, Tick]]]:
        """How many stacks are only counted, and those that have a line of their own."""
        room = max(_LEAST, self._console.height - len(self._notes) - _LEFT_FREE)
        done = [stack for stack, tick in self._ticks.items() if tick.finished and not tick.failed]
        counted = set(done[: max(0, len(self._ticks) - room)])
        return len(counted), [(stack, tick) for stack, tick in self._ticks.items() if stack not in counted]


def describe(tick: Tick) -> str:
    """One stack in one line: phase, resources done of all, and what is being made now."""
    if tick.finished:
        return f"{tick.phase}: {tick.finished}"
    count = f" {tick.done}/{tick.total}" if tick.total is not None else f" {tick.done}" if tick.done else ""
    return f"{tick.phase}{count}{f' · {tick.current}' if tick.current else ''}"


@contextmanager
def watching() -> Iterator[Progress]:
    """The right kind of progress for where standard error goes."""
    with never_failing():
        if sys.stderr is None or not sys.stderr.isatty():
            yield Plain()
            return
        from rich.console import Console
        from rich.live import Live as RichLive

        console = Console(stderr=True)
        live = Live(console)
        with RichLive(live, console=console, refresh_per_second=4):
            yield live
