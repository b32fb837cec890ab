"""Which of a stack's resources exist already, by what its configuration would make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tooling.errors import Exit, ToolError
from tooling.importing.ids import import_id, is_attribute
from tooling.recovery.draft import Draft
from tooling.recovery.lookup import Found, Wanted, lookup_of
from tooling.recovery.planned import Planned, planned_creations, refreshed

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.progress import StackProgress
    from tooling.recovery.scratch import Scratch
    from tooling.session import Session


@dataclass(frozen=True)
class Existing:
    """What there is and is in no state.

    Attributes:
        ids: Id for the import, by address.
        missing: Why an address gets none, by address.
    """

    ids: Mapping[str, str]
    missing: Mapping[str, str] = field(default_factory=dict)


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
        ToolError: Exit 2: an address that the plan does not make. Else: Terraform failed, or AWS does not answer.
    """
    draft = Draft(base, terraform=session.binary.version)
    asked: dict[str, str] = {}
    progress.enter("look")
    while True:
        scratch.write_state(draft.to_bytes())
        plan = scratch.plan(_ignore)
        draft.refresh(refreshed(plan))
        creations = planned_creations(plan)
        _check_given(stack, given, {*creations, *draft.current()})
        entered = False
        for address, planned in creations.items():
            if address in asked or not (planned.complete or address in given):
                continue
            found, why = _given(planned, given[address]) if address in given else _look(session, stack, planned)
            asked[address] = why
            if found is not None:
                draft.put(planned, found.id, found.attributes)
                entered = True
            progress.step(address)
        if not entered:
            break
    known = {*((base and Draft(base, terraform="").current()) or {})}
    there = {address: one for address, one in draft.current().items() if address not in known}
    ids = {
        address: given.get(address) or import_id(str(one.resource["type"]), one.body.get("attributes") or {})
        for address, one in there.items()
    }
    ids |= {address: identifier for address, identifier in given.items() if address not in known}
    missing = {
        address: asked.get(address) or ("it is not there" if address in asked else "it hangs on what is not there")
        for address in creations
        if address not in given
    }
    missing |= {address: "it is there, and has no id to import it by" for address, found in ids.items() if not found}
    return Existing({address: ids[address] for address in sorted(ids) if ids[address]}, missing)


def _given(planned: Planned, identifier: str) -> tuple[Found | None, str]:
    """What hangs on it can be looked for only where the provider reads it by that very id."""
    return (Found(identifier) if is_attribute(planned.type) else None), ""


def _look(session: Session, stack: Stack, planned: Planned) -> tuple[Found | None, str]:
    """The one object that fits, or why there is none."""
    lookup = lookup_of(planned.type)
    if lookup is None:
        return None, f"nobody here knows how to look for a {planned.type}; give its id"
    region = _region_of(session, stack, planned.alias)
    wanted = Wanted(
        address=planned.address,
        type=planned.type,
        values=planned.values,
        region=region,
        account_id=session.config.account_id,
        client=lambda service, elsewhere=region: session.target.client(service, elsewhere),
    )
    found = _asked(stack, planned, lookup, wanted)
    if len(found) > 1:
        return None, f"several fit: {', '.join(one.id for one in found[:5])}; give the id of one"
    return (found[0], "") if found else (None, "it is not there")


def _asked(stack: Stack, planned: Planned, lookup: Any, wanted: Wanted) -> tuple[Found, ...]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return tuple(lookup(wanted))
    except (BotoCoreError, ClientError) as error:
        raise ToolError(f"{planned.address} cannot be looked for: {error}", where=stack.name) from error


def _region_of(session: Session, stack: Stack, alias: str) -> str:
    aliases = session.config.stacks[stack.architecture].aliases
    return aliases[alias].region if alias in aliases else session.config.region


def _check_given(stack: Stack, given: Mapping[str, str], known: set[str]) -> None:
    for address in sorted(set(given) - known):
        raise ToolError(
            f"'{address}' is nothing that the configuration would make",
            where=stack.name,
            hint="see the addresses: groundplan plan",
            exit_code=Exit.USAGE,
        )


def _ignore(_event: object) -> None:
    """Several plans in a row: how many resources are through says more."""
