"""Sentences that the command line, the Markdown and the page share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tooling.drift.model import CODE, FOLLOWS, REALITY, STATE, UNEXPLAINED

if TYPE_CHECKING:
    from tooling.drift.model import DriftedResource, DriftReport, StackDrift

MEANINGS = {
    REALITY: "somebody changed it in the account",
    STATE: "the state was written by something else than the last run",
    CODE: "the code asks for something else than was applied last",
    FOLLOWS: "it moves with another resource",
    UNEXPLAINED: "a plan would change it, and nothing that a plan is made from has moved",
}
_PLANS = {
    "create": "a plan would make it",
    "update": "a plan would change it",
    "replace": "a plan would make it anew",
    "destroy": "a plan would end it",
    "forget": "a plan would let go of it",
}
_MOST_NAMED = 5


def move_in_words(resource: DriftedResource) -> str:
    """``reality moved; a plan would change it``."""
    movers = " and ".join(one for one in resource.moved if one not in (FOLLOWS, UNEXPLAINED))
    what = f"{movers} moved" if movers else MEANINGS[resource.moved[0]]
    if resource.note:
        what += f" ({resource.note})"
    plan = _PLANS[resource.plan]
    if resource.gone and resource.plan == "create":
        plan = "a plan would make it again"
    return what if resource.moved[0] == UNEXPLAINED else f"{what}; {plan}"


def in_words(stack: StackDrift) -> str:
    """One stack in a line."""
    if not stack.drifted:
        return f"no drift: {stack.checked} resources are as state and code have them"
    counts = ", ".join(f"{mover} {count}" for mover, count in _counts(stack).items() if count)
    differ = "1 resource differs" if len(stack.resources) == 1 else f"{len(stack.resources)} resources differ"
    return f"{differ} ({counts}); the state holds {stack.checked}" if counts else "the state moved, no resource differs"


def _counts(stack: StackDrift) -> dict[str, int]:
    return {mover: sum(mover in one.moved for one in stack.resources) for mover in MEANINGS}


def moved_in_words(stack: StackDrift) -> Iterator[str]:
    """What moved of the state and of the code as a whole."""
    if stack.state is not None:
        move = stack.state
        how = "is another one" if move.lineage else f"moved from serial {move.then} to {move.now}"
        when = f", written last at {move.written}" if move.written else ""
        yield f"the state {how} since the last run{when}: somebody applied or edited it outside of groundplan"
        for verb, addresses in (("joined", move.joined), ("left", move.left), ("changed in", move.changed)):
            if addresses:
                yield f"{verb} the state: {listed(addresses)}"
    if stack.code is not None and any(CODE in one.moved for one in stack.resources):
        files = f": {listed(stack.code.files)}" if stack.code.files else ""
        yield f"the code moved since the last apply, {' and '.join(stack.code.parts)}{files}"


def listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{', '.join(names[:_MOST_NAMED])}{more}"


def summary_of(report: DriftReport) -> str:
    """All stacks in a line."""
    drifting = [stack.name for stack in report.stacks if stack.drifted]
    looked = len(report.stacks)
    checked = sum(stack.checked for stack in report.stacks)
    if drifting:
        found = f"drift in {', '.join(drifting)}"
    elif looked:
        found = f"no drift in {'1 stack' if looked == 1 else f'{looked} stacks'}, {checked} resources"
    else:
        found = "nothing was looked at"
    failed = f"; not looked at: {', '.join(one.name for one in report.failed)}" if report.failed else ""
    return f"{found}{failed}"
