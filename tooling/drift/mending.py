"""What to do about drift: accept what is there, or put back what the code says. Both are changesets like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tooling.drift.model import REALITY
from tooling.errors import Exit, ToolError
from tooling.planning import PlanRun, plan_changeset

if TYPE_CHECKING:
    from tooling.drift.model import DriftedResource, StackDrift
    from tooling.session import Session


def choose(stacks: Sequence[StackDrift], wanted: Sequence[str], *, following: bool) -> dict[str, tuple[str, ...]]:
    """Which resources to mend, by architecture.

    Args:
        stacks: What was found.
        wanted: Addresses. Default: every resource that moved in the account.
        following: Take also what moves with these.

    Raises:
        ToolError: Exit 2: an address that did not drift in the account.
    """
    found = {
        stack.architecture: [one.address for one in stack.by_hand if following or REALITY in one.moved]
        for stack in stacks
    }
    known = [address for addresses in found.values() for address in addresses]
    for address in wanted:
        if address not in known:
            near = get_close_matches(address, known, n=1)
            raise ToolError(
                f"the resource {address} did not move in the account",
                hint=f"did you mean {near[0]}?" if near else f"these did: {', '.join(known) or 'none'}",
                exit_code=Exit.USAGE,
            )
    chosen = {
        name: tuple(address for address in addresses if not wanted or address in wanted)
        for name, addresses in found.items()
    }
    return {name: addresses for name, addresses in chosen.items() if addresses}


def plan_adoption(session: Session, chosen: Mapping[str, tuple[str, ...]]) -> tuple[Session, PlanRun]:
    """Plan, gate and seal that the state says what is there; nothing in the account changes.

    Args:
        session: The run.
        chosen: Addresses by architecture.

    Returns:
        The session over the stacks that it is about, and the sealed changeset.

    Raises:
        ToolError: A stack could not be planned.
    """
    narrowed = over(session, chosen)
    return narrowed, plan_changeset(narrowed, refresh_only=True, targets=chosen)


def plan_reversal(session: Session, chosen: Mapping[str, tuple[str, ...]], *, whole: bool) -> tuple[Session, PlanRun]:
    """Plan, gate and seal that the account is as the code says again.

    Args:
        session: The run.
        chosen: Addresses by architecture.
        whole: Plan the whole stacks, with all that the code changes besides.

    Returns:
        The session over the stacks that it is about, and the sealed changeset.

    Raises:
        ToolError: A stack could not be planned.
    """
    narrowed = over(session, chosen)
    return narrowed, plan_changeset(narrowed, targets={} if whole else chosen)


def over(session: Session, architectures: Mapping[str, object]) -> Session:
    """The same session over some of its stacks."""
    stacks = tuple(stack for stack in session.stacks if stack.architecture in architectures)
    return replace(session, stacks=stacks, ended=[])


def accepted(stack: StackDrift, addresses: Sequence[str]) -> tuple[DriftedResource, ...]:
    """What was found of these resources."""
    return tuple(one for one in stack.resources if one.address in addresses)
