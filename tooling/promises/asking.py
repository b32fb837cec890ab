"""Asking the account about every promise of a stack, several at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tooling.live import FAILED, OK, SKIPPED, WARNED, Finding, failed, live_stack
from tooling.live.finding import look
from tooling.progress import StackProgress
from tooling.promises.known import PROMISES
from tooling.side_by_side import side_by_side

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.live import LiveResource, LiveStack
    from tooling.promises.promise import Promise
    from tooling.session import Session

_WORDS = {OK: "kept", FAILED: "broken", WARNED: "with a warning", SKIPPED: "left out"}


def stack_promises(session: Session, stack: Stack) -> tuple[Finding, ...]:
    """Ask the account about every promise of an applied stack.

    Raises:
        ToolError: Nothing is applied.
    """
    live = live_stack(session, stack)
    progress = StackProgress(session.progress, stack.name, "promises")
    progress.enter("promises")
    found = ask_promises(live)
    told = Counter(one.status for one in found)
    words = (f"{told[status]} {word}" for status, word in _WORDS.items() if told[status])
    progress.end(", ".join(words) or "the stack gives none", failed=bool(told[FAILED]))
    return found


def ask_promises(live: LiveStack, promises: Iterable[Promise] = PROMISES) -> tuple[Finding, ...]:
    """A finding for each promise of each resource, in the order of the promises and then of the addresses."""
    asked = [(promise, resource) for promise in promises for resource in live.of(*promise.types)]
    answers = dict(side_by_side(lambda number: _ask(live, *asked[number]), range(len(asked))))
    return tuple(answers[number] for number in range(len(asked)))


def ask_promise(live: LiveStack, promise: Promise) -> tuple[Finding, ...]:
    """A finding for each resource that gives this promise; empty when none does."""
    return ask_promises(live, (promise,))


def _ask(live: LiveStack, promise: Promise, resource: LiveResource) -> Finding:
    def check() -> Finding:
        with live.asking(resource.address):
            answer = promise.ask(live, resource)
        step = answer.next
        if answer.status == FAILED and not step:
            step = f"see what a plan would do: groundplan plan --env {live.stack.env} --stack {live.stack.architecture}"
        return Finding(promise.says, answer.status, answer.saw, answer.means, step, resource.address)

    found = look(promise.says, check)
    return found if found.address else failed(found.name, found.saw, next=found.next, address=resource.address)
