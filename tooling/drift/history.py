"""How groundplan left a stack: what its receipts say, and what moved since in the code and in the state."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from tooling.changeset.folder import read_changeset
from tooling.changeset.inputs import SOURCES
from tooling.changeset.model import ADOPT, REVERT
from tooling.changeset.receipts import Receipt, read_receipt, receipts_prefix
from tooling.changeset.sealing import sources
from tooling.changeset.store import store_of
from tooling.checkout import changed_since
from tooling.drift.model import Applied, CodeMove, StateMove
from tooling.errors import ToolError
from tooling.state import StateVersion, version_of
from tooling.states.content import current
from tooling.states.versions import each_version

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session

# Whoever writes the state more often than this after an apply is beyond what is compared.
_NEWEST_VERSIONS = 30
_NEWEST_RECEIPTS = 100


@dataclass(frozen=True)
class History:
    """What is known of a stack besides its plan.

    Attributes:
        applied: The last whole apply of the whole code; None: there is no receipt of one.
        last: The last run of any kind; None: there is no receipt.
        code: What moved in the code; None: nothing.
        code_known: Whether that can be told at all.
        state: What moved in the state; None: nothing, or there is no receipt.
        adopted: Whether drift was accepted since that apply, which the code may not say yet.
        then: Attributes of every resource as the last run left them in the state, by address; None where the state
            has not moved, or what it was is not to be had.
    """

    applied: Applied | None = None
    last: Applied | None = None
    code: CodeMove | None = None
    code_known: bool = False
    state: StateMove | None = None
    adopted: bool = False
    then: Mapping[str, Mapping[str, Any]] | None = None
    notes: tuple[str, ...] = field(default=())


def history_of(session: Session, stack: Stack, state: Mapping[str, Any] | None) -> History:
    """Read the receipts of a stack, and compare what they say with the code and the state of now.

    Args:
        session: The run.
        stack: Whose.
        state: Its state, as read just now.

    Raises:
        ToolError: The bucket cannot be read. Exit 4: a receipt was edited.
    """
    store = store_of(session.target, session.env, session.config)
    last: Receipt | None = None
    whole: Receipt | None = None
    adoption: Receipt | None = None
    for key in reversed(store.keys(receipts_prefix(stack))[-_NEWEST_RECEIPTS:]):
        receipt = read_receipt(store.get(key), store.place(key))
        last = last or receipt
        if receipt.whole and receipt.kind == ADOPT:
            adoption = adoption or receipt
        if receipt.whole and receipt.kind not in (ADOPT, REVERT):
            whole = receipt
            break
    if last is None:
        return History(notes=("no receipt of an apply: whether code or state moved cannot be told",))
    code, known = _code(session, stack, whole)
    moved, then = _state(session, stack, last, state)
    notes = []
    if not last.whole:
        notes.append(f"the last run ended half way, {last.kind} of changeset {last.changeset}: {last.error}")
    if whole is not None and not known:
        notes.append("what was applied last is not known exactly: whether the code moved cannot be told")
    if adoption is not None:
        told = f"drift was adopted at {adoption.ended} by {adoption.by}"
        notes.append(f"{told}: where the code does not follow, a plan puts back what was before")
    return History(_applied(whole), _applied(last), code, known, moved, adoption is not None, then, tuple(notes))


def _applied(receipt: Receipt | None) -> Applied | None:
    if receipt is None:
        return None
    return Applied(receipt.changeset, receipt.by, receipt.ended, receipt.commit, receipt.error)


def _code(session: Session, stack: Stack, receipt: Receipt | None) -> tuple[CodeMove | None, bool]:
    """What differs from what that receipt's changeset was made from, and whether that is known."""
    if receipt is None:
        return None, False
    workspace = session.workspace
    made_from = (stack.module, stack.root, workspace.functions / stack.architecture)
    folders = [workspace.relative(path) for path in made_from]
    files = () if receipt.dirty else changed_since(workspace.root, receipt.commit, folders)
    then = receipt.sources or _sealed_sources(session, stack, receipt)
    if then:
        now = sources(stack, workspace.functions)
        parts = tuple(words for name, words in SOURCES.items() if now[name] != then.get(name))
        return (CodeMove(parts, files) if parts else None), True
    if receipt.commit and not receipt.dirty:
        return (CodeMove(("files of the stack",), files) if files else None), True
    return None, False


def _sealed_sources(session: Session, stack: Stack, receipt: Receipt) -> dict[str, str]:
    """The same from the changeset itself, if it lies in this checkout."""
    folder = session.workspace.changesets(session.env) / receipt.changeset
    with suppress(ToolError):
        changeset = read_changeset(folder, receipt.changeset)
        part = changeset.part(stack.architecture)
        if part is not None and changeset.seal == receipt.seal:
            return {name: getattr(part, name) for name in SOURCES}
    return {}


def _state(
    session: Session, stack: Stack, last: Receipt, state: Mapping[str, Any] | None
) -> tuple[StateMove | None, Mapping[str, Mapping[str, Any]] | None]:
    now, then = version_of(dict(state) if state else None), StateVersion(last.lineage, last.serial)
    if now == then or last.serial < 0:
        return None, None
    old, written = _state_then(session, stack, then)
    move = StateMove(now.lineage != then.lineage, then.serial, now.serial, written)
    if old is None:
        return move, None
    was = _attributes(old)
    are = _attributes(state)
    return (
        StateMove(
            move.lineage,
            move.then,
            move.now,
            move.written,
            joined=tuple(sorted(are.keys() - was.keys())),
            left=tuple(sorted(was.keys() - are.keys())),
            changed=tuple(sorted(address for address in are.keys() & was.keys() if are[address] != was[address])),
        ),
        was,
    )


def _attributes(state: Mapping[str, Any] | None) -> dict[str, Mapping[str, Any]]:
    return {address: one.body.get("attributes") or {} for address, one in current(state).items()}


def _state_then(session: Session, stack: Stack, then: StateVersion) -> tuple[dict[str, Any] | None, str]:
    """The state as the last run left it, from the bucket's versions; and when the newest of them was written.

    Who may read the state need not be allowed to read its versions: then it is simply not known.
    """
    written = ""
    with suppress(ToolError):
        for version in islice(each_version(session, stack), _NEWEST_VERSIONS):
            written = written or version.written.isoformat(timespec="seconds")
            if StateVersion(version.lineage, version.serial) == then:
                return version.state, written
    return None, written
