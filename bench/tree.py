"""A process with all that it starts: how much memory they hold together, and what of them nobody waited for."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

# Seconds between two looks: short at first, for commands that end at once; ten a second miss no peak that lasts.
_SHORT, _LONG = 0.02, 0.1
_PROC = Path("/proc")


class Watch(threading.Thread):
    """Looks at a process tree until it is told to stop.

    Attributes:
        peak: The most resident memory that the tree held at once, in MiB; what processes share counts in each.
        own: The same without Terraform and its providers.
        seen: Every process that was seen below the first.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0.0
        self.own = 0.0
        self.seen: set[int] = set()
        self._end = threading.Event()

    def run(self) -> None:
        began = perf_counter()
        while not self._end.is_set():
            self._look()
            self._end.wait(_SHORT if perf_counter() - began < 1 else _LONG)

    def stop(self) -> None:
        self._end.set()
        self.join()

    def _look(self) -> None:
        below = set(descendants(self.pid))
        self.seen |= below
        held = _without_twins([found for pid in (self.pid, *below) if (found := _held_by(pid))])
        self.peak = max(self.peak, sum(one.size for one in held))
        self.own = max(self.own, sum(one.size for one in held if not one.name.startswith("terraform")))


@dataclass(frozen=True)
class _Held:
    """What one process holds, in MiB."""

    pid: int
    parent: int
    name: str
    size: float


def _without_twins(found: Sequence[_Held]) -> list[_Held]:
    """A process that is just being started is still its parent's twin, in the very same memory."""
    by_pid = {one.pid: one for one in found}
    return [
        one
        for one in found
        if (parent := by_pid.get(one.parent)) is None
        or parent.name != one.name
        or abs(parent.size - one.size) > 0.01 * parent.size
    ]


def descendants(pid: int) -> Iterator[int]:
    """Processes below one, as far as they still live."""
    for listed in _PROC.glob(f"{pid}/task/*/children"):
        for child in map(int, _read(listed).split()):
            yield child
            yield from descendants(child)


def reaped(pids: Iterable[int]) -> float:
    """CPU seconds of those processes that have ended and came down to this one because their parent ended before."""
    seconds = 0.0
    for pid in pids:
        try:
            found, _, usage = os.wait4(pid, os.WNOHANG)
        except ChildProcessError:
            continue
        if found:
            seconds += usage.ru_utime + usage.ru_stime
    return seconds


def inherited(pid: int) -> bool:
    """Whether a process is a child of this one, alive or not."""
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _held_by(pid: int) -> _Held | None:
    fields = dict(line.split(":", 1) for line in _read(_PROC / str(pid) / "status").splitlines() if ":" in line)
    if "VmRSS" not in fields:
        return None
    return _Held(pid, int(fields["PPid"]), fields["Name"].strip(), int(fields["VmRSS"].split()[0]) / 1024)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        # It ended meanwhile.
        return ""
