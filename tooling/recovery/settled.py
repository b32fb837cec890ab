"""What of a run its state does not show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tooling.journal.model import CREATE, DELETE, DONE, FAILED, REFUSED, UNFINISHED, UPDATE, Journal, Step
from tooling.states.content import current, instances


@dataclass(frozen=True)
class Unsettled:
    """What is left to find out.

    Attributes:
        made: What was made for certain and the state does not hold, by address.
        doubts: What may have been made, by address.
        behind: Addresses of what was changed or deleted, or may have been, and the state shows as it was before. A
            refresh tells.
    """

    made: Mapping[str, Step]
    doubts: Mapping[str, Step]
    behind: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.made or self.doubts or self.behind)

    def in_words(self) -> str:
        counted = (
            (len(self.made), "made and in no state"),
            (len(self.doubts), "in doubt"),
            (len(self.behind), "changed or deleted and not so in the state"),
        )
        return ", ".join(f"{count} {what}" for count, what in counted if count)


def unsettled(journal: Journal, state: Mapping[str, Any] | None) -> Unsettled:
    """Compare a journal with the state that the run left.

    A journal is never behind the state. So an address whose creation did not come to its end, and that the state
    holds all the same, is the object that was to be replaced. One that failed is settled when Terraform kept it as
    tainted.
    """
    there, ended = current(state), (FAILED, REFUSED)
    made = {
        address: step
        for address, step in journal.done(CREATE).items()
        if step.id and (address not in there or there[address].id != step.id)
    }
    doubts = {
        address: step
        for address, step in journal.doubts.items()
        if not (step.result in ended and address in there and there[address].body.get("status") == "tainted")
    }
    # Made for certain, and known by no id: looked for like the rest.
    nameless = journal.done(CREATE).items()
    doubts |= {address: step for address, step in nameless if not step.id and address not in there}
    return Unsettled(made, doubts, tuple(_behind(journal, state)))


def _behind(journal: Journal, state: Mapping[str, Any] | None) -> Iterator[str]:
    there = {(one.address, one.id) for one in instances(state)}
    unsaved = state is not None and (state.get("lineage"), state.get("serial")) == (
        journal.header.lineage,
        journal.header.serial,
    )
    if not unsaved:
        # What was replaced by one of the same name, as a bucket, has the same id: the state shows the new one.
        there -= {(step.address, step.id) for step in journal.steps if (step.action, step.result) == (CREATE, DONE)}
    for step in journal.steps:
        if step.action == UPDATE and (step.result == UNFINISHED or (step.result == DONE and unsaved)):
            yield step.address
        if step.action == DELETE and step.result != REFUSED and (step.address, step.id) in there:
            yield step.address
