"""A process with all that it starts: how much memory they hold together, and what of them nobody waited for."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

# Seconds between two looks: short in the first second, for commands that end at once.
_SHORT, _LONG = 0.02, 0.1
# What a look took, so many times as long until the next: adding up what a large process shares takes milliseconds, and
# what is measured has the same cores.
_REST = 30
_PROC = Path("/proc")


class Watch(threading.Thread):
    """Looks at a process tree until it is told to stop.

    Attributes:
        peak: The most memory that the tree held at once, in MB; what processes share is divided among them.
        own: The same without Terraform and its providers.
        python: The same of Python alone, without Node as well.
        seen: Every process that was seen below the first.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0.0
        self.own = 0.0
        self.python = 0.0
        self.seen: set[int] = set()
        self._end = threading.Event()

    def run(self) -> None:
        began = perf_counter()
        while not self._end.is_set():
            looked = time.thread_time()
            self._look()
            took = time.thread_time() - looked
            self._end.wait(max(_SHORT if perf_counter() - began < 1 else _LONG, _REST * took))

    def stop(self) -> None:
        self._end.set()
        self.join()

    def _look(self) -> None:
        below = set(descendants(self.pid))
        self.seen |= below
        held = _without_twins([found for pid in (self.pid, *below) if (found := _held_by(pid))])
        self.peak = max(self.peak, sum(one.size for one in held))
        self.own = max(self.own, sum(one.size for one in held if not one.name.startswith("terraform")))
        self.python = max(self.python, sum(one.size for one in held if one.program.startswith("python")))


@dataclass(frozen=True)
class _Held:
    """What one process holds, in MB; ``resident`` is as if it shared nothing."""

    pid: int
    parent: int
    name: str
    program: str
    size: float
    resident: float


def _without_twins(found: Sequence[_Held]) -> list[_Held]:
    """A process that is just being started is still its parent's twin, in the very same memory: it is counted there.

    One that was copied from its parent has memory of its own, and what it shares with it was divided already.
    """
    by_pid = {one.pid: one for one in found}
    return [
        one
        for one in found
        if (parent := by_pid.get(one.parent)) is None
        or parent.name != one.name
        or abs(parent.size - one.size) > 0.01 * parent.size
        or one.size < 0.7 * one.resident
    ]


def descendants(pid: int) -> Iterator[int]:
    """Processes below one, as far as they still live."""
    for child in children(pid):
        yield child
        yield from descendants(child)


def children(pid: int) -> Iterator[int]:
    """What a process started and did not wait for yet; nothing where the system does not tell."""
    for listed in _PROC.glob(f"{pid}/task/*/children"):
        yield from map(int, _read(listed).split())


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
    fields = _fields(_PROC / str(pid) / "status")
    if "VmRSS" not in fields:
        return None
    resident = _megabytes(fields["VmRSS"])
    # Node alone is 100 MB of program, which two of them share.
    share = _fields(_PROC / str(pid) / "smaps_rollup").get("Pss")
    size = _megabytes(share) if share else resident
    return _Held(pid, int(fields["PPid"]), fields["Name"].strip(), _program_of(pid), size, resident)


def _program_of(pid: int) -> str:
    """File name of what it runs: a thread may have given the process another name."""
    try:
        return (_PROC / str(pid) / "exe").readlink().name
    except OSError:
        # It ended meanwhile, or is another's.
        return ""


def _megabytes(told: str) -> float:
    return int(told.split()[0]) * 1024 / 1e6


def _fields(file: Path) -> dict[str, str]:
    return dict(line.split(":", 1) for line in _read(file).splitlines() if ":" in line)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        # It ended meanwhile, or is another's.
        return ""
