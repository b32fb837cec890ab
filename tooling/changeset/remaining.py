"""What of a changeset is left to apply after a run of which some stacks failed, or were not begun."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tooling.changeset.checking import check_files, part_of
from tooling.changeset.receipts import whole_receipt
from tooling.changeset.store import store_of

if TYPE_CHECKING:
    from tooling.changeset.model import Changeset
    from tooling.changeset.receipts import Receipt
    from tooling.session import Session


def leave_out_applied(session: Session, changeset: Changeset, folder: Path) -> dict[str, Receipt]:
    """Take those stacks out of a run that this changeset was applied to whole, while at least one is left.

    The others are checked as ever, and the files of those that are left out are still compared with the seal: a
    changeset that somebody touched is refused as a whole.

    Args:
        session: Run over all stacks of the changeset; loses some.
        changeset: What was sealed.
        folder: Its folder.

    Returns:
        The receipt of each that is left out. None is when all were applied: that is refused, with its sentence, by the
        check of the changeset.

    Raises:
        ToolError: Exit 4: a receipt was edited, or is of another changeset; or a file is not what was sealed.
    """
    store = store_of(session.target, session.env, session.config)
    done: dict[str, Receipt] = {}
    for stack in session.stacks:
        receipt = whole_receipt(changeset, stack, folder / stack.architecture, store)
        if receipt is not None:
            done[stack.architecture] = receipt
    if len(done) == len(session.stacks):
        return {}
    for stack in session.stacks:
        if stack.architecture in done:
            check_files(part_of(changeset, stack), folder / stack.architecture, stack.name)
    session.stacks = tuple(stack for stack in session.stacks if stack.architecture not in done)
    return done
