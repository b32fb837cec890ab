"""Timing whole processes: several rounds, the two sides in turn, so that a machine that slows down hits both."""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tooling.errors import ToolError


@dataclass(frozen=True)
class Sample:
    """Wall seconds and peak memory (MiB) of one process with its children."""

    seconds: float
    memory: float


def run_once(command: Sequence[str], environ: Mapping[str, str], cwd: Path) -> Sample:
    """Run a process to its end.

    Raises:
        ToolError: It failed, so that its time means nothing.
    """
    began = perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise ToolError(
            f"{' '.join(command)} ended with {process.returncode}: {errors.decode(errors='replace')[-400:]}"
        )
    return Sample(perf_counter() - began, usage.ru_maxrss / 1024)


def in_turn(sides: Mapping[str, Callable[[], Sample]], rounds: int) -> dict[str, list[Sample]]:
    """Run every side once a round, one warm-up round first; a sample a round of each side."""
    samples: dict[str, list[Sample]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, side in sides.items():
            sample = side()
            if number:
                samples[name].append(sample)
    return samples


def median(samples: Sequence[Sample]) -> Sample:
    return Sample(
        statistics.median(sample.seconds for sample in samples),
        statistics.median(sample.memory for sample in samples),
    )


def ratios(first: Sequence[Sample], second: Sequence[Sample]) -> tuple[float, float, float]:
    """Smallest, median and largest ratio of seconds, round by round: a machine whose speed drifts hits both sides."""
    found = [one.seconds / other.seconds for one, other in zip(first, second, strict=True)]
    return min(found), statistics.median(found), max(found)
