"""Holding the lock of a state ourselves, in Terraform's own object and format (docs/adr/0010).

Terraform then runs with ``-lock=false``. Whoever runs plain Terraform meanwhile sees a lock as any other, and we see
Terraform's. Ours says which process of which machine holds it, so that it can be proven dead.
"""

from __future__ import annotations

import getpass
import itertools
import os
import re
import socket
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tooling.bucket_object import BucketObject, state_object
from tooling.errors import Exit, ToolError
from tooling.lock_object import DEAD, RUNS, LockInfo, locked_by, parse_lock, seconds_of
from tooling.process import this_process

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.progress import StackProgress
    from tooling.session import Session

# Seconds between two tries: the first few quickly, for most locks are those of a plan that is about to end.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 4.0
_ENDING = ".tflock"


@dataclass
class HeldLock:
    """A lock while it is ours.

    Attributes:
        lock: What the object says.
        kept: Whether it stays when the work ends.
    """

    lock: LockInfo
    kept: bool = field(default=False, init=False)

    def keep(self) -> None:
        """Leave the lock where it is: what it protects is in doubt."""
        self.kept = True


def new_lock(session: Session, stack: Stack, operation: str, *, run: str = "") -> LockInfo:
    """A lock that this process may take.

    Args:
        session: Of the run.
        stack: Whose state it is about.
        operation: What for, in Terraform's words.
        run: Id of the run of ``apply`` or ``destroy``.
    """
    runs = f", run {run}" if run else ""
    return LockInfo(
        id=str(uuid.uuid4()),
        operation=operation,
        info=f"{_command()} --env {session.env}{runs}, {this_process().to_text()}",
        who=f"{_user()}@{socket.gethostname()}",
        version=session.binary.version,
        created=datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        path=f"{session.config.state.bucket}/{stack.state_key}",
    )


@contextmanager
def held(
    session: Session, stack: Stack, lock: LockInfo, *, progress: StackProgress | None = None
) -> Iterator[HeldLock]:
    """Hold the lock of a state while something is done with it.

    A lock that is already there under this very id (see :func:`take_over`) counts as taken.

    Args:
        session: Its ``lock_timeout`` says how long another's lock is waited for.
        stack: Whose state.
        lock: From :func:`new_lock`.
        progress: Shows that, and for whom, it waits.

    Raises:
        ToolError: Somebody else holds it; the bucket is not there or does not answer. Exit 130: interrupted while
            waiting. Nothing is raised when giving it back fails: what was done is done, so that is only noted.
    """
    place = state_object(session, stack, _ENDING)
    try:
        _take(session, stack, place, lock, progress)
    except KeyboardInterrupt:
        # It may have come just after the lock was written.
        with suppress(ToolError):
            _release(stack, place, lock.id)
        raise
    ours = HeldLock(lock)
    try:
        yield ours
    finally:
        # The emulator took its locks with it.
        if not ours.kept and not session.emulator_lost:
            _give_back(session, stack, place, lock)


def read_lock(session: Session, stack: Stack) -> LockInfo | None:
    """Who holds a state; None when nobody does.

    Raises:
        ToolError: The bucket is not there or does not answer.
    """
    found = _look(state_object(session, stack, _ENDING))
    return found[0] if found else None


def release(session: Session, stack: Stack, lock_id: str) -> bool:
    """Take a lock away.

    Args:
        session: Of the run.
        stack: Whose state.
        lock_id: Which lock; ``""`` for an object that is no lock.

    Returns:
        False if there was none.

    Raises:
        ToolError: Another lock is there; the bucket is not there or does not answer.
    """
    return _release(stack, state_object(session, stack, _ENDING), lock_id)


def take_over(session: Session, stack: Stack, dead_id: str, lock: LockInfo) -> None:
    """Put ``lock`` in the place of one whose owner is dead; nobody can come in between.

    Raises:
        ToolError: Another lock is there by now, or none, or its owner lives.
    """
    place = state_object(session, stack, _ENDING)
    found = _look(place)
    if found is not None and found[0].id == dead_id:
        if found[0].standing == RUNS:
            raise locked_by(stack, found[0])
        if place.write(lock.to_bytes(), instead_of=found[1]):
            return
        found = _look(place)
    if found is not None and found[0].id == lock.id:
        return
    if found is not None:
        raise locked_by(stack, found[0])
    raise ToolError(f"the lock {dead_id} is gone", where=stack.name, hint="somebody else unlocked it: run again")


def _look(place: BucketObject) -> tuple[LockInfo, str] | None:
    """The lock, and the tag of the object that holds it."""
    found = place.read()
    return (parse_lock(found.content), found.tag) if found else None


def _take(session: Session, stack: Stack, place: BucketObject, lock: LockInfo, progress: StackProgress | None) -> None:
    patience = seconds_of(session.lock_timeout)
    ends, pause, told = time.monotonic() + patience, _FIRST_PAUSE, ""
    while not place.write(lock.to_bytes(), instead_of=None):
        found = _look(place)
        if found is None:
            # It went between the two calls; whoever held it may just have ended.
            continue
        other = found[0]
        if other.id == lock.id:
            # Ours: taken over, or written by a call whose answer was lost.
            return
        if time.monotonic() >= ends or other.standing == DEAD:
            raise locked_by(stack, other)
        if other.id != told:
            session.progress.note(f"{stack.name}: waits up to {session.lock_timeout} for the lock of {other.holder}")
            told = other.id
        if progress is not None:
            progress.step(f"waits for the lock of {other.who or 'somebody'}", 0)
        _pause(session, stack, min(pause, max(0.0, ends - time.monotonic())))
        pause = min(2 * pause, _LONGEST_PAUSE)


def _pause(session: Session, stack: Stack, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        if session.running.interrupted:
            raise ToolError("interrupted while waiting for the lock", where=stack.name, exit_code=Exit.INTERRUPTED)
        time.sleep(min(left, 0.1))


def _give_back(session: Session, stack: Stack, place: BucketObject, lock: LockInfo) -> None:
    try:
        if _release(stack, place, lock.id):
            return
        problem = "somebody took it away while this ran; did two runs change the same?"
    except ToolError as error:
        problem = f"it is still there: {error.what}" + (f"; {error.hint}" if error.hint else "")
    session.progress.note(f"{stack.name}: the lock could not be given back: {problem}")


def _release(stack: Stack, place: BucketObject, lock_id: str) -> bool:
    found = _look(place)
    if found is None:
        return False
    if found[0].id != lock_id or not place.delete(tag=found[1]):
        raise ToolError(
            f"the lock is another by now: {found[0].holder}",
            where=stack.name,
            hint=f"see it: groundplan state locks --env {stack.env}",
        )
    return True


def _command() -> str:
    """The verb as it was typed; its options may hold what is nobody's business."""
    words = itertools.takewhile(lambda word: re.fullmatch("[a-z][a-z-]*", word), sys.argv[1:3])
    return " ".join(["groundplan", *words])


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # A container may run as a user that has no name.
        return str(os.getuid())
