"""How each stack of an apply ended, also where others failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.applying import Applied, apply_changeset, require_receipts
from tooling.changeset.checking import part_of
from tooling.errors import Exit, ToolError, raise_all

if TYPE_CHECKING:
    from tooling.changeset import Changeset
    from tooling.changeset.checking import Checked
    from tooling.changeset.receipts import Receipt
    from tooling.environment.stacks import Stack
    from tooling.session import Ended, Session


@dataclass(frozen=True)
class Ending:
    """How one stack ended.

    Attributes:
        how: ``applied``, ``nothing to do``, ``failed``, ``interrupted``, ``not started``, or ``left out`` for one that
            an earlier run applied.
        said: What was done, or the failure's sentence.
        hint: What to do about it; empty where there is nothing to do.
        seconds: Wall time.
    """

    architecture: str
    how: str
    said: str
    hint: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Endings:
    """How all of them ended.

    Attributes:
        stacks: In the order of the environment, those that were left out last.
        applied: Those that were applied.
        failure: What the run as a whole ends with; None when nothing failed.
    """

    stacks: tuple[Ending, ...]
    applied: tuple[Applied, ...]
    failure: ToolError | None = None

    def with_left_out(self, receipts: Mapping[str, Receipt]) -> Endings:
        """These, and the stacks that were applied by an earlier run."""
        left = (
            Ending(name, "left out", f"applied at {receipt.ended} by {receipt.by}")
            for name, receipt in receipts.items()
        )
        return replace(self, stacks=(*self.stacks, *left))

    def require(self) -> None:
        """Raises what failed, if anything did; else what is wrong with a receipt, if anything is."""
        if self.failure is not None:
            raise self.failure
        require_receipts(self.applied)


def apply_to_the_end(
    session: Session,
    changeset: Changeset,
    folder: Path,
    checked: Checked,
    *,
    then: Callable[[Stack], object] | None = None,
) -> Endings:
    """As :func:`tooling.applying.apply_changeset`, and say of each stack how it ended instead of raising.

    What ``then`` raises fails the run, but not the stack, which is applied by that time.
    """
    afterwards: list[ToolError] = []

    def look(stack: Stack) -> None:
        try:
            if then is not None:
                then(stack)
        except ToolError as error:
            afterwards.append(error)

    failure = None
    try:
        apply_changeset(session, changeset, folder, checked, then=look)
        raise_all(afterwards)
    except ToolError as error:
        failure = error
    endings = tuple(_ending(changeset, one) for one in session.ended)
    return Endings(endings, tuple(one.result for one in session.ended if one.error is None), failure)


def _ending(changeset: Changeset, ended: Ended[Applied]) -> Ending:
    name = ended.stack.architecture
    if ended.error is None:
        applied = ended.result
        counts = applied.counts
        said = (
            f"{counts['add']} added, {counts['change']} changed, {counts['remove']} destroyed "
            f"in {applied.seconds:.0f} s, state serial {applied.serial}"
        )
        idle = not any(part_of(changeset, ended.stack).changes.values())
        return Ending(name, "nothing to do" if idle else "applied", said, seconds=applied.seconds)
    how = "interrupted" if ended.error.exit_code == Exit.INTERRUPTED else "failed"
    return Ending(
        name,
        how if ended.begun else "not started",
        ended.error.what if ended.error.where == ended.stack.name else str(ended.error),
        ended.error.hint or "",
        round(ended.seconds, 1),
    )
