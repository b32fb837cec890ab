"""Applying a sealed changeset: exactly the plan files that were checked run, and a receipt says what they did."""

from __future__ import annotations

import secrets
import shlex
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.changeset.checking import Checked, part_of
from tooling.changeset.inputs import ephemeral_now, inputs_of
from tooling.changeset.receipts import Results, keep_receipt, receipt_of
from tooling.changeset.store import store_of
from tooling.errors import Exit, ToolError
from tooling.initialising import ensure_initialised
from tooling.journal import Header, Journaling, close_run, read_journal, require_settled
from tooling.journal.shelf import journal_file, journal_key
from tooling.locking import held, new_lock
from tooling.process import ProcessId, process_birth, this_process
from tooling.progress import StackProgress
from tooling.recovery.settled import Unsettled, unsettled
from tooling.session import Session, apply_jobs
from tooling.state import UNKNOWN, StateVersion, read_state, read_tagged_state, version_of
from tooling.states.backups import backup_state
from tooling.terraform.output import Record
from tooling.workspace import write_private

if TYPE_CHECKING:
    from collections.abc import Callable

    from tooling.changeset import Changeset, SealedStack
    from tooling.changeset.store import Store
    from tooling.environment.stacks import Stack
    from tooling.locking import HeldLock
    from tooling.terraform.events import Event


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
    store = store_of(session.target, session.env, session.config)
    run = f"{session.clock():%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    lock = new_lock(session, stack, "OperationTypeApply", run=run)
    progress.say()
    try:
        ensure_initialised(session, stack)
        with held(session, stack, lock, progress=progress) as hold:
            require_settled(stack, store)
            backup_state(session, stack)
            header = _header(session, stack, changeset, part, checked, run=run, lock=lock.id)
            return _run(session, stack, header, plan, folder / stack.architecture, store, hold, progress)
    except ToolError as failure:
        progress.end("interrupted" if failure.exit_code == Exit.INTERRUPTED else "failed", failed=True)
        raise


def _header(
    session: Session, stack: Stack, changeset: Changeset, part: SealedStack, checked: Checked, *, run: str, lock: str
) -> Header:
    return Header(
        run=run,
        changeset=changeset.id,
        seal=changeset.seal,
        env=stack.env,
        architecture=stack.architecture,
        kind=changeset.kind,
        target=changeset.target,
        account_id=changeset.account_id,
        commit=changeset.commit,
        dirty=changeset.dirty,
        sources=inputs_of(
            changeset, part, ephemeral_now(session.workspace, session.config, stack, session.target.environ)
        ),
        planned_by=changeset.by,
        approved_by=checked.approved_by,
        glass=tuple((one.address, one.reason) for one in part.glass),
        by=session.caller,
        process=this_process(),
        command=shlex.join(["groundplan", *sys.argv[1:]]),
        lock=lock,
        lineage=part.lineage,
        serial=part.serial,
        started=session.clock().isoformat(timespec="seconds"),
    )


def _run(
    session: Session,
    stack: Stack,
    header: Header,
    plan: bytes,
    folder: Path,
    store: Store,
    hold: HeldLock,
    progress: StackProgress,
) -> Applied:
    """Journal, Terraform, receipt, in this order; the journal is closed only when nothing is in doubt."""
    results = Results()
    journal = Journaling(
        journal_file(folder, header.run), header, store, journal_key(stack, header.run), session.progress.note
    )

    def watch(event: Event) -> None:
        journal(event)
        results(event)
        progress(event)

    counts: dict[str, int] = {}
    error, now, tag = "ended by a bug", UNKNOWN, ""
    try:
        counts = _terraform(session, stack, plan, journal, watch)
        state, tag = read_tagged_state(session.target, session.config, stack)
        now, error = version_of(state), ""
    except ToolError as failure:
        error = str(failure)
        raise _with_hint(failure, stack, _settle(session, stack, header.run, journal, hold, store, error)) from failure
    else:
        _settle(session, stack, header.run, journal, hold, store, error)
        if hold.kept:
            # All was done; but whoever comes next is refused until somebody looks.
            way = f"groundplan resume --env {stack.env} --stack {stack.architecture}"
            session.progress.note(f"{stack.name}: applied, but its run could not be closed: {way}")
    finally:
        receipt = receipt_of(
            header,
            by=session.caller,
            whole=not error,
            error=error,
            counts=counts,
            state=_state_after(session, stack) if error else now,
            ended=session.clock(),
            resources=results.all(),
            state_tag=tag,
        )
        # Whoever is gone would be asked again and again for seconds.
        problem = keep_receipt(receipt, stack, folder, None if session.emulator_lost else store)
        if problem is not None:
            session.progress.note(f"{stack.name}: the receipt is not whole: {problem}")
    added, changed, removed = counts["add"], counts["change"], counts["remove"]
    progress.end(f"{added} added, {changed} changed, {removed} destroyed")
    return Applied(stack.architecture, counts, now.serial, round(progress.seconds, 1), problem)


def _terraform(
    session: Session, stack: Stack, plan: bytes, journal: Journaling, watch: Callable[[Event], None]
) -> dict[str, int]:
    """The bytes that were checked are the bytes that run, whatever happens to the file meanwhile."""
    file = stack.work / f"checked-{session.clock():%H%M%S%f}.tfplan"

    def started(pid: int) -> None:
        journal.terraform_started(ProcessId(this_process().host, pid, process_birth(pid) or ""))

    try:
        write_private(file, plan)
        outcome = session.terraform(stack).apply(file, watch, record=Record(journal.path, started))
    finally:
        file.unlink(missing_ok=True)
    summary = outcome.last("change_summary")
    return _counts(summary.body if summary else {})


def _settle(
    session: Session, stack: Stack, run: str, journal: Journaling, hold: HeldLock, store: Store, error: str
) -> Unsettled | None:
    """End the journal, and close the run when its state shows all that it did.

    Returns:
        What is left to find out; None: nobody could ask. The lock stays in both cases.
    """
    journal.end(error, session.clock())
    left = None
    if not session.emulator_lost:
        with suppress(ToolError):
            left = _left(session, stack, journal) if error else Unsettled({}, {})
            if not left:
                close_run(stack, run, store)
                return left
    hold.keep()
    # A run that could not be closed is not over, though nothing of it is in doubt.
    return left or None


def _left(session: Session, stack: Stack, journal: Journaling) -> Unsettled:
    """For a run that failed: Terraform that ends well has stored its state, whatever a full disk kept of its words."""
    read = read_journal(journal.path.read_bytes(), journal.path.name)
    return unsettled(read, read_state(session.target, session.config, stack))


def _with_hint(failure: ToolError, stack: Stack, left: Unsettled | None) -> ToolError:
    """Say what a run that failed leaves to find out, and what finds it out."""
    if left is not None and not left:
        return failure
    known = left.in_words() if left else "the state could not be read afterwards"
    hint = f"nothing is lost: groundplan resume --env {stack.env} --stack {stack.architecture}"
    return ToolError(f"{failure.what} ({known})", where=failure.where, hint=hint, exit_code=failure.exit_code)


def _state_after(session: Session, stack: Stack) -> StateVersion:
    """Where a failed apply left the state, if anybody still answers."""
    if session.emulator_lost:
        return UNKNOWN
    try:
        return version_of(read_state(session.target, session.config, stack))
    except ToolError:
        return UNKNOWN


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
