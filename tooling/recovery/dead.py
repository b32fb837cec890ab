"""Whether a run is dead, its processes gone, and its lock to be taken over."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tooling.errors import ToolError
from tooling.journal import Journal
from tooling.locking import held, new_lock, read_lock, take_over
from tooling.process import processes_with
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.lock_object import LockInfo
    from tooling.locking import HeldLock
    from tooling.session import Session

# Seconds that a provider without its Terraform has for ending by itself.
_GRACE = 5.0


def require_dead(session: Session, stack: Stack, run: Journal, hosts_gone: Collection[str]) -> None:
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


def await_terraform(session: Session, stack: Stack, progress: StackProgress) -> None:
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
def locked_over(
    session: Session, stack: Stack, runs: Sequence[Journal], hosts_gone: Collection[str], progress: StackProgress
) -> Iterator[tuple[HeldLock, str]]:
    """Hold the state; a lock is taken over when the journal of a dead run names it, or its owner is proven dead."""
    lock, there = new_lock(session, stack, "OperationTypeApply"), read_lock(session, stack)
    ours = there is not None and (there.id in {run.header.lock for run in runs} or _is_dead(there, hosts_gone))
    if there is not None and ours:
        take_over(session, stack, there.id, lock)
    with held(session, stack, lock, progress=progress) as hold:
        yield hold, "ours" if ours else "none"


def _is_dead(lock: LockInfo, hosts_gone: Collection[str]) -> bool:
    return lock.owner is not None and (lock.owner.lives() is False or lock.owner.host in hosts_gone)
