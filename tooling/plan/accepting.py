"""A refresh-only plan, told as what it does: it makes the state say what is there.

Terraform puts what such a plan does into ``resource_drift`` and leaves ``resource_changes`` and ``planned_values`` out.
Whoever reads plans (gate, costs, report, comparison) would see one that does nothing on nothing, and let it pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_MANAGED = "managed"


def as_accepted(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a refresh-only plan, in which what is accepted stands as changes and what is there as planned.

    A resource that is gone is one that the state forgets.
    """
    accepted = {entry["address"]: _accepted(entry) for entry in plan.get("resource_drift") or ()}
    there = (plan.get("prior_state") or {}).get("values") or {}
    kept = [entry for entry in _kept(there.get("root_module") or {}) if entry["address"] not in accepted]
    return {**plan, "planned_values": there, "resource_changes": [*accepted.values(), *kept]}


def _accepted(entry: Mapping[str, Any]) -> dict[str, Any]:
    change = entry["change"]
    actions = ["forget"] if change["actions"] == ["delete"] else change["actions"]
    return {**entry, "change": {**change, "actions": actions}}


def _kept(module: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every resource that stays as the state has it, as an entry that changes nothing."""
    for resource in module.get("resources") or ():
        if resource.get("mode") != _MANAGED:
            continue
        values, marks = resource.get("values") or {}, resource.get("sensitive_values") or {}
        known = ("address", "mode", "type", "name", "index", "provider_name")
        change = {
            "actions": ["no-op"],
            "before": values,
            "after": values,
            "after_unknown": {},
            "before_sensitive": marks,
            "after_sensitive": marks,
        }
        module_address = {"module_address": module["address"]} if module.get("address") else {}
        yield {**{key: resource[key] for key in known if key in resource}, **module_address, "change": change}
    for child in module.get("child_modules") or ():
        yield from _kept(child)
