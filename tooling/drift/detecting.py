"""Looking for drift: one plan with refresh a stack, all stacks side by side. Changes nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tooling.changeset.store import store_of
from tooling.drift.comparing import drifted, gone_and_unwanted
from tooling.drift.history import history_of
from tooling.drift.model import REALITY, DriftReport, Failed, StackDrift
from tooling.drift.trail import Trail
from tooling.errors import Exit, Failures, ToolError
from tooling.initialising import ensure_initialised
from tooling.lock_object import PLAN
from tooling.locking import held, new_lock
from tooling.plan.sources import declared
from tooling.plan.summary import summarise
from tooling.progress import StackProgress
from tooling.session import plan_jobs
from tooling.state import read_state

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tooling.drift.history import History
    from tooling.environment.stacks import Stack
    from tooling.session import Session


@dataclass(frozen=True)
class Look:
    """What became of looking.

    Attributes:
        report: What was found, and which stacks could not be looked at.
        plans: The plan of each architecture that was looked at, with its secrets: keep it in memory.
        failure: What went wrong with the others; None: nothing.
    """

    report: DriftReport
    plans: Mapping[str, Mapping[str, Any]]
    failure: ToolError | None

    def require_all(self) -> None:
        """Raises ToolError if any stack could not be looked at."""
        if self.failure is not None:
            raise self.failure


def look(session: Session, *, trail: Trail | None = None) -> Look:
    """Compare code, state and account of every stack of the session; one that fails does not hide the others.

    Args:
        session: Which stacks.
        trail: Who did what. Default: CloudTrail.

    Raises:
        ToolError: Interrupted, or the emulator is gone: then nothing that was found says anything.
    """
    asked = trail or Trail(session.target, session.clock)
    plans: dict[str, Mapping[str, Any]] = {}

    def work(stack: Stack) -> StackDrift:
        progress = StackProgress(session.progress, stack.name, "init")
        try:
            found, plans[stack.architecture] = _look_at(session, stack, asked, progress)
        except ToolError:
            progress.end("failed", failed=True)
            raise
        progress.end(_in_words(found), failed=found.drifted)
        return found

    failure = None
    try:
        session.over_stacks(work, jobs=plan_jobs(len(session.stacks)))
    except ToolError as error:
        if error.exit_code == Exit.INTERRUPTED or session.emulator_lost:
            raise
        failure = error
    config = session.config
    report = DriftReport(
        env=session.env,
        account=f"account {config.account_id}, {config.region}, on {session.target.name}",
        looked=session.clock().isoformat(timespec="seconds"),
        stacks=tuple(one.result for one in session.ended if one.error is None),
        failed=tuple(_failed(one.stack.name, one.error) for one in session.ended if one.error is not None),
    )
    return Look(report, plans, failure)


def _failed(name: str, error: ToolError) -> Failed:
    first = error.errors[0] if isinstance(error, Failures) else error
    where = f"{first.where}: " if first.where and first.where != name else ""
    return Failed(name, f"{where}{first.what}", first.hint or "")


def _look_at(
    session: Session, stack: Stack, trail: Trail, progress: StackProgress
) -> tuple[StackDrift, Mapping[str, Any]]:
    ensure_initialised(session, stack, progress)
    progress.enter("plan")
    terraform = session.terraform(stack)
    file = stack.work / f"drift-{session.clock():%H%M%S%f}.tfplan"
    try:
        with held(session, stack, new_lock(session, stack, PLAN), progress=progress):
            state = read_state(session.target, session.config, stack)
            if state is None or not state["resources"]:
                hint = f"apply it: make apply ENV={stack.env}"
                raise ToolError("nothing is applied here", where=stack.name, hint=hint)
            terraform.plan(file, progress)
        content = terraform.show(file)
    finally:
        file.unlink(missing_ok=True)
    progress.enter("compare")
    history = history_of(session, stack, state)
    resources = drifted(content, history, declared(stack.module, stack.root))
    run = history.applied or history.last
    since = run.ended if run else ""
    deeds, told = trail.of([one for one in resources if REALITY in one.moved], since)
    found = StackDrift(
        env=stack.env,
        architecture=stack.architecture,
        resources=tuple(replace(one, deeds=deeds.get(one.address, ())) for one in resources),
        checked=sum(len(one["instances"]) for one in state["resources"] if one["mode"] == "managed"),
        applied=history.applied,
        code=history.code,
        state=history.state,
        outputs=summarise(content).outputs,
        notes=(*_open_runs(session, stack), *history.notes, *_told(content, history, bool(resources)), *told),
        seconds=round(progress.seconds, 1),
    )
    return found, content


def _told(content: Mapping[str, Any], history: History, changes: bool) -> list[str]:
    notes = [
        f"{address} is gone, and the code does not want it either: the next apply takes it out of the state"
        for address in gone_and_unwanted(content)
    ]
    if history.code is not None and not changes:
        notes.append(f"{' and '.join(history.code.parts)} changed since the last apply, which changes no resource")
    return notes


def _open_runs(session: Session, stack: Stack) -> list[str]:
    """A run that died, or that goes on, is told: what it was making may look like drift."""
    store = store_of(session.target, session.env, session.config)
    prefix = str(PurePosixPath(stack.state_key).parent / "journals" / stack.architecture) + "/"
    notes = []
    with suppress(ToolError):
        for key in store.keys(prefix):
            run = key.removeprefix(prefix).removesuffix(".jsonl")
            command = f"groundplan resume --env {stack.env} --stack {stack.architecture}"
            notes.append(f"the run {run} has not ended; if it died: {command}")
    return notes


def _in_words(found: StackDrift) -> str:
    if not found.drifted:
        return f"no drift in {found.checked} resources"
    return f"{len(found.resources)} of {found.checked} resources drifted" + ("; the state moved" if found.state else "")
