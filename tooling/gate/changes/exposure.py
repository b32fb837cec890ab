"""Which ways in from outside there are after the plan, and which of them are new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tooling.gate.changes.doors import addresses, apis, balancers, identities, others, policies
from tooling.gate.changes.finding import finding
from tooling.gate.changes.model import Door
from tooling.gate.planned import PlanView

if TYPE_CHECKING:
    from tooling.gate.model import ChangeLimits, Finding


def doors_of(view: PlanView, before: PlanView, plan: Mapping[str, Any]) -> tuple[Door, ...]:
    """All doors after the plan, new ones first.

    Args:
        view: What the plan leaves behind.
        before: What is there now.
        plan: The JSON of the plan: its providers say which accounts are its own.
    """
    accounts = own_accounts(plan)
    known = {door.key for door in _all(before, before, accounts)}
    found = {door.key: replace(door, new=door.key not in known) for door in _all(view, before, accounts)}
    return tuple(sorted(found.values(), key=lambda door: (not door.new, door.key)))


def own_accounts(plan: Mapping[str, Any]) -> frozenset[str]:
    """The accounts that the providers of a plan are held to (``allowed_account_ids``)."""
    providers = ((plan.get("configuration") or {}).get("provider_config") or {}).values()
    allowed = [(provider.get("expressions") or {}).get("allowed_account_ids") or {} for provider in providers]
    return frozenset(str(account) for accounts in allowed for account in accounts.get("constant_value") or ())


def exposure_findings(doors: Sequence[Door], limits: ChangeLimits, *, existing: bool) -> Iterator[Finding]:
    """A finding for every door, which a waiver has to name, and one more for each that a stack that exists gets."""
    for door in doors:
        new = "this plan opens a door: " if door.new and existing else ""
        yield finding("GP_EXPOSURE_1", door.address, f"{new}{door.sentence}", undecided=door.undecided)
    if existing and limits.new_exposure == "refuse":
        for door in doors:
            if door.new:
                yield finding("GP_EXPOSURE_2", door.address, door.sentence, undecided=door.undecided)


def _all(view: PlanView, before: PlanView, accounts: frozenset[str]) -> Iterable[Door]:
    yield from addresses.doors(view, before)
    yield from balancers.doors(view, before)
    yield from apis.doors(view)
    yield from policies.doors(view, accounts)
    yield from identities.doors(view)
    yield from others.doors(view)
