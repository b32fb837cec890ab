"""What a plan would delete although AWS was told to refuse that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# How the types that can be protected say so: table and databases, load balancer, user pool.
_MARKS: tuple[tuple[str, object], ...] = (
    ("deletion_protection", True),
    ("deletion_protection", "ACTIVE"),
    ("deletion_protection_enabled", True),
    ("enable_deletion_protection", True),
)


def protected(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """Addresses that the plan deletes or replaces while they are protected, from the JSON of a plan.

    Terraform does not know of it: it would delete what depends on them first, and then be refused by AWS.
    """
    return tuple(
        entry["address"]
        for entry in plan.get("resource_changes", [])
        if "delete" in entry["change"]["actions"] and _is_protected(entry["change"].get("before") or {})
    )


def _is_protected(before: Mapping[str, Any]) -> bool:
    return any(before.get(name) == value for name, value in _MARKS)
