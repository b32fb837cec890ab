"""Timing whole processes: several rounds, the sides in turn, so that a machine that slows down hits all of them."""

from __future__ import annotations

import ctypes
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from time import perf_counter

from bench.tree import Watch, children, descendants, inherited, reaped
from tooling.errors import ToolError

# PR_SET_CHILD_SUBREAPER of prctl(2).
_SUBREAPER = 36
# Seconds that what a process leaves behind has for ending by itself, as the Node of jsii does.
_AFTERWARDS = 10.0
# Seconds that one run of one side may take.
BOUND = 1200


@dataclass(frozen=True)
class Sample:
    """One run of a process with everything that it started.

    Attributes:
        seconds: On the clock.
        cpu: Seconds of CPU, user and system, of the whole process tree.
        memory: Peak of the whole tree's memory, in MB.
        own: The same without Terraform and its providers.
        python: The same of Python alone.
    """

    seconds: float
    cpu: float
    memory: float
    own: float
    python: float


def run_once(command: Sequence[str], environ: Mapping[str, str], cwd: Path, bound: float = BOUND) -> Sample:
    """Run a process to its end; after so many seconds it is ended, with all that it started.

    Raises:
        ToolError: It failed or did not end in time, so that its time means nothing.
    """
    with _heir(), tempfile.TemporaryFile() as errors:
        before = set(children(os.getpid()))
        began = perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=environ, stdout=subprocess.DEVNULL, stderr=errors, stdin=subprocess.DEVNULL
        )
        watch = Watch(process.pid)
        watch.start()
        clock = threading.Timer(bound, _end_all, (process.pid,))
        clock.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            _end_all(process.pid)
            raise
        finally:
            clock.cancel()
            watch.stop()
        seconds = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        # What it left comes down to this process, and may have been too short for the watch.
        left = _left_behind(watch.seen | (set(children(os.getpid())) - before))
        errors.seek(0)
        said = errors.read().decode(errors="replace")
    if process.returncode != 0:
        how = f"did not end within {bound:g} s" if seconds >= bound else f"ended with {process.returncode}"
        raise ToolError(f"{' '.join(command)} {how}: {said[-800:]}")
    return Sample(seconds, usage.ru_utime + usage.ru_stime + left, watch.peak, watch.own, watch.python)


def _end_all(pid: int) -> None:
    for one in (pid, *descendants(pid)):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


@contextmanager
def _heir() -> Iterator[None]:
    """Whatever is left without a parent meanwhile comes down to this process, which can ask what it took."""
    if sys.platform != "linux":
        yield
        return
    prctl = ctypes.CDLL(None).prctl
    prctl(_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(_SUBREAPER, 0, 0, 0, 0)


def _left_behind(seen: set[int]) -> float:
    """CPU seconds of what was started and not waited for; what goes on running counts nothing."""
    deadline = perf_counter() + _AFTERWARDS
    seconds = 0.0
    while (waiting := [pid for pid in seen if inherited(pid)]) and perf_counter() < deadline:
        seconds += reaped(waiting)
        time.sleep(0.02)
    return seconds


def in_turn(
    sides: Mapping[str, Callable[[], Sample]], rounds: int, *, warm: bool = True, most: Mapping[str, int] | None = None
) -> dict[str, list[Sample]]:
    """Run every side once a round, and say so on stderr; a sample a round of each side.

    Args:
        sides: What to run, by name.
        rounds: How often each.
        warm: Begin with a round that does not count.
        most: Rounds of those sides that run less often, by name.
    """
    limits = most or {}
    samples: dict[str, list[Sample]] = {name: [] for name in sides}
    for number in range(0 if warm else 1, rounds + 1):
        for name, side in sides.items():
            if number > limits.get(name, rounds):
                continue
            sample = side()
            if number:
                samples[name].append(sample)
            said = f"round {number}" if number else "warm-up"
            print(f"  {said}: {name}: {sample.seconds:.2f} s, CPU {sample.cpu:.2f} s", file=sys.stderr)
    return samples


def median(samples: Sequence[Sample]) -> Sample:
    """The median of each figure by itself."""
    return Sample(
        **{part.name: statistics.median(getattr(one, part.name) for one in samples) for part in fields(Sample)}
    )


def by_clock(sample: Sample) -> float:
    return sample.seconds


def by_cpu(sample: Sample) -> float:
    return sample.cpu


def ratios(
    first: Sequence[Sample], second: Sequence[Sample], of: Callable[[Sample], float] = by_clock
) -> tuple[float, float, float]:
    """Smallest, median and largest ratio, round by round: a machine whose speed drifts hits both sides."""
    found = [of(one) / of(other) for one, other in zip(first, second, strict=True)]
    return min(found), statistics.median(found), max(found)
