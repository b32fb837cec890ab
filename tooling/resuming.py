"""After an apply or a destroy died: find out all that it did, and make the state say so."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tooling.changeset.checking import SOURCES
from tooling.changeset.model import DESTROY
from tooling.changeset.receipts import ResourceResult, keep_receipt, receipt_of
from tooling.changeset.sealing import sources
from tooling.changeset.store import store_of
from tooling.errors import ToolError
from tooling.journal import Journal, close_run, open_runs
from tooling.locking import held, new_lock, read_lock, take_over
from tooling.planning import ensure_initialised
from tooling.process import processes_with
from tooling.progress import StackProgress
from tooling.recovery.doubts import Inquiry
from tooling.recovery.left_state import Leftover, leftovers
from tooling.recovery.rebuilding import Rebuilt, rebuild
from tooling.recovery.scratch import scratch_of
from tooling.session import Session, plan_jobs
from tooling.state import read_state, version_of
from tooling.states.backups import backup_state
from tooling.states.content import instances
from tooling.workspace import write_private

if TYPE_CHECKING:
    from tooling.changeset.store import Store
    from tooling.environment.stacks import Stack
    from tooling.lock_object import LockInfo
    from tooling.locking import HeldLock

# Seconds that a provider without its Terraform has for ending by itself.
_GRACE = 5.0


@dataclass(frozen=True)
class Choices:
    """What only the user can know.

    Attributes:
        hosts_gone: Names of machines that are gone, so that nothing runs there any more.
        adopt: Addresses of what exists and is of the run, although nothing proves it.
        leave: Addresses of what exists and is not.
    """

    hosts_gone: Collection[str] = ()
    adopt: Collection[str] = ()
    leave: Collection[str] = ()


@dataclass(frozen=True)
class Resumed:
    """How one stack was found, and what became of it.

    Attributes:
        run: Id of the run that died; empty when there was none.
        kind: ``apply``, ``destroy`` or ``adopt``; empty when there was none.
        changeset: What it applied.
        by, command, started: Who began it, how and when.
        complete: How many actions it had done.
        recovered, adopted, not_made, gone, unsure: See :class:`Rebuilt`.
        state_from: Where a state came from that the run could not store; empty when there was none.
        lock: What was done about the lock: ``none``, ``ours``.
        serial: Of the state now.
        seconds: Wall time.
        glass: Limits that the run's changeset broke on purpose.
    """

    architecture: str
    run: str = ""
    kind: str = ""
    changeset: str = ""
    by: str = ""
    command: str = ""
    started: str = ""
    complete: int = 0
    recovered: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()
    not_made: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    unsure: Mapping[str, str] = field(default_factory=dict)
    state_from: str = ""
    lock: str = "none"
    serial: int = 0
    seconds: float = 0.0
    glass: tuple[tuple[str, str], ...] = ()


def resume(session: Session, choices: Choices | None = None) -> tuple[Resumed, ...]:
    """Bring every stack of the session to a state that is equal to reality.

    Args:
        session: Run over the stacks.
        choices: What the user knows.

    Raises:
        ToolError: A run still goes on, or may go on on another machine; somebody else holds the lock; AWS does not let
            us look. Nothing was changed then.
    """
    known = choices or Choices()
    return tuple(
        session.over_stacks(lambda stack: resume_stack(session, stack, known), jobs=plan_jobs(len(session.stacks)))
    )


def resume_stack(session: Session, stack: Stack, choices: Choices) -> Resumed:
    """The same for one stack."""
    progress = StackProgress(session.progress, stack.name, "resume")
    store = store_of(session.target, session.env, session.config)
    try:
        for run in open_runs(stack, store, session.workspace.changesets(session.env)):
            _require_dead(session, stack, run, choices.hosts_gone)
        _await_terraform(session, stack, progress)
        # Now that nobody writes to them any more.
        runs = open_runs(stack, store, session.workspace.changesets(session.env))
        ensure_initialised(session, stack, progress)
        with _lock(session, stack, runs, choices, progress) as (hold, lock):
            resumed = _recover(session, stack, store, runs, choices, progress, lock)
            if resumed.unsure:
                hold.keep()
    except ToolError:
        progress.end("failed", failed=True)
        raise
    progress.end(_in_words(resumed), failed=bool(resumed.unsure))
    return resumed


def _recover(
    session: Session,
    stack: Stack,
    store: Store,
    runs: Sequence[Journal],
    choices: Choices,
    progress: StackProgress,
    lock: str,
) -> Resumed:
    found = leftovers(stack, runs)
    state_from = _push_leftovers(session, stack, found)
    base = read_state(session.target, session.config, stack)
    if not runs:
        serial = version_of(base).serial
        return Resumed(stack.architecture, state_from=state_from, lock=lock, serial=serial, seconds=progress.seconds)
    journal = runs[-1]
    for run in runs:
        _require_same_sources(session, stack, run)
    backup_state(session, stack)
    inquiry = Inquiry(
        region_of=lambda alias: _region_of(session, stack, alias),
        account_id=session.config.account_id,
        client=lambda service, region: session.target.client(service, region),
        adopt=choices.adopt,
        leave=choices.leave,
    )
    rebuilt = Rebuilt(base or {})
    with scratch_of(session, stack) as scratch:
        for run in runs:
            before = rebuilt.state or None
            rebuilt = rebuild(scratch, run, before, inquiry, progress, terraform=session.binary.version)
    _push(session, stack, rebuilt.state, base)
    now = version_of(read_state(session.target, session.config, stack))
    if not rebuilt.unsure:
        _prove(session, stack, progress, destroying=journal.header.kind == DESTROY)
        for run in runs:
            _leave_receipt(session, stack, run, now, store)
            close_run(stack, run.header.run, store)
    header = journal.header
    return Resumed(
        architecture=stack.architecture,
        run=header.run,
        kind=header.kind,
        changeset=header.changeset,
        by=header.by,
        command=header.command,
        started=header.started,
        complete=sum(step.result == "done" for step in journal.steps),
        recovered=rebuilt.recovered,
        adopted=rebuilt.adopted,
        not_made=rebuilt.not_made,
        gone=rebuilt.gone,
        unsure=rebuilt.unsure,
        state_from=state_from,
        lock=lock,
        serial=now.serial,
        seconds=round(progress.seconds, 1),
        glass=header.glass,
    )


def _require_dead(session: Session, stack: Stack, run: Journal, hosts_gone: Collection[str]) -> None:
    process = run.header.process
    lives = process.lives()
    if lives:
        raise ToolError(
            f"the run {run.header.run} goes on: {process.to_text()}",
            where=stack.name,
            hint="wait for it, or end it with one Ctrl-C (or SIGTERM): then its state is saved",
        )
    if lives is None and process.host not in hosts_gone:
        raise ToolError(
            f"the run {run.header.run} was begun on {process.host}, so whether it is dead cannot be seen from here",
            where=stack.name,
            hint=f"resume there; or, if that machine is gone for certain: groundplan resume --env {session.env} "
            f"--stack {stack.architecture} --host-is-gone {process.host}",
        )


def _await_terraform(session: Session, stack: Stack, progress: StackProgress) -> None:
    """A Terraform whose groundplan was killed goes on, and saves its state: let it."""
    told = False
    while running := _processes(stack, "terraform"):
        if session.running.interrupted:
            for pid in running:
                _signal(pid, signal.SIGINT)
        if not told:
            progress.enter("wait")
            progress.watcher.note(
                f"{stack.name}: terraform (process {min(running)}) outlived its groundplan: waiting for it to end well"
            )
            told = True
        time.sleep(0.5)
    deadline = time.monotonic() + _GRACE
    while providers := _processes(stack, "terraform-provider"):
        for pid in providers:
            _signal(pid, signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.2)


def _processes(stack: Stack, name: str) -> list[int]:
    """Terraform's, or its providers', of this stack in this checkout."""
    found = processes_with("TF_DATA_DIR", str(stack.work / "terraform"))
    providers = name == "terraform-provider"
    return [pid for pid, executable in found.items() if executable.startswith("terraform-provider") == providers]


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


@contextmanager
def _lock(
    session: Session, stack: Stack, runs: Sequence[Journal], choices: Choices, progress: StackProgress
) -> Iterator[tuple[HeldLock, str]]:
    """Hold the state; a lock is taken over when the journal of a dead run names it, or its owner is proven dead."""
    lock, there = new_lock(session, stack, "OperationTypeApply"), read_lock(session, stack)
    ours = there is not None and (there.id in {run.header.lock for run in runs} or _is_dead(there, choices.hosts_gone))
    if there is not None and ours:
        take_over(session, stack, there.id, lock)
    with held(session, stack, lock, progress=progress) as hold:
        yield hold, "ours" if ours else "none"


def _is_dead(lock: LockInfo, hosts_gone: Collection[str]) -> bool:
    return lock.owner is not None and (lock.owner.lives() is False or lock.owner.host in hosts_gone)


def _require_same_sources(session: Session, stack: Stack, run: Journal) -> None:
    now, then = sources(stack, session.workspace.functions), run.header.sources
    differing = [name for key, name in SOURCES.items() if now[key] != then.get(key)]
    if differing:
        raise ToolError(
            f"{', '.join(differing)} changed since the run {run.header.run} began; what it made is found by them",
            where=stack.name,
            hint=f"check out commit {run.header.commit or '(unknown)'}"
            f"{' with its uncommitted changes' if run.header.dirty else ''}, resume, and go on from there",
        )


def _push_leftovers(session: Session, stack: Stack, found: Sequence[Leftover]) -> str:
    """A state that Terraform could not store is newer than the bucket's; it goes there first."""
    pushed = ""
    for leftover in found:
        base = read_state(session.target, session.config, stack)
        there = version_of(base)
        if there.lineage not in ("", leftover.version.lineage):
            raise ToolError(
                f"{leftover.shown} is of another lineage than the state in the bucket",
                where=stack.name,
                hint="move it away if it is of a stack that is gone; else see: groundplan state history",
            )
        if leftover.version.serial > there.serial:
            backup_state(session, stack)
            _push_file(session, stack, leftover.content)
            pushed = leftover.shown
        leftover.put_away()
    return pushed


