"""Which of a stack's resources exist already, by what its configuration would make."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.errors import Exit, ToolError
from tooling.importing.ids import can_be_imported, import_id, is_attribute
from tooling.plan.masking import masked
from tooling.plan.summary import summarise
from tooling.recovery.draft import Draft
from tooling.recovery.lookup import Found, Wanted, lookup_of
from tooling.recovery.planned import Planned, planned_creations, refreshed

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.plan.summary import ResourceChange
    from tooling.progress import StackProgress
    from tooling.recovery.scratch import Scratch
    from tooling.session import Session
    from tooling.states.content import Instance


@dataclass(frozen=True)
class Existing:
    """What there is and is in no state.

    Attributes:
        ids: Id for the import, by address.
        missing: Why an address gets none, by address.
        remade: Addresses of what is there and has no import: to make it again moves nothing.
        equal: Addresses of what is as the configuration has it, settings that AWS does not tell left aside.
        entered: Id of each as a state has it, by address.
        state: The state with all of them in it, as the account has them; holds secrets.
        changes: What a plan on that state would still make or change.
    """

    ids: Mapping[str, str]
    missing: Mapping[str, str] = field(default_factory=dict)
    remade: frozenset[str] = frozenset()
    equal: frozenset[str] = frozenset()
    entered: Mapping[str, str] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[ResourceChange, ...] = ()


def find_existing(
    session: Session,
    stack: Stack,
    scratch: Scratch,
    base: Mapping[str, Any] | None,
    progress: StackProgress,
    given: Mapping[str, str],
) -> Existing:
    """Look for everything that a plan would make, what it depends on first.

    An object counts as the stack's when it has the name that was planned, or is part of one that has. Of several that
    fit none is taken.

    Args:
        session: The run.
        stack: Which.
        scratch: A copy of its root, away from its state.
        base: The state as it is; None for none.
        progress: Told how far it is.
        given: Ids by address that the user knows; they are not looked for.

    Raises:
        ToolError: Exit 2: an address that the plan does not make, or that the state has. Else: Terraform failed, or AWS
            does not answer.
    """
    draft = Draft(base, terraform=session.binary.version)
    known = frozenset(draft.current())
    asked: dict[str, str] = {}
    put: set[str] = set()
    progress.enter("look")
    while True:
        scratch.write_state(draft.to_bytes())
        plan = scratch.plan(_ignore)
        draft.refresh(refreshed(plan), put)
        # What the state has already and a plan would replace is not looked for: it is there.
        creations = {address: one for address, one in planned_creations(plan).items() if address not in known}
        _check_given(stack, given, {*creations, *draft.current()}, known)
        entered = False
        for address, planned in creations.items():
            if address in asked or not (planned.complete or address in given):
                continue
            if address in given:
                found, why = _given(planned, given[address]), ""
            else:
                found, why = _look(session, stack, planned, progress)
            asked[address] = why
            if found is not None:
                draft.put(planned, found.id, found.attributes)
                put.add(address)
                entered = True
            progress.step(address)
        if not entered:
            break
    there = {address: one for address, one in draft.current().items() if address not in known}
    remade = frozenset(address for address, one in there.items() if not can_be_imported(str(one.resource["type"])))
    ids = {
        address: given.get(address) or import_id(str(one.resource["type"]), _read(session, stack, one))
        for address, one in there.items()
        if address not in remade
    }
    ids |= given
    missing = {
        address: asked.get(address) or ("it is not there" if address in asked else "it hangs on what is not there")
        for address in creations
        if address not in given and address not in there
    }
    missing |= {address: "it is there, and has no id to import it by" for address, found in ids.items() if not found}
    # In the copy's state such settings stand as the configuration has them.
    changes = summarise(masked(plan)).changes
    return Existing(
        ids={address: ids[address] for address in sorted(ids) if ids[address]},
        missing=missing,
        remade=remade,
        equal=frozenset(there) - {change.address for change in changes},
        entered={address: str((there[address].body["attributes"] or {}).get("id", "")) for address in sorted(there)},
        state=draft.content,
        changes=changes,
    )


def _given(planned: Planned, identifier: str) -> Found | None:
    """What hangs on it can be looked for only where the provider reads it by that very id."""
    return Found(identifier) if is_attribute(planned.type) else None


def _read(session: Session, stack: Stack, one: Instance) -> dict[str, Any]:
    """What the provider read of an object, and where it is."""
    alias = str(one.resource["provider"]).rpartition("]")[2].lstrip(".")
    place = {"account_id": session.config.account_id, "region": _region_of(session, stack, alias)}
    return {**place, **(one.body.get("attributes") or {})}


def _look(session: Session, stack: Stack, planned: Planned, progress: StackProgress) -> tuple[Found | None, str]:
    """The one object that fits, or why there is none."""
    lookup = lookup_of(planned.type)
    if lookup is None:
        return None, f"groundplan does not know how to look for {planned.type}; give its id (--id)"
    region = _region_of(session, stack, planned.alias)
    wanted = Wanted(
        address=planned.address,
        type=planned.type,
        values=planned.values,
        region=region,
        account_id=session.config.account_id,
        client=lambda service, elsewhere=region: session.target.client(service, elsewhere),
    )
    with asking_aws(progress, hint=f"while {planned.address} was looked for; nothing was written"):
        found = tuple(lookup(wanted))
    if len(found) > 1:
        return None, f"several fit: {', '.join(one.id for one in found[:5])}; give the id of one (--id)"
    return (found[0], "") if found else (None, "it is not there")


def _region_of(session: Session, stack: Stack, alias: str) -> str:
    aliases = session.config.stacks[stack.architecture].aliases
    return aliases[alias].region if alias in aliases else session.config.region


def _check_given(stack: Stack, given: Mapping[str, str], planned: set[str], known: Set[str]) -> None:
    for address in sorted(given):
        if address in known:
            raise ToolError(
                f"'{address}' is in the state already",
                where=stack.name,
                hint="leave out its --id",
                exit_code=Exit.USAGE,
            )
        if address not in planned:
            raise ToolError(
                f"'{address}' is nothing that the configuration would make",
                where=stack.name,
                hint=f"see the addresses: groundplan plan --env {stack.env} --stack {stack.architecture}",
                exit_code=Exit.USAGE,
            )


def _ignore(_event: object) -> None:
    """Several plans in a row: how many resources are through says more."""
