"""When a drill strikes: after so many events of Terraform's, and a pause, so that it means the same on any machine."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.journal.reading import read_journal

if TYPE_CHECKING:
    import random
    import subprocess

    from tooling.journal.model import Journal

_POLL_SECONDS = 0.02
# The longest pause after an event. Most are much shorter: a destroy of many things at once is over in seconds.
_LONGEST_PAUSE = 1.5
_COUNTED = (b'"type":"apply_start"', b'"type":"apply_complete"', b'"type":"apply_errored"')


@dataclass(frozen=True)
class Moment:
    """A moment of an apply or a destroy.

    Attributes:
        event: After how many beginnings and ends of actions; the first is 1.
        events: How many there will be, if nothing happens.
        pause: Seconds after that event.
    """

    event: int
    events: int
    pause: float

    def __str__(self) -> str:
        return f"event {self.event} of {self.events} + {self.pause * 1000:.0f} ms"


def draw_moment(rng: random.Random, actions: int) -> Moment:
    """Any event of a run of so many actions but the last, and any pause: a run that has ended cannot be killed."""
    events = 2 * actions
    return Moment(rng.randint(1, max(1, events - 1)), events, round(rng.random() ** 3 * _LONGEST_PAUSE, 3))


@dataclass
class Events:
    """The events of the run that is under way, as its journal beside the changeset grows.

    Attributes:
        changesets: The environment's changesets.
        architecture: Whose run.
    """

    changesets: Path
    architecture: str
    _old: frozenset[Path] = frozenset()
    _file: Path | None = None
    _read: int = 0
    _rest: bytes = b""
    count: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._old = frozenset(self._journals())

    def await_moment(self, process: subprocess.Popen[str], moment: Moment) -> bool:
        """Wait for it; False when the command ended before."""
        while self._look() < moment.event:
            if process.poll() is not None:
                return False
            time.sleep(_POLL_SECONDS)
        ends = time.monotonic() + moment.pause
        while time.monotonic() < ends and process.poll() is None:
            time.sleep(min(_POLL_SECONDS, max(0.0, ends - time.monotonic())))
        return process.poll() is None

    def journal(self) -> Journal | None:
        """What the run has written by now; None when it has not begun."""
        return read_journal(self._file.read_bytes(), self._file.name) if self._file else None

    def _look(self) -> int:
        if self._file is None:
            self._file = next((file for file in self._journals() if file not in self._old), None)
        if self._file is not None:
            with self._file.open("rb") as file:
                file.seek(self._read)
                data = file.read()
            self._read += len(data)
            *lines, self._rest = (self._rest + data).split(b"\n")
            # Data sources are read during an apply as well: no action that anybody would miss.
            self.count += sum(
                any(kind in line for kind in _COUNTED) and b'"action":"read"' not in line for line in lines
            )
        return self.count

    def _journals(self) -> list[Path]:
        return sorted(self.changesets.glob(f"*/{self.architecture}/run-*.jsonl"))