def _push(session: Session, stack: Stack, state: Mapping[str, Any], base: Mapping[str, Any] | None) -> None:
    if base is None and not any(instances(state)):
        return
    if base is not None and _content(state) == _content(base):
        return
    serial = max(int(state["serial"]), version_of(dict(base) if base else None).serial + 1)
    _push_file(session, stack, json.dumps({**state, "serial": serial}, indent=2).encode())


def _content(state: Mapping[str, Any]) -> Any:
    return state.get("resources"), state.get("outputs")


def _push_file(session: Session, stack: Stack, content: bytes) -> None:
    file = stack.work / "push.tfstate"
    try:
        write_private(file, content)
        session.terraform(stack).push_state(file)
    finally:
        file.unlink(missing_ok=True)


def _prove(session: Session, stack: Stack, progress: StackProgress, *, destroying: bool) -> None:
    """State and reality are equal: a plan reads everything again, and finds nothing that differs from the state."""
    progress.enter("prove")
    outcome = session.terraform(stack).plan(None, progress, destroy=destroying)
    moved = sorted({str(e.address) for e in outcome.events if e.kind == "resource_drift" and e.action != "noop"})
    if moved:
        raise ToolError(
            f"after it was recovered the state still differs from reality: {', '.join(moved)}",
            where=stack.name,
            hint="resume again; if it stays, something changes it: groundplan drift",
        )


