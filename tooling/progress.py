"""What long work tells whoever watches it. The domain speaks to :class:`Progress`; the command line draws it."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tooling.terraform.events import Event


@dataclass(frozen=True)
class Tick:
    """Where one stack stands.

    Attributes:
        stack: Its name, as ``dev/kefir``.
        phase: What is being done: ``init``, ``plan``, ``gate``, ``apply`` ...
        done: Resources that are through.
        total: Of how many; None while that is unknown.
        current: What is being made now.
        finished: How it ended; None while it goes on.
        failed: Whether it ended badly.
    """

    stack: str
    phase: str
    done: int = 0
    total: int | None = None
    current: str = ""
    finished: str | None = None
    failed: bool = False


class Progress(Protocol):
    """Called from several threads at once."""

    def tick(self, tick: Tick) -> None:
        """One stack moved on."""

    def note(self, text: str) -> None:
        """Something about the whole run that its watcher has to know now."""


class Silent:
    """For callers that do not watch."""

    def tick(self, tick: Tick) -> None:
        """Nothing to show."""

    def note(self, text: str) -> None:
        """Nobody to tell."""


# Which event begins, and which end, what a phase counts.
_MOMENTS = {
    "apply": ("apply_start", ("apply_complete", "apply_errored")),
    "destroy": ("apply_start", ("apply_complete", "apply_errored")),
    "revert": ("apply_start", ("apply_complete", "apply_errored")),
    "plan": ("refresh_start", ("refresh_complete", "planned_change")),
    "verify": ("refresh_start", ("refresh_complete",)),
}


@dataclass
class StackProgress:
    """Turns the event stream of one Terraform run into ticks."""

    watcher: Progress
    stack: str
    phase: str
    total: int | None = None
    done: int = 0
    started: float = field(default_factory=monotonic)
    _took: dict[str, float] = field(default_factory=dict)
    _entered: float = field(default_factory=monotonic)
    _under_way: dict[str, None] = field(default_factory=dict)

    def __call__(self, event: Event) -> None:
        address = event.address
        if address is None:
            return
        if event.action == "read" or ".data." in f".{address}":
            # Reading a data source is quick and no part of what was announced.
            return
        begins, ends = _MOMENTS.get(self.phase, _MOMENTS["plan"])
        if event.kind == begins:
            self._under_way[address] = None
        elif event.kind in ends:
            self._under_way.pop(address, None)
            self.done += event.kind != "apply_errored"
        else:
            return
        self.say()

    def say(self) -> None:
        current = next(iter(self._under_way), "")
        self.watcher.tick(Tick(self.stack, self.phase, self.done, self.total, current))

    def step(self, current: str, count: int = 1) -> None:
        """One more (or ``count``) of what the phase counts is through."""
        self.done += count
        self.watcher.tick(Tick(self.stack, self.phase, self.done, self.total, current))

    def enter(self, phase: str, total: int | None = None) -> None:
        self._leave()
        self.phase, self.total, self.done = phase, total, 0
        self._under_way.clear()
        self.say()

    def end(self, how: str, *, failed: bool = False) -> None:
        self.watcher.tick(Tick(self.stack, self.phase, self.done, self.total, "", how, failed))

    def _leave(self) -> None:
        now = monotonic()
        self._took[self.phase] = self._took.get(self.phase, 0) + now - self._entered
        self._entered = now

    def phases(self) -> dict[str, float]:
        """Seconds in each phase so far, in the order in which they were entered."""
        self._leave()
        return dict(self._took)

    @property
    def seconds(self) -> float:
        return monotonic() - self.started
