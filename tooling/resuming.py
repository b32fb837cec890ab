"""After an apply or a destroy died: find out all that it did, and make the state say so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tooling.changeset.inputs import SOURCES
from tooling.changeset.model import DESTROY
from tooling.changeset.sealing import sources
from tooling.changeset.store import store_of
from tooling.errors import ToolError
from tooling.initialising import ensure_initialised
from tooling.journal import Journal, close_run, open_runs
from tooling.progress import StackProgress
from tooling.recovery.dead import await_terraform, locked_over, require_dead
from tooling.recovery.doubts import Inquiry
from tooling.recovery.left_state import leftovers
from tooling.recovery.rebuilding import Rebuilt, rebuild
from tooling.recovery.scratch import scratch_of
from tooling.recovery.storing import leave_receipt, prove, push, push_leftovers
from tooling.session import Session, plan_jobs
from tooling.state import read_state, version_of
from tooling.states.backups import backup_state

if TYPE_CHECKING:
    from tooling.changeset.store import Store
    from tooling.environment.stacks import Stack


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
        run: Id of the run that died, of several the last one; empty when there was none.
        kind: ``apply``, ``destroy`` or ``adopt``; empty when there was none.
        changeset: What it applied.
        by, command, started: Who began it, how and when.
        complete: How many actions had been done.
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
            require_dead(session, stack, run, choices.hosts_gone)
        await_terraform(session, stack, progress)
        # Now that nobody writes to them any more.
        runs = open_runs(stack, store, session.workspace.changesets(session.env))
        ensure_initialised(session, stack, progress)
        with locked_over(session, stack, runs, choices.hosts_gone, progress) as (hold, lock):
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
    state_from = push_leftovers(session, stack, found)
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
            found_out = rebuild(scratch, run, before, inquiry, progress, terraform=session.binary.version)
            rebuilt = found_out.after(rebuilt)
    push(session, stack, rebuilt.state, base)
    now = version_of(read_state(session.target, session.config, stack))
    if not rebuilt.unsure:
        prove(session, stack, progress, destroying=journal.header.kind == DESTROY)
        for run in runs:
            leave_receipt(session, stack, run, now, store)
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
        complete=sum(step.result == "done" for run in runs for step in run.steps),
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
