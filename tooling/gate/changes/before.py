"""A stack as it is before the plan, in the form in which the gate reads what will be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tooling.gate.planned import PlanView, view_of


def changes_in(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The entries of managed resources in ``resource_changes``, without what is left over of an earlier replace."""
    for entry in plan.get("resource_changes") or ():
        if entry.get("mode") != "data" and not entry.get("deposed"):
            yield entry


def actions_of(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple((entry.get("change") or {}).get("actions") or ())


def value_before(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The attributes of a resource before the plan; None when it is not there."""
    before = (entry.get("change") or {}).get("before")
    return before if isinstance(before, Mapping) else None


def stack_exists(plan: Mapping[str, Any]) -> bool:
    """Whether the state that was planned against has any managed resource."""
    return any(value_before(entry) is not None for entry in changes_in(plan))


def view_before(plan: Mapping[str, Any], view: PlanView) -> PlanView:
    """The resources that are there now, under the addresses that they have after the plan.

    Data sources are not among them: the plan has read those anew.
    """
    resources = [
        {key: entry[key] for key in ("address", "mode", "type", "name") if key in entry} | {"values": before}
        for entry in changes_in(plan)
        if (before := value_before(entry)) is not None
    ]
    kept = {key: plan[key] for key in ("configuration", "variables") if key in plan}
    return view_of({**kept, "planned_values": {"root_module": {"resources": resources}}}, today=view.today)
