"""pytest plugin that runs the collected tests against many mutants, each in a fork of this process.

Nothing is collected, imported or planned again for a mutant: the fork has the tests and the plans, changes the plans
that the tests will ask for, and ends at the first test that fails.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest
import tftest

from tests.mutation.mutants import Mutant
from tests.mutation.recording import give
from tests.support.planner import Planner
from tests.support.plans import Json

BATCH = 100
"""Mutants between two forks without any."""
UNCHANGED = Mutant("unchanged", "")
"""No mutant."""
KILLED, SURVIVED, BROKEN, LATE = "killed", "survived", "broken", "late"


@dataclass(frozen=True)
class Verdict:
    """What the tests made of a mutant.

    Attributes:
        mutant: Its id.
        verdict: ``killed``: a test failed. ``survived``: none did. ``broken``: no test failed, but a fixture did.
            ``late``: not done within the bound.
        test: The first test that failed.
        rows: Ids that this test carries.
        error: Type of what it raised.
        plans: How many plans the mutant changed.
        seconds: How long it took.
    """

    mutant: str
    verdict: str
    test: str = ""
    rows: tuple[str, ...] = ()
    error: str = ""
    plans: int = 0
    seconds: float = 0.0


class Plans(Protocol):
    """What tests ask for plans: the same object at every call, for a mutant to be applied to.

    Attributes:
        plans: Those that were asked for.
        refusals: How often Terraform refused to plan.
    """

    plans: dict[str, Json]
    refusals: int

    def plan(self, env: str, architecture: str, **variables: Any) -> tftest.TerraformPlanOutput: ...


class KeptPlans(Planner):
    """The plans that an earlier run made.

    Args:
        work: Its folder.
    """

    def __init__(self, work: Path) -> None:
        super().__init__(work, lambda: "http://127.0.0.1:9")
        self.plans: dict[str, Json] = {}
        self.refusals = 0

    def plan(self, env: str, architecture: str, **variables: Any) -> tftest.TerraformPlanOutput:
        request = json.dumps([env, architecture, variables], sort_keys=True)
        if request not in self.plans:
            try:
                self.plans[request] = dict(super().plan(env, architecture, **variables))
            except tftest.TerraformTestError:
                self.refusals += 1
                raise
        return tftest.TerraformPlanOutput(self.plans[request])


@dataclass
class Order:
    """Which tests to run first: what killed mutants of the same argument, then of the same type."""

    killers: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)

    def learn(self, mutant: Mutant, test: str) -> None:
        for key in self._keys(mutant):
            self.killers.setdefault(key, Counter())[test] += 1

    def sorted(self, mutant: Mutant, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        known = [self.killers.get(key, Counter()) for key in self._keys(mutant)]
        return sorted(items, key=lambda item: tuple(-counter[item.nodeid] for counter in known))

    def _keys(self, mutant: Mutant) -> list[tuple[str, str]]:
        argument = str(mutant.path[0]) if mutant.path else mutant.kind
        return [(mutant.block, argument), (mutant.type, argument), (mutant.type, "")]


class Harness:
    """Takes over when the tests are collected.

    Args:
        planner: Gives the tests the plans that an earlier run made.
        folder: Where that run kept what is not a plan.
        prepare: Called once with the plans, when the tests were green with them: what to run.
        apply: Changes the plans for a mutant, in the fork; how many are others now.
        report: Called for each verdict.
        workers: How many forks at a time.
        bound: Seconds for one mutant.
    """

    def __init__(
        self,
        planner: Plans,
        folder: Path,
        *,
        prepare: Callable[[dict[str, Json]], Sequence[Mutant]],
        apply: Callable[[Mutant], int],
        report: Callable[[Mutant, Verdict], None],
        workers: int,
        bound: float,
    ) -> None:
        self._planner, self._folder = planner, folder
        self._prepare, self._apply, self._report = prepare, apply, report
        self._workers, self._bound = workers, bound
        self._order = Order()
        self._reading: list[pytest.Item] = []
        self.error = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any], request: Any) -> Any:
        if fixturedef.argname == "planning_folder":
            return give(fixturedef, request, self._folder)
        if fixturedef.argname == "planner":
            return give(fixturedef, request, self._planner)
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = [item for item in session.items if "planner" in getattr(item, "fixturenames", ())]
        reading = self._reading = self._control(items)
        if self.error:
            return True
        mutants = self._prepare(self._planner.plans)
        gc.collect()
        gc.freeze()
        # Looking for mutants may have changed the plans; and what tests read beside the plans may change while the run
        # lasts. Either would kill every mutant: verdicts count only between two forks without any that are green.
        done = 0
        while not self._red() and done < len(mutants):
            batch = mutants[done : done + BATCH]
            found: list[tuple[Mutant, Verdict]] = []
            self._run(batch, reading, partial(_keep, found))
            if not self._red():
                for mutant, verdict in found:
                    self._report(mutant, verdict)
            done += len(batch)
        return True

    def _control(self, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """Run all tests with the plans as they are; all but those for which Terraform refused to plan."""
        reading = []
        for item, following in _with_next(items):
            before = self._planner.refusals
            failed = _run_test(item, following)
            if failed is not None:
                self.error = f"{item.nodeid} fails without any mutant ({failed[0]}: {failed[1]})"
                return []
            if self._planner.refusals == before:
                reading.append(item)
        return reading

    def _red(self) -> bool:
        """Whether the tests fail in a fork that has no mutant, now or earlier."""
        if not self.error:
            self._run([UNCHANGED], self._reading, self._note)
        return bool(self.error)

    def _note(self, _: Mutant, verdict: Verdict) -> None:
        if verdict.verdict != SURVIVED:
            self.error = f"red in a fork without any mutant: {verdict.test} {verdict.error or verdict.verdict}"

    def _run(
        self, mutants: Sequence[Mutant], items: Sequence[pytest.Item], report: Callable[[Mutant, Verdict], None]
    ) -> None:
        waiting = iter(mutants)
        running: dict[int, tuple[Mutant, int, float]] = {}
        with selectors.DefaultSelector() as selector:
            exhausted = False
            while running or not exhausted:
                while not exhausted and len(running) < self._workers:
                    mutant = next(waiting, None)
                    if mutant is None:
                        exhausted = True
                        break
                    process, pipe = self._fork(mutant, self._order.sorted(mutant, items))
                    running[pipe] = (mutant, process, time.monotonic())
                    selector.register(pipe, selectors.EVENT_READ)
                done = {key.fd for key, _ in selector.select(0.5)}
                for pipe, (mutant, process, began) in list(running.items()):
                    late = time.monotonic() - began > self._bound
                    if pipe not in done and not late:
                        continue
                    selector.unregister(pipe)
                    del running[pipe]
                    if pipe not in done:
                        os.kill(process, signal.SIGKILL)
                    verdict = _read(pipe, mutant)
                    os.waitpid(process, 0)
                    if verdict.verdict == KILLED:
                        self._order.learn(mutant, verdict.test)
                    report(mutant, verdict)

    def _fork(self, mutant: Mutant, items: Sequence[pytest.Item]) -> tuple[int, int]:
        reading, writing = os.pipe()
        process = os.fork()
        if process:
            os.close(writing)
            return process, reading
        # Whatever happens here, this copy of pytest must not go on.
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nothing, stream)
            try:
                verdict = self._try(mutant, items)
            except Exception:  # noqa: BLE001 - a mutant that cannot be applied is a fault of this tool: it must be seen.
                verdict = Verdict(mutant.id, BROKEN, f"cannot be applied: {traceback.format_exc()[-600:]}")
            os.write(writing, json.dumps(asdict(verdict)).encode())
        finally:
            os._exit(0)

    def _try(self, mutant: Mutant, items: Sequence[pytest.Item]) -> Verdict:
        began = time.monotonic()
        plans = self._apply(mutant) if mutant is not UNCHANGED else 0
        broken = ""
        for item, following in _with_next(items):
            failed = _run_test(item, following)
            if failed is None:
                continue
            phase, error = failed
            if phase == "call":
                rows = tuple(str(one) for mark in item.iter_markers("requirement") for one in mark.args)
                return Verdict(mutant.id, KILLED, item.nodeid, rows, error, plans, _since(began))
            broken = broken or f"{item.nodeid}: {error}"
        return Verdict(mutant.id, BROKEN if broken else SURVIVED, broken, (), "", plans, _since(began))


def _keep(found: list[tuple[Mutant, Verdict]], mutant: Mutant, verdict: Verdict) -> None:
    found.append((mutant, verdict))


def _run_test(item: pytest.Item, following: pytest.Item | None) -> tuple[str, str] | None:
    """Phase and error of a test that fails."""
    failed = None
    again: Any = item
    if not again._request:
        again._initrequest()
    for phase, hook in (("setup", item.ihook.pytest_runtest_setup), ("call", item.ihook.pytest_runtest_call)):
        done = pytest.CallInfo.from_call(lambda hook=hook: hook(item=item), when=phase)  # type: ignore[misc,arg-type]
        if done.excinfo is not None:
            failed = phase, f"{done.excinfo.typename}: {str(done.excinfo.value)[:200]}"
            break
    pytest.CallInfo.from_call(
        lambda: item.ihook.pytest_runtest_teardown(item=item, nextitem=following), when="teardown"
    )
    # As pytest's own loop leaves a test, so that it can run again.
    again._request, again.funcargs = False, None
    return failed


def _with_next(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    for number, item in enumerate(items):
        yield item, items[number + 1] if number + 1 < len(items) else None


def _read(pipe: int, mutant: Mutant) -> Verdict:
    with os.fdopen(pipe, "rb") as answers:
        answer = answers.read()
    if not answer:
        return Verdict(mutant.id, LATE)
    content = json.loads(answer)
    return Verdict(**{**content, "rows": tuple(content["rows"])})


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
