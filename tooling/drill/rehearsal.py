"""A recovery that was tried on the real thing, and how long it took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tooling.errors import ToolError

# Seconds between two looks: what is measured takes minutes.
LOOK = 2.0


@dataclass(frozen=True)
class Rehearsal:
    """How it went.

    Attributes:
        what: Database or service.
        saw: What took over.
        seconds: Until all was as before.
        promised: How long it may take by the document.
    """

    what: str
    saw: str
    seconds: float
    promised: float

    @property
    def kept(self) -> bool:
        return self.seconds <= self.promised


def wait_until(
    done: Callable[[], bool],
    began: float,
    limit: float,
    sleep: Callable[[float], object],
    clock: Callable[[], float],
    what: str,
) -> float:
    """Look until something is so; seconds since it began.

    Raises:
        ToolError: It is not, when the limit is over.
    """
    while not done():
        if clock() - began > limit:
            raise ToolError(f"not there after {limit:.0f} s: {what}", hint="look at its events before you try again")
        sleep(LOOK)
    return round(clock() - began, 1)
