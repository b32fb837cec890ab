"""One emulator for a whole test run, however many workers it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tooling.emulator.process import RunningEmulator, down, up


@contextmanager
def emulator_in(home: Path) -> Iterator[RunningEmulator]:
    """Start an emulator of its own in ``home`` and end it afterwards."""
    running = up(home)
    try:
        yield running
    finally:
        down(home)
