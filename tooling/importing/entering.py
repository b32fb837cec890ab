"""Entering what exists into the state at once, as ``resume`` does, for what an import block would have replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tooling.changeset.store import store_of
from tooling.errors import Exit, ToolError
from tooling.importing.finding import find_existing
from tooling.importing.model import FILE, Difference, told_without_log
from tooling.initialising import ensure_initialised
from tooling.journal import require_settled
from tooling.lock_object import PUSH
from tooling.locking import held, new_lock
from tooling.progress import StackProgress
from tooling.recovery.scratch import scratch_of
from tooling.recovery.storing import prove, push
from tooling.state import StateVersion, read_state, version_of
from tooling.states.backups import backup_state

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session


@dataclass(frozen=True)
class Entry:
    """What would enter a state.

    Attributes:
        ids: Id of each as a state has it, by address.
        missing: Why an address is not found, by address.
        differences: What a plan would make or change after it.
        version: Of the state that it was put together from.
        state: What would be stored; holds secrets.
    """

    ids: Mapping[str, str]
    missing: Mapping[str, str]
    differences: tuple[Difference, ...]
    version: StateVersion
    state: Mapping[str, Any] = field(repr=False)


def find_entry(session: Session, stack: Stack, *, given: Mapping[str, str] | None = None) -> Entry:
    """Look for what the stack would make and the account has; nothing is written.

    Settings that the provider does not read of what exists are taken from the configuration, as after an apply of it.

    Args:
        session: The run.
        stack: Which.
        given: Ids by address that the user knows. Default: none.

    Raises:
        ToolError: Terraform failed, AWS does not answer. Exit 2: an id of an address that there is not.
    """
    progress = StackProgress(session.progress, stack.name, "init")
    base = read_state(session.target, session.config, stack)
    with scratch_of(session, stack) as scratch, told_without_log(given=bool(given)):
        (scratch.root / FILE).unlink(missing_ok=True)
        found = find_existing(session, stack, scratch, base, progress, given or {})
    progress.end(f"{len(found.entered)} found, {len(found.missing)} not")
    return Entry(
        ids=found.entered,
        missing={**{one: _READ_BY_MORE for one in given or {} if one not in found.entered}, **found.missing},
        differences=tuple(Difference(one.address, one.action, one.attributes) for one in found.changes),
        version=version_of(base),
        state=found.state,
    )


_READ_BY_MORE = "the provider reads it by more than this id: without --enter it can be imported"


def enter(session: Session, stack: Stack, entry: Entry) -> StateVersion:
    """Store it, the state that is there backed up before, and prove that state and account are equal.

    Returns:
        The state's version now.

    Raises:
        ToolError: Somebody holds the lock; a run that died is open; state and account differ afterwards. Exit 4: the
            state was written meanwhile.
    """
    progress = StackProgress(session.progress, stack.name, "enter")
    progress.enter("enter")
    ensure_initialised(session, stack, progress)
    with held(session, stack, new_lock(session, stack, PUSH), progress=progress):
        require_settled(stack, store_of(session.target, session.env, session.config))
        base = read_state(session.target, session.config, stack)
        if version_of(base) != entry.version:
            raise ToolError(
                "the state was written meanwhile; nothing was entered",
                where=stack.name,
                hint="run it again",
                exit_code=Exit.REFUSED,
            )
        backup_state(session, stack)
        push(session, stack, entry.state, base)
        now = version_of(read_state(session.target, session.config, stack))
        prove(session, stack, progress, destroying=False)
    progress.end(f"{len(entry.ids)} entered, state serial {now.serial}")
    return now
