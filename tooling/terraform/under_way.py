"""What Terraform is making at this moment, over all stacks of a run, as its events say."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from tooling.terraform.events import Event

_ENDS = ("apply_complete", "apply_errored")


@dataclass(frozen=True)
class Begun:
    """One resource that Terraform began and has not ended.

    Attributes:
        stack: Its stack, as ``dev/kefir``.
        address: The resource.
        action: ``create``, ``update`` or ``delete``.
        seconds: How long it has been under way.
    """

    stack: str
    address: str
    action: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.stack}: {self.address} ({self.action}, for {self.seconds:.0f} s)"


@dataclass
class UnderWay:
    """Told every event of every apply, from several threads.

    Attributes:
        clock: Seconds that only grow.
        made: How many changes ended well.
    """

    clock: Callable[[], float] = monotonic
    made: int = 0
    _begun: dict[tuple[str, str, str], float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def heard(self, stack: str, event: Event) -> None:
        """One event of the apply of a stack."""
        if event.kind != "apply_start" and event.kind not in _ENDS:
            return
        if event.address is None or event.action == "read":
            return
        key = (stack, event.address, event.action)
        with self._lock:
            if event.kind == "apply_start":
                self._begun[key] = self.clock()
            else:
                self._begun.pop(key, None)
                self.made += event.kind == "apply_complete"

    def ended(self, stack: str) -> None:
        """Terraform is through with a stack, or gone: nothing of it is under way any more."""
        with self._lock:
            self._begun = {key: since for key, since in self._begun.items() if key[0] != stack}

    def all(self) -> tuple[Begun, ...]:
        """Everything under way, the oldest first."""
        with self._lock:
            begun = sorted(self._begun.items(), key=lambda entry: entry[1])
            now = self.clock()
        return tuple(Begun(*key, seconds=now - since) for key, since in begun)
