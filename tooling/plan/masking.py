"""Taking the secrets out of a plan's JSON before it is written, gated or shown.

Terraform marks what is sensitive beside each value, in structures of the same shape:
https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MASK = "(sensitive value)"


def mask(value: Any, marks: Any) -> Any:
    """``value`` with everything that ``marks`` calls sensitive replaced by :data:`MASK`."""
    if marks is True:
        return None if value is None else MASK
    if isinstance(value, Mapping) and isinstance(marks, Mapping):
        return {key: mask(item, marks.get(key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(marks, list):
        padded = marks + [None] * (len(value) - len(marks))
        return [mask(item, mark) for item, mark in zip(value, padded, strict=False)]
    return value


def mask_plan(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``terraform show -json`` of a plan that holds no secret."""
    masked = dict(plan)
    for key in ("resource_changes", "resource_drift"):
        if key in masked:
            masked[key] = [{**entry, "change": _mask_change(entry["change"])} for entry in masked[key]]
    if "output_changes" in masked:
        masked["output_changes"] = {name: _mask_change(change) for name, change in masked["output_changes"].items()}
    if "planned_values" in masked:
        masked["planned_values"] = _mask_values(masked["planned_values"])
    prior = masked.get("prior_state")
    if prior and "values" in prior:
        masked["prior_state"] = {**prior, "values": _mask_values(prior["values"])}
    declared = plan.get("configuration", {}).get("root_module", {}).get("variables", {})
    if "variables" in masked:
        masked["variables"] = {
            name: {"value": MASK} if declared.get(name, {}).get("sensitive") else entry
            for name, entry in masked["variables"].items()
        }
    return masked


def _mask_change(change: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **change,
        "before": mask(change.get("before"), change.get("before_sensitive")),
        "after": mask(change.get("after"), change.get("after_sensitive")),
    }


def _mask_values(values: Mapping[str, Any]) -> dict[str, Any]:
    masked = dict(values)
    if "outputs" in masked:
        masked["outputs"] = {
            name: {**entry, "value": MASK} if entry.get("sensitive") and "value" in entry else entry
            for name, entry in masked["outputs"].items()
        }
    if "root_module" in masked:
        masked["root_module"] = _mask_module(masked["root_module"])
    return masked


def _mask_module(module: Mapping[str, Any]) -> dict[str, Any]:
    masked = dict(module)
    if "resources" in masked:
        masked["resources"] = [
            {**entry, "values": mask(entry.get("values"), entry.get("sensitive_values"))}
            for entry in masked["resources"]
        ]
    if "child_modules" in masked:
        masked["child_modules"] = [_mask_module(child) for child in masked["child_modules"]]
    return masked
