"""Putting a state together again from a journal: ids from the journal, the rest from a plan and from AWS.

A killed Terraform leaves resources that are in no state. Their ids are in the journal. What else the provider needs to
read one is what was planned of it, and that is known as soon as what it depends on is in the state. So: plan, enter
every resource whose planned values are complete, plan again. Each plan refreshes, so the last one says what AWS says of
all of them; what it does not find is gone. (A refresh by itself cannot be had: Terraform then evaluates the outputs of
what is not there, and fails.) All of it happens on a scratch copy (:mod:`tooling.recovery.scratch`); Terraform and the
provider do the reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tooling.changeset.model import DESTROY
from tooling.errors import ToolError
from tooling.journal.model import DELETE, REFUSED, Journal, Step
from tooling.recovery.doubts import Inquiry, Proof
from tooling.recovery.draft import Draft
from tooling.recovery.planned import Planned, planned_creations, refreshed
from tooling.recovery.settled import Unsettled, unsettled
from tooling.terraform.failures import Unreadable

if TYPE_CHECKING:
    from tooling.progress import StackProgress
    from tooling.recovery.scratch import Scratch


@dataclass(frozen=True)
class Rebuilt:
    """What came out.

    Attributes:
        state: The state as it should be in the bucket.
        recovered: Addresses that were made for certain and are in the state again.
        gone: Addresses that were made, and that AWS does not know any more.
        adopted: Addresses that were in doubt and are found to be there: they are in the state now.
        not_made: Addresses that were in doubt and made nothing.
        unsure: Addresses of what exists and cannot be proven to be of this run, with the reason.
    """

    state: Mapping[str, Any]
    recovered: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()
    not_made: tuple[str, ...] = ()
    unsure: Mapping[str, str] = field(default_factory=dict)

    def after(self, earlier: Rebuilt) -> Rebuilt:
        """The same, and what an earlier run of the stack left, which was put together before."""
        known = {*self.recovered, *self.adopted}
        return Rebuilt(
            self.state,
            recovered=_joined(earlier.recovered, self.recovered),
            gone=_joined(earlier.gone, self.gone),
            adopted=_joined(earlier.adopted, self.adopted),
            not_made=_joined(earlier.not_made, self.not_made),
            unsure={**{key: why for key, why in earlier.unsure.items() if key not in known}, **self.unsure},
        )


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*first, *second]))


def rebuild(
    scratch: Scratch,
    journal: Journal,
    base: Mapping[str, Any] | None,
    inquiry: Inquiry,
    progress: StackProgress,
    *,
    terraform: str,
) -> Rebuilt:
    """Make the state of a run that died whole.

    Args:
        scratch: A copy of the root to do it on.
        journal: What the run did.
        base: The state that it left in the bucket.
        inquiry: Looks for what is in doubt.
        progress: Told how far it is.
        terraform: Its version.

    Raises:
        ToolError: Terraform failed, or the configuration does not plan what the journal says was made.
    """
    open_ends, draft = unsettled(journal, base), Draft(base, lineage=journal.header.lineage, terraform=terraform)
    _make_room(draft, journal, open_ends)
    _forget_deleted(draft, journal, open_ends)
    made, doubts = dict(open_ends.made), dict(open_ends.doubts)
    proofs: dict[str, Proof] = {}
    entered: dict[str, Planned] = {}
    looked_for: set[str] = set()
    destroying = journal.header.kind == DESTROY
    progress.enter("recover", len(made) + len(doubts))
    while True:
        plan = _plan(scratch, draft, journal, inquiry, destroying=destroying)
        unread = [one for one in entered.keys() & open_ends.made.keys() - looked_for if one not in refreshed(plan)]
        looked_for.update(unread)
        if _told_more(draft, inquiry, [(entered[address], open_ends.made[address]) for address in unread]):
            continue
        ready = [one for one in planned_creations(plan).values() if _ready(one, made, doubts)]
        if not ready:
            break
        for one in ready:
            if one.address in made:
                draft.put(one, made.pop(one.address).id)
                entered[one.address] = one
            else:
                step = doubts.pop(one.address)
                others = {known.id for known in draft.current().values() if known.resource["type"] == one.type}
                others |= {known.id for known in made.values()}
                here = draft.current().get(one.address)
                proof = proofs[one.address] = inquiry.look(one, step, here.id if here else "", others)
                if proof.found is not None:
                    draft.depose(one.address)
                    draft.put(one, proof.found.id, proof.found.attributes)
                    entered[one.address] = one
            progress.step(one.address)
    if made:
        raise _not_planned(scratch, made)
    unplanned = "the configuration as it is now does not make it, so nobody knows what to look for"
    # What the state holds and no plan replaces is not in doubt: the journal was cut short, as by a full disk.
    proofs |= {
        address: Proof(None, "" if step.result == REFUSED else unplanned)
        for address, step in doubts.items()
        if address not in draft.current()
    }
    draft.refresh(refreshed(plan), entered)
    proofs = _settle(draft, inquiry, proofs, entered, open_ends.doubts)
    there = draft.current()
    return Rebuilt(
        state=draft.content,
        recovered=tuple(address for address in open_ends.made if address in there),
        gone=tuple(address for address in open_ends.made if address not in there),
        adopted=tuple(address for address in proofs if address in there and proofs[address].found),
        not_made=tuple(address for address, proof in proofs.items() if address not in there and not proof.unsure),
        unsure={address: proof.unsure for address, proof in proofs.items() if proof.unsure},
    )


def _ready(planned: Planned, made: Mapping[str, Step], doubts: Mapping[str, Step]) -> bool:
    """Whether all that the resource depends on is in the state already.

    Certain when all that the configuration sets is known. What it sets to null stays unknown for ever, as AWS fills it
    in. Then time tells: Terraform begins a resource after all that it depends on has ended, so one that began before
    the first of those that are still to be entered had ended depends on none of them.
    """
    step = made.get(planned.address) or doubts.get(planned.address)
    if step is None:
        return False
    first_end = min((one.ended for one in made.values()), default="")
    return planned.complete or not first_end or (bool(step.began) and step.began < first_end)


def _make_room(draft: Draft, journal: Journal, open_ends: Unsettled) -> None:
    """What is still in the state under the address of something new was replaced: it is deleted, or about to be."""
    there, deleted = draft.current(), journal.done(DELETE)
    for address in [*open_ends.made, *open_ends.doubts]:
        if address in there and address in deleted and deleted[address].id in ("", there[address].id):
            draft.drop(address)
        elif address in there and address in open_ends.made:
            draft.depose(address)


def _forget_deleted(draft: Draft, journal: Journal, open_ends: Unsettled) -> None:
    """What was deleted for certain is not read again: the provider cannot tell of every type that it is gone.

    As of aws_ce_anomaly_subscription: it waits for UnknownMonitorException where AWS says UnknownSubscriptionException.
    """
    there, deleted = draft.current(), journal.done(DELETE)
    for address in open_ends.behind:
        if address in there and address in deleted and deleted[address].id == there[address].id:
            draft.drop(address)


def _plan(scratch: Scratch, draft: Draft, journal: Journal, inquiry: Inquiry, *, destroying: bool) -> dict[str, Any]:
    """Plan on the draft; what cannot be read since its deletion was under way is looked up instead."""
    leaving = {step.address for step in journal.steps if step.action == DELETE and step.result != REFUSED}
    while True:
        scratch.write_state(draft.to_bytes())
        try:
            return scratch.plan(_ignore, destroy=destroying)
        except Unreadable as error:
            there = draft.current()
            unread = [there[address] for address in error.addresses if address in leaving and address in there]
            gone = [one for one in unread if inquiry.gone(one)]
            if not gone:
                raise
            for one in gone:
                draft.drop(one.address)


def _told_more(draft: Draft, inquiry: Inquiry, unread: Iterable[tuple[Planned, Step]]) -> bool:
    """What was made and is not found by its id: add what else the provider reads it by, which AWS tells.

    As of aws_ecs_task_definition, whose id is its family, and which is read by its ARN.
    """
    told = False
    for planned, step in unread:
        found = inquiry.look(planned, step).found
        if found is not None and found.id == step.id and found.attributes:
            draft.drop(planned.address)
            draft.put(planned, step.id, found.attributes)
            told = True
    return told


def _settle(
    draft: Draft,
    inquiry: Inquiry,
    proofs: Mapping[str, Proof],
    entered: Mapping[str, Planned],
    doubts: Mapping[str, Step],
) -> dict[str, Proof]:
    """What only the refresh could tell: whether a derived id is there, and whose it is."""
    settled, there = dict(proofs), draft.current()
    for address, proof in proofs.items():
        if proof.found is None or proof.found.there:
            continue
        if address not in there:
            settled[address] = Proof(None)
            continue
        attributes = there[address].body.get("attributes") or {}
        settled[address] = inquiry.judge_read(entered[address], doubts[address], proof.found, attributes)
        if settled[address].unsure:
            draft.drop(address)
    return settled


def _not_planned(scratch: Scratch, made: Mapping[str, Step]) -> ToolError:
    address, step = next(iter(made.items()))
    others = f" (and {len(made) - 1} more)" if len(made) > 1 else ""
    return ToolError(
        f"{address} was made as {step.id}{others}, and the configuration as it is now does not make it",
        where=scratch.terraform.stack,
        hint="check out the commit that the run applied, with the same values, and resume again",
    )


def _ignore(_event: object) -> None:
    """Several plans in a row: how many resources are through says more."""
