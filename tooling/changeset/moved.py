"""Whether anything moved that a stack was last applied from: only then another plan could say something new.

What nobody can tell counts as moved. What only the cloud knows is not looked at: that is what a plan is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tooling.changeset.inputs import differences, unknown
from tooling.changeset.model import APPLY, DESTROY

if TYPE_CHECKING:
    from tooling.changeset.inputs import Now
    from tooling.changeset.last_applies import LastApply, Seen
    from tooling.environment.stacks import Stack


def moved(stack: Stack, seen: Seen, now: Now) -> tuple[str, ...]:
    """Why a stack counts as changed since its last whole apply, in words; nothing for one that is unchanged.

    Args:
        stack: Which.
        seen: What the state bucket shows of it.
        now: What it would be planned from.
    """
    if seen.last is None:
        return (seen.doubt or "was never applied, as far as receipts say",)
    if no_base := _no_base(stack, seen.last):
        return (no_base,)
    return (*_beside(seen, seen.last), *_inputs(stack, seen.last, now), *_ended(seen.last, now))


def _no_base(stack: Stack, last: LastApply) -> str:
    """Why there is nothing to compare with; empty when there is."""
    if (last.env, last.architecture) != (stack.env, stack.architecture):
        return "its last receipt is of another stack"
    if not last.whole:
        return f"its last run ({last.kind}, {last.ended}) ended half way"
    if last.kind == DESTROY:
        return f"was destroyed at {last.ended}"
    if last.kind != APPLY:
        return f"its last run ({last.kind}, {last.ended}) was no apply of the whole stack"
    if not last.state_tag or unknown(last.sources):
        return "its last apply left no digests to compare with"
    return ""


def _beside(seen: Seen, last: LastApply) -> Iterator[str]:
    if seen.open_run:
        yield f"the run {seen.open_run} is not over"
    if seen.locked:
        yield "its state is locked"
    if not seen.state_tag:
        yield "its state is gone"
    elif seen.state_tag != last.state_tag:
        yield f"its state was written since the apply of {last.ended}"


def _inputs(stack: Stack, last: LastApply, now: Now) -> Iterator[str]:
    try:
        yield from (f"{what} moved" for what in differences(last.sources, now.inputs(stack)))
    except OSError as error:
        yield f"{str(error.filename).rpartition('/')[2]} cannot be read: {error.strerror}"


def _ended(last: LastApply, now: Now) -> Iterator[str]:
    """What was waived when it was planned, and is a finding again."""
    day = last.changeset[:8]
    planned = f"{day[:4]}-{day[4:6]}-{day[6:]}" if day.isdecimal() else ""
    if over := [day for day in now.last_days if day >= planned]:
        yield f"a waiver may have ended on {over[-1]}"
