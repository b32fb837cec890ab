"""How much a plan takes away: how many resources, which of them hold data, which are protected."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tooling.gate.addresses import glob_matches
from tooling.gate.changes.before import actions_of
from tooling.gate.changes.finding import finding
from tooling.gate.changes.model import Loss
from tooling.gate.changes.stateful import what_goes

if TYPE_CHECKING:
    from tooling.gate.model import BrokenGlass, ChangeLimits, Finding

_SHOWN = 5


def gone(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """Addresses that the plan deletes; once, also when what an earlier replace left over goes with it."""
    return tuple(dict.fromkeys(_address(entry) for entry in _entries(plan) if actions_of(entry) == ("delete",)))


def replaced(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """Addresses that the plan deletes and makes anew, in either order."""
    return tuple(_address(entry) for entry in _entries(plan) if {"create", "delete"} <= set(actions_of(entry)))


def forgotten(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """Addresses that leave the state and stay in the account: a ``removed`` block. Nothing is lost by that."""
    return tuple(_address(entry) for entry in _entries(plan) if actions_of(entry) == ("forget",))


def losses(plan: Mapping[str, Any], limits: ChangeLimits) -> tuple[Loss, ...]:
    """What holds data and is deleted or made anew."""
    found: dict[str, Loss] = {}
    for entry in _entries(plan):
        if "delete" not in actions_of(entry):
            continue
        what = what_goes(entry["type"], entry["change"].get("before") or {})
        if what is not None:
            allowed = any(glob_matches(pattern, entry["type"]) for pattern in limits.stateful_may_go)
            found[_address(entry)] = Loss(address=_address(entry), what=what, allowed=allowed)
    return tuple(found.values())


def blast_findings(
    plan: Mapping[str, Any], stateful: Sequence[Loss], limits: ChangeLimits, glass: Sequence[BrokenGlass]
) -> Iterator[Finding]:
    """What goes although the limits say that it stays."""
    excused = {broken.address for broken in glass}
    if not limits.destroying:
        yield from _counted("GP_BLAST_1", "deletes", gone(plan), "max_destroys", limits.max_destroys, excused)
        yield from _counted("GP_BLAST_2", "replaces", replaced(plan), "max_replaces", limits.max_replaces, excused)
    for loss in stateful:
        if not loss.allowed:
            kind = next(entry["type"] for entry in _entries(plan) if _address(entry) == loss.address)
            verb = "replaces" if loss.address in replaced(plan) else "deletes"
            text = f"the plan {verb} {loss.what}; {kind} is not in stateful_may_go"
            yield finding("GP_BLAST_3", loss.address, text)
    for address in (*gone(plan), *replaced(plan)):
        pattern = next((pattern for pattern in limits.protected if glob_matches(pattern, address)), None)
        if pattern is not None:
            verb = "replaces" if address in replaced(plan) else "deletes"
            yield finding("GP_BLAST_4", address, f"the plan {verb} what '{pattern}' protects")


def _counted(
    check_id: str, verb: str, addresses: Sequence[str], setting: str, most: int, excused: Collection[str]
) -> Iterator[Finding]:
    """More than may go: a finding for each that is excused, and one for all others if these alone are too many."""
    if len(addresses) <= most:
        return
    named = [address for address in addresses if address in excused]
    others = [address for address in addresses if address not in excused]
    for address in named:
        yield finding(check_id, address, f"it is one of {len(addresses)} that the plan {verb}; {setting} is {most}")
    if len(others) > most:
        listed = ", ".join(others[:_SHOWN]) + (f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else "")
        yield finding(check_id, others[0], f"the plan {verb} {len(others)}, {setting} is {most}: {listed}")


def _entries(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Managed resources, what an earlier replace left over included: that is deleted too."""
    return (entry for entry in plan.get("resource_changes") or () if entry.get("mode") != "data")


def _address(entry: Mapping[str, Any]) -> str:
    return str(entry["address"])