def _leave_receipt(session: Session, stack: Stack, run: Journal, now: Any, store: Store) -> None:
    """The run could not write its own, or wrote one before all was known."""
    counts = {
        name: sum(step.action == action and step.result == "done" for step in run.steps)
        for name, action in (("add", "create"), ("change", "update"), ("remove", "delete"))
    }
    receipt = receipt_of(
        run.header,
        by=run.header.by,
        whole=run.whole,
        error="" if run.whole else f"the run died; resumed by {session.caller}",
        counts=counts,
        state=now,
        ended=session.clock(),
        resources=tuple(
            ResourceResult(s.address, s.action, "failed" if s.result == "refused" else s.result, s.id, s.seconds)
            for s in run.steps
        ),
    )
    folder = session.workspace.changesets(session.env) / run.header.changeset / stack.architecture
    problem = keep_receipt(receipt, stack, folder if folder.is_dir() else None, store)
    if problem is not None:
        raise ToolError(f"the receipt is not whole: {problem}", where=stack.name, hint="resume again")


def _region_of(session: Session, stack: Stack, alias: str) -> str:
    aliases = session.config.stacks[stack.architecture].aliases
    return aliases[alias].region if alias in aliases else session.config.region


def _in_words(resumed: Resumed) -> str:
    if not resumed.run:
        return "no run died here" if not resumed.state_from else f"state stored from {resumed.state_from}"
    parts = [f"{resumed.complete} done"]
    for count, what in (
        (len(resumed.recovered), "recovered"),
        (len(resumed.adopted), "found"),
        (len(resumed.unsure), "in doubt"),
    ):
        if count:
            parts.append(f"{count} {what}")
    return ", ".join(parts)
