"""Look at a plan as a change: what goes, which doors it opens, which grants it widens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tooling.gate.changes.before import stack_exists, view_before
from tooling.gate.changes.blast_radius import blast_findings, forgotten, gone, losses, replaced
from tooling.gate.changes.exposure import doors_of, exposure_findings
from tooling.gate.changes.model import Changes
from tooling.gate.changes.privilege import grant_changes, privilege_findings

if TYPE_CHECKING:
    from tooling.gate.model import BrokenGlass, ChangeLimits
    from tooling.gate.planned import PlanView


def look_at(
    plan: Mapping[str, Any], view: PlanView, limits: ChangeLimits, *, glass: Sequence[BrokenGlass] = ()
) -> Changes:
    """What the plan changes for people and data, and what of it is against the limits.

    Args:
        plan: The masked JSON of ``terraform show -json``, whole.
        view: The same, as ``planned.view_of`` reads it.
        limits: What the environment allows.
        glass: Limits that are stepped over: what they name is not counted.

    Returns:
        The changes; their findings have the severity of a check that nobody has rated.
    """
    before = view_before(plan, view)
    existing = stack_exists(plan) and not limits.half_made
    doors = doors_of(view, before, plan)
    grants = grant_changes(plan, view) if existing else ()
    stateful = losses(plan, limits)
    return Changes(
        destroys=gone(plan),
        replaces=replaced(plan),
        forgets=forgotten(plan),
        stateful=stateful,
        doors=doors,
        grants=grants,
        existing=existing,
        findings=(
            *blast_findings(plan, stateful, limits, glass),
            *exposure_findings(doors, limits, existing=existing),
            *privilege_findings(grants, limits),
        ),
    )
