"""The same commit in the environment below first, as that environment's receipts say."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.changeset.model import APPLY
from tooling.changeset.receipts import Receipt, read_receipt, receipts_prefix
from tooling.changeset.store import store_of
from tooling.environment.config import load_environment
from tooling.environment.stacks import make_stack
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tooling.changeset.model import Changeset
    from tooling.environment.stacks import Stack
    from tooling.session import Session

# Whoever promotes what was applied longer ago than this many applies can apply it there once more.
_NEWEST = 100


def check_promoted(
    session: Session, changeset: Changeset, stack: Stack, lower: str, files: Sequence[Path] = ()
) -> Receipt:
    """Find the receipt that says that this commit was applied whole to the same architecture of ``lower``.

    Args:
        session: The run that wants to apply.
        changeset: What it wants to apply.
        stack: The stack it is about.
        lower: The environment below.
        files: Receipts that were fetched from there, where the credentials of this run do not reach its bucket.

    Raises:
        ToolError: Exit 4: there is none, or one that was handed over was edited.
    """
    if not changeset.commit or changeset.dirty:
        what = "was planned from uncommitted files" if changeset.dirty else "was planned outside of git"
        raise _refused(f"{what}, so nothing can have been applied to {lower} before", stack, "commit and plan again")
    config = load_environment(session.workspace, lower)
    unreadable: ToolError | None = None
    try:
        for receipt in chain(_handed_over(files), _stored(session, stack, lower)):
            if _proves(receipt, changeset, stack, lower, config.account_id):
                return receipt
    except ToolError as error:
        if error.exit_code == Exit.REFUSED:
            raise
        unreadable = error
    what = f"commit {changeset.commit[:12]} was not applied to {lower}/{stack.architecture} first"
    if unreadable is not None:
        raise _refused(
            f"{what}, as far as can be seen: {unreadable}",
            stack,
            "hand over its receipt: groundplan apply --receipt FILE (docs/changesets.md)",
        ) from unreadable
    raise _refused(what, stack, f"groundplan plan --env {lower} && groundplan apply --env {lower}, from this commit")


def _proves(receipt: Receipt, changeset: Changeset, stack: Stack, lower: str, account_id: str) -> bool:
    said = (receipt.env, receipt.architecture, receipt.account_id, receipt.target, receipt.commit, receipt.kind)
    wanted = (lower, stack.architecture, account_id, changeset.target, changeset.commit, APPLY)
    return said == wanted and receipt.whole and not receipt.dirty


def _handed_over(files: Sequence[Path]) -> Iterator[Receipt]:
    for file in files:
        yield read_receipt(file.read_bytes(), str(file))


def _stored(session: Session, stack: Stack, lower: str) -> Iterator[Receipt]:
    config = load_environment(session.workspace, lower)
    store = store_of(session.target, lower, config)
    prefix = receipts_prefix(make_stack(session.workspace, lower, config, stack.architecture))
    for key in sorted(store.keys(prefix), reverse=True)[:_NEWEST]:
        yield read_receipt(store.get(key), store.place(key))


def _refused(what: str, stack: Stack, hint: str) -> ToolError:
    return ToolError(what, where=stack.name, hint=hint, exit_code=Exit.REFUSED)
