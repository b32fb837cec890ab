"""The doors of a plan as the gate sees them, and plans in which one rule is broken."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from tests.support.plans import Plan
from tests.support.project import REPOSITORY
from tooling.gate import Finding, GateConfig, Severity, evaluate
from tooling.gate.changes import look_at
from tooling.gate.model import ChangeLimits
from tooling.gate.planned import view_of
from tooling.plan.masking import masked

TODAY = date(2026, 11, 21)
LIMITS = ChangeLimits(max_destroys=0, max_replaces=0)
#: Address in the module, what is reached, and whether whoever comes is asked who they are.
Seen = tuple[str, str, bool | None]


def doors(whole: Mapping[str, Any]) -> set[Seen]:
    """All doors of a plan. All of the architectures are the whole internet's, and none is undecided."""
    plan = masked(whole)
    found = look_at(plan, view_of(plan, today=TODAY), LIMITS).doors
    assert {(door.reached_from, door.undecided) for door in found} <= {("the internet", False)}
    return {(_in_module(door.address), door.what, door.authenticated) for door in found}


def unanswered(whole: Mapping[str, Any], stack: str) -> set[str]:
    """Addresses of the doors for which the gate refuses the plan, with the waivers of the project."""
    return {_in_module(finding.address) for finding in _refused(whole, stack) if finding.check_id == "GP_EXPOSURE_1"}


def with_values(plan: Plan, address: str, **values: Any) -> dict[str, Any]:
    """The plan, with other values of a resource of its module."""
    whole = deepcopy(plan.whole)
    for raw in _resources(whole["planned_values"]["root_module"]):
        if _in_module(raw["address"]) == address:
            raw["values"].update(values)
    for entry in whole["resource_changes"]:
        if _in_module(entry["address"]) == address:
            entry["change"]["after"].update(values)
            entry["change"]["after_unknown"] = {
                name: mark for name, mark in entry["change"]["after_unknown"].items() if name not in values
            }
    assert whole != plan.whole, f"{address} is not in the plan, or has these values"
    return whole


def with_resource(plan: Plan, kind: str, name: str, /, **values: Any) -> dict[str, Any]:
    """The plan, with one more resource in its root."""
    whole = deepcopy(plan.whole)
    named = {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name}
    whole["planned_values"]["root_module"].setdefault("resources", []).append({**named, "values": values})
    change = {"actions": ["create"], "before": None, "after": values, "after_unknown": {}}
    whole["resource_changes"].append({**named, "change": change})
    given = {argument: {"constant_value": value} for argument, value in values.items()}
    configured = {**named, "provider_config_key": "aws", "expressions": given}
    whole["configuration"]["root_module"].setdefault("resources", []).append(configured)
    return whole


def for_everybody(action: str) -> str:
    """A policy that allows everybody something."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _refused(whole: Mapping[str, Any], stack: str) -> tuple[Finding, ...]:
    policies: Path = REPOSITORY / "policies"
    config = GateConfig(
        fail_on=Severity.LOW, waivers=policies / "waivers.yaml", policies=policies, today=TODAY, limits=LIMITS
    )
    return evaluate(whole, stack=stack, config=config).refused


def _resources(module: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)


def _in_module(address: str) -> str:
    return address.split(".", 2)[2] if address.startswith("module.") else address
