"""GP_WAIVER_1: a waiver that matches nothing.

It is a hole that is open already: the finding it was written for is gone or was never there, and the next one that
fits it passes unseen. It is fair to say so only of a stack that the waiver is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tooling.gate.addresses import glob_matches, segments
from tooling.gate.model import Finding, Severity, Waiver
from tooling.gate.planned import PlanView
from tooling.gate.rules import RULES
from tooling.gate.undecided import is_settled


@dataclass(frozen=True)
class Looked:
    """What a run of the gate looked at.

    Attributes:
        view: The plan.
        modules: Names of the modules that the root of the stack calls.
        passed: Pairs of check id and address where nothing is wrong.
        undecided: Pairs where nothing is wrong as far as is known.
        skipped: Ids of checks that were not part of this run.
    """

    view: PlanView
    modules: Collection[str]
    passed: Collection[tuple[str, str]]
    undecided: Collection[tuple[str, str]]
    skipped: Collection[str]


def look_at_waivers(unused: Sequence[Waiver], looked: Looked) -> Iterator[Finding]:
    """A finding for each waiver that should have matched something in this plan.

    None for a plan that leaves nothing behind: there every waiver is without an object. And none for a waiver that
    waits for a value to get known, be it that it ends then or that it begins.
    """
    if all(item.is_data for item in looked.view.resources.values()):
        return
    for waiver in unused:
        if waiver.check in looked.skipped or not _is_about(waiver, looked.modules):
            continue
        meant = [address for address in looked.view.resources if glob_matches(waiver.address, address)]
        if meant and (waiver.only_undecided or _is_open(waiver, meant, looked)):
            continue
        yield _finding(waiver, _why(waiver, meant, looked))


def _is_about(waiver: Waiver, modules: Collection[str]) -> bool:
    """Whether the address lies in a module of this stack; one outside of all modules may be in any stack."""
    first, *rest = segments(waiver.address)
    if first != "module" or not rest:
        return True
    return any(glob_matches(rest[0].partition("[")[0], module) for module in modules)


def _is_open(waiver: Waiver, meant: Sequence[str], looked: Looked) -> bool:
    """Whether only the apply will tell if there is something to waive.

    An own check reads whatever it wants of a resource, so there nothing of it may be open.
    """
    own = not waiver.check.startswith("CKV")
    return any(
        (waiver.check, address) in looked.undecided or (own and not is_settled(looked.view.resources[address]))
        for address in meant
    )


def _why(waiver: Waiver, meant: Sequence[str], looked: Looked) -> str:
    if not meant:
        return "nothing in this plan has such an address"
    pairs = [(waiver.check, address) for address in meant]
    if any(pair in looked.passed for pair in pairs):
        return "the check passes there"
    return "the check does not judge what is there"


def _finding(waiver: Waiver, why: str) -> Finding:
    rule = RULES["GP_WAIVER_1"]
    return Finding(
        check_id="GP_WAIVER_1",
        name=rule.name,
        severity=Severity.HIGH,
        address=waiver.address,
        message=f"the waiver of {waiver.check} at {waiver.where} matches nothing: {why}",
        source=rule.source,
        declared_at=waiver.where,
    )
