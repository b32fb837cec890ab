"""Where journals lie: beside the changeset, and for a run that is not over also beside the state in the bucket."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tooling.errors import ToolError
from tooling.journal.model import Journal
from tooling.journal.reading import read_journal

if TYPE_CHECKING:
    from tooling.changeset.store import Store
    from tooling.environment.stacks import Stack

_ENDING = ".jsonl"


def journals_prefix(stack: Stack) -> str:
    """Where the journals of a stack's open runs are in its state bucket."""
    return str(PurePosixPath(stack.state_key).parent / "journals" / stack.architecture) + "/"


def journal_key(stack: Stack, run: str) -> str:
    return f"{journals_prefix(stack)}{run}{_ENDING}"


def journal_file(folder: Path, run: str) -> Path:
    """The journal of a run in its stack's folder of the changeset."""
    return folder / f"run-{run}{_ENDING}"


def open_runs(stack: Stack, store: Store, changesets: Path) -> tuple[Journal, ...]:
    """Every run of a stack that nobody has closed, oldest first.

    Args:
        stack: Whose.
        store: The environment's state bucket.
        changesets: The environment's changesets in this checkout. A journal that lies there as well is read from
            there: it is never behind the copy.

    Raises:
        ToolError: The bucket cannot be read, or a journal is none.
    """
    found = []
    for key in store.keys(journals_prefix(stack)):
        run = key.rpartition("/")[2].removesuffix(_ENDING)
        local = next(changesets.glob(f"*/{stack.architecture}/run-{run}{_ENDING}"), None)
        if local is not None and local.stat().st_size:
            journal = read_journal(local.read_bytes(), str(local))
        else:
            journal = read_journal(store.get(key), store.place(key))
        if (journal.header.env, journal.header.architecture) != (stack.env, stack.architecture):
            raise ToolError("the journal is of another stack", where=store.place(key))
        found.append(journal)
    return tuple(found)


def require_settled(stack: Stack, store: Store) -> None:
    """Refuse to go on after a run that died: what it made would be made twice. Ask while holding the lock.

    Raises:
        ToolError: Exit 1: such a run is there.
    """
    for run in runs_open(stack, store):
        raise died(stack, run)


def runs_open(stack: Stack, store: Store) -> tuple[str, ...]:
    """Ids of the runs of a stack that nobody has closed, oldest first."""
    return tuple(key.rpartition("/")[2].removesuffix(_ENDING) for key in store.keys(journals_prefix(stack)))


def died(stack: Stack, run: str) -> ToolError:
    return ToolError(
        f"the run {run} ended without anybody knowing all that it did",
        where=stack.name,
        hint=f"find out and go on: groundplan resume --env {stack.env} --stack {stack.architecture}",
    )


def close_run(stack: Stack, run: str, store: Store) -> None:
    """Nothing of the run is in doubt any more.

    Raises:
        ToolError: The bucket refuses.
    """
    store.delete(journal_key(stack, run))
