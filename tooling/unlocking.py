"""Breaking the lock of a run that is dead: only as far as its death can be proven, or somebody vouches for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.changeset.store import store_of
from tooling.errors import ToolError
from tooling.journal.shelf import open_runs
from tooling.lock_object import ELSEWHERE, RUNS, UNKNOWN
from tooling.locking import read_lock, release

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.lock_object import LockInfo
    from tooling.session import Session


def breakable(session: Session, stack: Stack, lock_id: str, *, force: bool, host_is_gone: str) -> LockInfo | None:
    """The lock that may be broken; None when nobody holds the state.

    Args:
        session: Of the run.
        stack: Whose state.
        lock_id: The lock that is meant; ``""`` for whichever is there.
        force: Whether somebody vouches that the run behind it is dead.
        host_is_gone: The machine that somebody vouches is no more; ``""`` for none.

    Raises:
        ToolError: Its owner runs, may run, or left a journal that says what to finish first; or it is another lock.
    """
    lock = read_lock(session, stack)
    if lock is None:
        return None
    if lock_id and lock.id != lock_id:
        raise ToolError(f"another lock is there by now: {lock.holder}", where=stack.name, hint=_see(stack))
    if lock.standing == RUNS:
        raise ToolError(
            f"its owner still runs: {lock.info}",
            where=stack.name,
            hint="wait for it, or end that process first (Ctrl-C there: it saves its state and unlocks)",
        )
    if lock.standing == ELSEWHERE and lock.owner is not None and lock.owner.host != host_is_gone:
        raise ToolError(
            f"the lock is of another machine: {lock.info}",
            where=stack.name,
            hint=f"unlock it there; if that machine is gone for certain: --host-is-gone {lock.owner.host}",
        )
    if lock.standing == UNKNOWN and not force:
        raise ToolError(
            f"the lock names no process that could be proven dead: {lock.holder}",
            where=stack.name,
            hint="ask whoever that is; if that run is dead for certain: --force",
        )
    _heed_journal(session, stack, lock, force=force)
    return lock


def break_lock(session: Session, stack: Stack, lock: LockInfo) -> bool:
    """Take that lock away, and no other.

    Returns:
        False if it was gone already.

    Raises:
        ToolError: Another is there by now.
    """
    return release(session, stack, lock.id)


def _heed_journal(session: Session, stack: Stack, lock: LockInfo, *, force: bool) -> None:
    """Terraform outlives groundplan; and what it did may be in no state yet."""
    if not lock.run:
        return
    changesets = session.workspace.changesets(session.env)
    for journal in open_runs(stack, store_of(session.target, session.env, session.config), changesets):
        if journal.header.lock != lock.id:
            continue
        if journal.terraform is not None and journal.terraform.lives():
            raise ToolError(
                f"groundplan is dead, but its Terraform still works: {journal.terraform.to_text()}",
                where=stack.name,
                hint=f"wait for it, then: {_resume(stack)}",
            )
        if not force:
            raise ToolError(
                "the run that took the lock left a journal of what it made",
                where=stack.name,
                hint=f"finish it, which unlocks as well: {_resume(stack)}; to unlock only: --force",
            )


def _resume(stack: Stack) -> str:
    return f"groundplan resume --env {stack.env} --stack {stack.architecture}"


def _see(stack: Stack) -> str:
    return f"see it: groundplan state locks --env {stack.env} --stack {stack.architecture}"
