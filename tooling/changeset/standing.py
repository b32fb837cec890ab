"""What a changeset has and what it still lacks before it may be applied: told to a person, decided by ``apply``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.changeset.approvals import Approval, approvals_of
from tooling.changeset.checking import expired
from tooling.changeset.conditions import check_conditions, check_tree, notes
from tooling.changeset.receipts import check_not_applied
from tooling.changeset.store import store_of
from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.changeset.model import Changeset
    from tooling.session import Session
    from tooling.workspace import Workspace


@dataclass(frozen=True)
class Standing:
    """See the module's docstring.

    Attributes:
        approvals: Every approval of that very seal.
        missing: What stands in the way, as sentences.
        notes: What else there is to know: what ``env.toml`` asks for, uncommitted files.
        unknown: Why the rest is not known; empty when it is.
    """

    approvals: tuple[Approval, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: str = ""


def ask(workspace: Workspace, changeset: Changeset, folder: Path, *, offline: bool = False) -> Standing:
    """As :func:`standing_of`, for a reader who may have no account at hand: that is said, and no failure."""
    from tooling.session import open_session

    if offline:
        return Standing(unknown="offline")
    try:
        session = open_session(workspace, changeset.env, [part.architecture for part in changeset.stacks])
        return standing_of(session, changeset, folder)
    except ToolError as error:
        return Standing(unknown=str(error))


def standing_of(session: Session, changeset: Changeset, folder: Path) -> Standing:
    """Ask the environment's bucket.

    Args:
        session: Run over the changeset's stacks.
        changeset: Read and found to be as sealed.
        folder: Its folder.

    Raises:
        ToolError: The bucket cannot be read.
    """
    store = store_of(session.target, session.env, session.config)
    approvals = approvals_of(changeset, store)
    missing = tuple(dict.fromkeys(_missing(session, changeset, folder)))
    return Standing(approvals, missing, notes(session, changeset))


def _missing(session: Session, changeset: Changeset, folder: Path) -> Iterator[str]:
    for part in changeset.stacks:
        if not part.gate_passed:
            yield f"{changeset.env}/{part.architecture}: the gate refused it"
    if late := expired(changeset, session.clock()):
        yield late
    yield from conditions_missing(session, changeset, folder)


def conditions_missing(session: Session, changeset: Changeset, folder: Path) -> Iterator[str]:
    """What ``env.toml`` asks for and is not there, and whether somebody applied it already."""
    store = store_of(session.target, session.env, session.config)
    for stack in session.stacks:
        yield from _refusal(partial(check_not_applied, changeset, stack, folder / stack.architecture, store))
    yield from _refusal(partial(check_tree, session, changeset.commit, changeset.dirty))
    yield from _refusal(partial(check_conditions, session, changeset))


def _refusal(check: Callable[[], object]) -> Iterator[str]:
    try:
        check()
    except ToolError as error:
        yield str(error)
