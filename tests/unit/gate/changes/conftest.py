"""Small plans of a stack that exists, or not, with what they change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from tooling.gate.addresses import parse_address
from tooling.gate.changes import Changes, look_at
from tooling.gate.model import BrokenGlass, ChangeLimits
from tooling.gate.planned import view_of

ACCOUNT = "111122223333"
LIMITS = ChangeLimits(max_destroys=5, max_replaces=5)
#: Something that is there and stays, so that the stack is one that exists.
STAYS: dict[str, Any] = {"aws_vpc.stays": {"before": {"id": "vpc-1"}, "after": {"id": "vpc-1"}}}

Look = Callable[..., Changes]


def plan_of(resources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON of a plan.

    Args:
        resources: By address: ``before`` and ``after``, of which one may be missing; ``actions``, if they are not
            what these tell; ``unknown``; ``expressions``, if these are not just values.
    """
    values, changes, configured = [], [], []
    for address, given in resources.items():
        at = parse_address(address)
        named = {"address": address, "mode": at.mode, "type": at.type, "name": at.name}
        before, after = given.get("before"), given.get("after")
        told = ["update"] if before and after and before != after else ["no-op"]
        told = ["create"] if before is None else ["delete"] if after is None else told
        change = {"before": before, "after": after, "after_unknown": given.get("unknown", {})}
        changes.append({**named, "change": {"actions": given.get("actions", told), **change}})
        if after is not None:
            values.append({**named, "values": after})
        plain = {name: {"constant_value": value} for name, value in (after or {}).items()}
        configured.append({**named, "expressions": given.get("expressions", plain)})
    provider = {"expressions": {"allowed_account_ids": {"constant_value": [ACCOUNT]}}}
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": values}},
        "resource_changes": changes,
        "configuration": {"provider_config": {"aws": provider}, "root_module": {"resources": configured}},
    }


def refers_to(*names: str) -> dict[str, Any]:
    """The expression of an argument that names other resources."""
    return {"references": list(names)}


@pytest.fixture
def look() -> Look:
    def run(
        resources: Mapping[str, Mapping[str, Any]],
        limits: ChangeLimits = LIMITS,
        glass: tuple[BrokenGlass, ...] = (),
    ) -> Changes:
        plan = plan_of(resources)
        return look_at(plan, view_of(plan, today=date(2026, 11, 21)), limits, glass=glass)

    return run


def refused(changes: Changes, check_id: str) -> list[str]:
    """Addresses of the findings of one rule."""
    return [finding.address for finding in changes.findings if finding.check_id == check_id]
