"""Applying a sealed changeset: every part is checked again, then exactly those plan files run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling import digest
from tooling.changeset import Changeset, SealedStack, check_stack
from tooling.errors import Exit, ToolError
from tooling.planning import ensure_initialised
from tooling.progress import StackProgress
from tooling.session import Session, apply_jobs
from tooling.state import StateVersion, read_state, version_of
from tooling.workspace import write_private

if TYPE_CHECKING:
    from collections.abc import Callable

    from tooling.environment.stacks import Stack


@dataclass(frozen=True)
class Applied:
    """How one stack ended.

    Attributes:
        counts: Resources added, changed, removed.
        serial: Serial of the state now.
        seconds: Wall time.
    """

    architecture: str
    counts: dict[str, int]
    serial: int
    seconds: float


def check_changeset(session: Session, changeset: Changeset, folder: Path) -> dict[str, bytes]:
    """Compare every part with the seal, and the state with the one that was planned against.

    Returns:
        The plan of each architecture, as reviewed.

    Raises:
        ToolError: Exit 4: something moved. Nothing was touched.
    """
    where = f"envs/{session.env}/env.toml"
    if changeset.env != session.env:
        raise ToolError(
            f"the changeset is of environment '{changeset.env}', not '{session.env}'", exit_code=Exit.REFUSED
        )
    if changeset.target != session.target.name:
        raise ToolError(
            f"the changeset was planned on {changeset.target}, this run is on {session.target.name}",
            where=where,
            hint="plan again",
            exit_code=Exit.REFUSED,
        )
    if digest.of_file(session.workspace.envs / session.env / "env.toml") != changeset.settings:
        raise ToolError("changed after the plan was sealed", where=where, hint="plan again", exit_code=Exit.REFUSED)
    plans = {}
    for stack in session.stacks:
        part = _part(changeset, stack)
        plans[stack.architecture] = check_stack(part, stack, folder / stack.architecture)
        _check_state(session, stack, part)
    return plans


def _part(changeset: Changeset, stack: Stack) -> SealedStack:
    for part in changeset.stacks:
        if part.architecture == stack.architecture:
            return part
    raise ToolError(
        f"the changeset does not cover this stack (it covers {', '.join(p.architecture for p in changeset.stacks)})",
        where=stack.name,
        hint=f"plan it: groundplan plan --env {stack.env} --stack {stack.architecture}",
        exit_code=Exit.REFUSED,
    )


def _check_state(session: Session, stack: Stack, part: SealedStack) -> None:
    now = version_of(read_state(session.target, session.config, stack))
    then = StateVersion(part.lineage, part.serial)
    if now != then:
        raise ToolError(
            f"the state moved from serial {then.serial} to {now.serial} after the plan was sealed"
            if now.lineage == then.lineage
            else "the state is another one than the plan was made against",
            where=stack.name,
            hint=f"nothing was applied; plan again: groundplan plan --env {stack.env}",
            exit_code=Exit.REFUSED,
        )


def apply_changeset(
    session: Session,
    changeset: Changeset,
    folder: Path,
    plans: dict[str, bytes],
    *,
    then: Callable[[Stack], object] | None = None,
) -> tuple[Applied, ...]:
    """Apply the checked plans, all stacks side by side, and write the receipt beside the changeset.

    Args:
        session: Run over the stacks to apply.
        changeset: What was sealed.
        folder: Its folder.
        plans: What :func:`check_changeset` gave back.
        then: Done for each stack as soon as it is applied, while others still are. Default: nothing.

    Raises:
        ToolError: A stack failed or was interrupted; the others were finished and are in the receipt.
    """
    done: list[Applied] = []
    failed: dict[str, str] = {}

    def work(stack: Stack) -> Applied:
        try:
            part, plan = _part(changeset, stack), plans[stack.architecture]
            applied = _apply_stack(session, stack, part, plan, changeset.kind)
        except ToolError as error:
            failed[stack.architecture] = str(error)
            raise
        done.append(applied)
        if then is not None:
            then(stack)
        return applied

    started = datetime.now(UTC)
    try:
        return tuple(session.over_stacks(work, jobs=apply_jobs(len(session.stacks))))
    finally:
        receipt: dict[str, Any] = {
            "changeset": changeset.id,
            "seal": changeset.seal,
            "kind": changeset.kind,
            "by": session.caller,
            "started": started.isoformat(timespec="seconds"),
            "ended": datetime.now(UTC).isoformat(timespec="seconds"),
            "applied": [asdict(entry) for entry in done],
            "failed": failed,
        }
        write_private(folder / f"receipt-{started:%Y%m%dT%H%M%SZ}.json", json.dumps(receipt, indent=2) + "\n")


def _apply_stack(session: Session, stack: Stack, part: SealedStack, plan: bytes, kind: str) -> Applied:
    progress = StackProgress(session.progress, stack.name, kind, total=sum(part.changes.values()))
    # The bytes that were checked are the bytes that run, whatever happens to the file meanwhile.
    checked = stack.work / f"checked-{part.plan[:12]}.tfplan"
    try:
        progress.say()
        ensure_initialised(session, stack)
        write_private(checked, plan)
        outcome = session.terraform(stack).apply(checked, progress, lock_timeout=session.lock_timeout)
        summary = outcome.last("change_summary")
        counts = {key: int(value) for key, value in _counts(summary.body if summary else {}).items()}
        serial = version_of(read_state(session.target, session.config, stack)).serial
    except ToolError as error:
        progress.end("interrupted" if error.exit_code == Exit.INTERRUPTED else "failed", failed=True)
        raise
    finally:
        checked.unlink(missing_ok=True)
    added, changed, removed = counts["add"], counts["change"], counts["remove"]
    progress.end(f"{added} added, {changed} changed, {removed} destroyed")
    return Applied(stack.architecture, counts, serial, round(progress.seconds, 1))


def _counts(body: dict[str, Any] | Any) -> dict[str, Any]:
    changes = body.get("changes", {})
    return {key: changes.get(key, 0) for key in ("add", "change", "remove")}
