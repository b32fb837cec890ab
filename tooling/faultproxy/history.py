"""What became of every call that passed the proxy."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from tooling.faultproxy.rules import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tooling.faultproxy.asked import Asked


@dataclass(frozen=True)
class Entry:
    """One call.

    Attributes:
        number: Counted from 1 in the order of arrival.
        at: Seconds since the proxy began.
        asked: What and by whom.
        fault: What went wrong, if anything.
        carried_out: Whether it reached the emulator.
        status: HTTP status that the client got; 0 if it got none.
    """

    number: int
    at: float
    asked: Asked
    fault: Kind | None
    carried_out: bool
    status: int

    def __str__(self) -> str:
        done = "carried out" if self.carried_out else "not carried out"
        what = f"{self.fault} ({done})" if self.fault else f"HTTP {self.status}"
        return f"{self.number:5} {self.at:8.3f}s {self.asked}: {what}"


class History:
    """Every call, in the order of arrival; written by many threads."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._lock = Lock()
        self._entries: dict[int, Entry] = {}
        self._number = 0

    def arrived(self) -> tuple[int, float]:
        """Number and time of a call that just came."""
        with self._lock:
            self._number += 1
            return self._number, round(monotonic() - self._began, 3)

    def add(self, entry: Entry) -> None:
        with self._lock:
            self._entries[entry.number] = entry

    @property
    def entries(self) -> tuple[Entry, ...]:
        with self._lock:
            return tuple(self._entries[number] for number in sorted(self._entries))

    @property
    def counts(self) -> Mapping[Kind, int]:
        """Faults by kind; kinds that did not happen are left out."""
        return Counter(entry.fault for entry in self.entries if entry.fault is not None)
