"""The gate vouches for its verdict: the plan is whole, and all of it was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.gate.engine.scan import Scan
    from tooling.gate.planned import PlanView
    from tooling.gate.policies_folder import Policies


def must_be_a_plan(plan: Mapping[str, Any], stack: str) -> None:
    """Raises ToolError for the JSON of something else, and for that of a plan that ended in an error."""
    if "planned_values" not in plan or "format_version" not in plan:
        raise ToolError("this is not the JSON of a plan: it has no planned_values", where=stack)
    if plan.get("errored"):
        raise ToolError("the plan ended in an error, so it is not whole", where=stack, hint="plan again")


def must_be_whole(plan: Mapping[str, Any], view: PlanView, stack: str) -> None:
    """Every change that leaves something behind must be among the values that are judged.

    Raises:
        ToolError: Exit 4: one is not.
    """
    for change in plan.get("resource_changes") or ():
        actions = change.get("change", {}).get("actions")
        gone = actions in (["delete"], ["forget"])
        if not gone and not change.get("deposed") and change["address"] not in view.resources:
            what = f"the plan changes {change['address']} but has no value of it to judge"
            raise ToolError(what, where=stack, exit_code=Exit.REFUSED)


def must_have_looked(found: Scan, view: PlanView, policies: Policies, stack: str) -> None:
    """checkov took in every resource, and every own check every resource of its types.

    Raises:
        ToolError: Exit 4: one was left out.
    """
    missed = [item.address for item in view.resources.values() if not item.is_data and item.address not in found.seen]
    judged = found.looked | {(outcome.check_id, outcome.address) for outcome in found.outcomes if outcome.crash}
    skipped = [
        f"{own.id} on {item.address}"
        for own in policies.own
        for item in view.resources.values()
        if own.judges_plans
        and fnmatchcase(item.type, own.entity)
        and (own.block == "data") == item.is_data
        and (own.id, item.address) not in judged
    ]
    if missed or skipped:
        what = f"the gate is off: not evaluated were {', '.join([*missed, *skipped][:5])}"
        raise ToolError(what, where=stack, exit_code=Exit.REFUSED)
    if view.resources and not found.seen:
        raise ToolError("the gate is off: checkov took nothing in", where=stack, exit_code=Exit.REFUSED)
