"""Applying a sealed changeset: exactly the plan files that were checked run, and a receipt says what they did."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.changeset.checking import Checked, part_of
from tooling.changeset.receipts import Receipt, Results, keep_receipt
from tooling.changeset.store import store_of
from tooling.errors import Exit, ToolError
from tooling.planning import ensure_initialised
from tooling.progress import StackProgress
from tooling.session import Session, apply_jobs
from tooling.state import StateVersion, read_state, version_of
from tooling.workspace import write_private

if TYPE_CHECKING:
    from collections.abc import Callable

    from tooling.changeset import Changeset
    from tooling.environment.stacks import Stack
    from tooling.terraform.events import Event

_UNKNOWN = StateVersion("", -1)


@dataclass(frozen=True)
class Applied:
    """How one stack ended.

    Attributes:
        counts: Resources added, changed, removed.
        serial: Serial of the state now.
        seconds: Wall time.
        receipt_problem: What went wrong with the receipt; None when it is where it belongs.
    """

    architecture: str
    counts: dict[str, int]
    serial: int
    seconds: float
    receipt_problem: str | None = None


def apply_changeset(
    session: Session,
    changeset: Changeset,
    folder: Path,
    checked: Checked,
    *,
    then: Callable[[Stack], object] | None = None,
) -> tuple[Applied, ...]:
    """Apply the checked plans, all stacks side by side; each leaves its receipt as soon as it ends.

    Args:
        session: Run over the stacks to apply.
        changeset: What was sealed.
        folder: Its folder.
        checked: What ``check_changeset`` gave back.
        then: Done for each stack as soon as it is applied, while others still are. Default: nothing.

    Raises:
        ToolError: A stack failed or was interrupted; the others were finished.
    """

    def work(stack: Stack) -> Applied:
        applied = _apply_stack(session, stack, changeset, folder, checked)
        if then is not None:
            then(stack)
        return applied

    return tuple(session.over_stacks(work, jobs=apply_jobs(len(session.stacks))))


def _apply_stack(session: Session, stack: Stack, changeset: Changeset, folder: Path, checked: Checked) -> Applied:
    part, plan = part_of(changeset, stack), checked.plans[stack.architecture]
    progress = StackProgress(session.progress, stack.name, changeset.kind, total=sum(part.changes.values()))
    results, started = Results(), session.clock()
    counts: dict[str, int] = {}
    error = "ended by a bug"

    def watch(event: Event) -> None:
        results(event)
        progress(event)

    try:
        progress.say()
        counts = _run(session, stack, plan, watch)
        now, error = version_of(read_state(session.target, session.config, stack)), ""
    except ToolError as failure:
        error = str(failure)
        progress.end("interrupted" if failure.exit_code == Exit.INTERRUPTED else "failed", failed=True)
        raise
    finally:
        receipt = Receipt(
            changeset=changeset.id,
            seal=changeset.seal,
            env=stack.env,
            architecture=stack.architecture,
            kind=changeset.kind,
            target=changeset.target,
            account_id=changeset.account_id,
            commit=changeset.commit,
            dirty=changeset.dirty,
            planned_by=changeset.by,
            approved_by=checked.approved_by,
            by=session.caller,
            glass=part.glass,
            whole=not error,
            error=error,
            counts=counts,
            **vars(_state_after(session, stack) if error else now),
            started=started.isoformat(timespec="seconds"),
            ended=session.clock().isoformat(timespec="seconds"),
            resources=results.all(),
        )
        # Whoever is gone would be asked again and again for seconds.
        store = None if session.emulator_lost else store_of(session.target, session.env, session.config)
        problem = keep_receipt(receipt, stack, folder / stack.architecture, store)
        if problem is not None:
            session.progress.note(f"{stack.name}: the receipt is not whole: {problem}")
    added, changed, removed = counts["add"], counts["change"], counts["remove"]
    progress.end(f"{added} added, {changed} changed, {removed} destroyed")
    return Applied(stack.architecture, counts, now.serial, round(progress.seconds, 1), problem)


def _run(session: Session, stack: Stack, plan: bytes, watch: Callable[[Event], None]) -> dict[str, int]:
    """The bytes that were checked are the bytes that run, whatever happens to the file meanwhile."""
    file = stack.work / f"checked-{session.clock():%H%M%S%f}.tfplan"
    try:
        ensure_initialised(session, stack)
        write_private(file, plan)
        outcome = session.terraform(stack).apply(file, watch, lock_timeout=session.lock_timeout)
    finally:
        file.unlink(missing_ok=True)
    summary = outcome.last("change_summary")
    return _counts(summary.body if summary else {})


def _state_after(session: Session, stack: Stack) -> StateVersion:
    """Where a failed apply left the state, if anybody still answers."""
    if session.emulator_lost:
        return _UNKNOWN
    try:
        return version_of(read_state(session.target, session.config, stack))
    except ToolError:
        return _UNKNOWN


def _counts(body: dict[str, Any] | Any) -> dict[str, int]:
    changes = body.get("changes", {})
    return {key: int(changes.get(key, 0)) for key in ("add", "change", "remove")}


def require_receipts(applied: tuple[Applied, ...]) -> None:
    """Say at the end, after the results, that a receipt is missing.

    Raises:
        ToolError: Exit 1.
    """
    if without := [entry for entry in applied if entry.receipt_problem]:
        raise ToolError(
            f"applied, but the receipt of {', '.join(entry.architecture for entry in without)} is not whole: "
            f"{without[0].receipt_problem}",
            hint="keep the one beside the changeset and copy it to the state bucket (docs/changesets.md)",
        )
