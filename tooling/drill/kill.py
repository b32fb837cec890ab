"""Killing an apply or a destroy at a random moment, resuming it, and looking for what was lost."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.drill.cases import last_words, stack_of
from tooling.drill.losses import Whole, addresses_of, holdings_of, losses_after_apply, losses_after_destroy, whole_stack
from tooling.drill.moment import Events, draw_moment
from tooling.drill.sandbox import Ended
from tooling.drill.victims import ANY, VICTIMS, strike
from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.drill.sandbox import Sandbox
    from tooling.emulator.holding import Holding
    from tooling.environment.stacks import Stack
    from tooling.journal.model import Journal

APPLY, DESTROY, BOTH = "apply", "destroy", "both"
# A run that has ended cannot be killed; such a round is done again.
_TRIES = 3
# Seconds that groundplan has for ending by itself when what it waits for was killed.
_GRACE = 600


@dataclass(frozen=True)
class Round:
    """One kill and what came of it.

    Attributes:
        during: ``apply`` or ``destroy``.
        victim: Who was killed; empty when the run had ended before.
        moment: When.
        complete: Actions that were through when it was struck.
        in_doubt: Actions that had begun and of whose end nothing was known.
        seconds: From the kill until the stack was whole (or gone) again, what was left to do included.
        recovery: Of these, until state and reality were equal again.
        lost: What was lost, left over, or there twice.
    """

    during: str
    victim: str
    moment: str
    complete: int
    in_doubt: int
    seconds: float
    recovery: float
    lost: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """What is to be killed, and when.

    Attributes:
        times: How many kills of each kind.
        during: ``apply``, ``destroy`` or ``both``.
        victim: One of :data:`VICTIMS`, or ``any``.
        seed: Decides every moment and victim.
    """

    times: int = 1
    during: str = APPLY
    victim: str = ANY
    seed: int = 0


@dataclass
class KillDrill:
    """Kills of one stack in one sandbox, from nothing.

    Attributes:
        box: The sandbox; nothing of the stack is applied in it.
        architecture: The stack.
        wish: What is to be killed.
        note: Told what is done, in a sentence each.
    """

    box: Sandbox
    architecture: str
    wish: Wish
    note: Callable[[str], None]
    whole: Whole | None = field(default=None, init=False)
    before: tuple[Holding, ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        self.what = ("--env", self.box.env, "--stack", self.architecture)
        self.rng = random.Random(f"{self.wish.seed}/{self.box.env}/{self.architecture}")

    @property
    def stack(self) -> Stack:
        return stack_of(self.box, self.architecture)

    def rounds(self) -> Iterator[Round]:
        """Each kill as soon as its losses are known; the first loss is the last round.

        Raises:
            ToolError: The stack cannot even be applied or destroyed undisturbed, or never lived long enough.
        """
        self.before = holdings_of(self.box)
        self.whole = self._apply_undisturbed()
        self.note(f"{self.architecture}: {len(self.whole.addresses)} resources applied undisturbed, to compare with")
        for _ in range(self.wish.times):
            for during in (DESTROY, APPLY):
                if self.wish.during in (during, BOTH):
                    found = self._until_struck(during)
                    yield found
                    if found.lost:
                        return

    def _until_struck(self, during: str) -> Round:
        for _ in range(_TRIES):
            self._prepare(during)
            found = self._round(during)
            if found.victim or found.lost:
                return found
            self.note(f"{self.architecture}: {during} had ended before {found.moment}: once more")
        raise ToolError(
            f"{during} ended {_TRIES} times before it could be killed",
            where=self.architecture,
            hint="choose another seed",
        )

    def _prepare(self, during: str) -> None:
        """Have all of it there before a destroy, and nothing before an apply."""
        there = bool(addresses_of(self.box, self.stack))
        if during == DESTROY and not there:
            self._apply_undisturbed()
        elif during == APPLY and there:
            self.box.start_over()

    def _round(self, during: str) -> Round:
        assert self.whole is not None
        if during == APPLY:
            self.box.must("plan", *self.what, "--json")
        moment = draw_moment(self.rng, len(self.whole.addresses))
        events = Events(self.box.workspace.changesets(self.box.env), self.architecture)
        process = self.box.start(during, *self.what, "--yes")
        struck, journal = None, None
        if events.await_moment(process, moment):
            struck = strike(process, self.wish.victim, self.rng)
            journal = events.journal()
        ended = _await_end(process)
        if struck is None and ended.code != 0:
            raise ToolError(f"{during} ended with {ended.code} by itself: {last_words(ended)}", where=self.architecture)
        began = time.monotonic()
        resumed = self.box.run("resume", *self.what, "--apply", "--yes", "--json")
        again = None if _found_dead(resumed) else self._again(during)
        seconds = time.monotonic() - began
        lost = [*_failed(resumed), *(_failed(again) if again else ()), *self._losses(during)]
        return Round(
            during=during,
            victim=struck or "",
            moment=str(moment),
            complete=_count(journal, through=True),
            in_doubt=_count(journal, through=False),
            seconds=round(seconds, 1),
            recovery=_recovery_seconds(resumed),
            lost=tuple(lost),
        )

    def _again(self, during: str) -> Ended:
        """The run came to an end in order, without all that it was to do: a user would start it once more."""
        if during == APPLY:
            planned = self.box.run("plan", *self.what)
            if planned.code != 0:
                return planned
        return self.box.run(during, *self.what, "--yes")

    def _losses(self, during: str) -> Iterator[str]:
        assert self.whole is not None
        if during == APPLY:
            yield from losses_after_apply(self.box, self.stack, self.whole)
        else:
            yield from losses_after_destroy(self.box, self.stack, self.before)

    def _apply_undisturbed(self) -> Whole:
        planned = self.box.json("plan", *self.what)
        self.box.must("apply", *self.what, "--yes")
        return whole_stack(self.box, self.stack, self.box.root / Path(planned["folder"]))


def _await_end(process: subprocess.Popen[str]) -> Ended:
    """Let it end by itself where it still lives."""
    try:
        out, err = process.communicate(timeout=_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    return Ended(process.returncode, out, err)


def _found_dead(resumed: Ended) -> bool:
    """Whether there was a run to resume; where resume itself failed, that is told."""
    if resumed.code != 0:
        return True
    return any(one["run"] for one in json.loads(resumed.out))


def _failed(ended: Ended) -> Iterator[str]:
    if ended.code != 0:
        yield f"going on ended with {ended.code}: {last_words(ended)}"


def _count(journal: Journal | None, *, through: bool) -> int:
    return sum((step.result == "done") is through for step in journal.steps) if journal else 0


def _recovery_seconds(resumed: Ended) -> float:
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        return round(max(float(one["seconds"]) for one in json.loads(resumed.out)), 1)
    return round(resumed.seconds, 1)


__all__ = ["ANY", "APPLY", "BOTH", "DESTROY", "VICTIMS", "KillDrill", "Round", "Wish"]
