"""What the roles of CI may do, decided as IAM decides it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from tests.unit.ci.workflow import WORKSPACE
from tooling.ci.roles import WantedRole, read_modules, wanted_roles
from tooling.environment.config import load_environment

REPOSITORY = "octo-org/infrastructure"


@cache
def roles(env: str, *, approves: bool = True) -> tuple[WantedRole, WantedRole]:
    config = load_environment(WORKSPACE, env)
    return wanted_roles(env, config, read_modules(WORKSPACE, config), REPOSITORY, approves=approves)


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def allows(role: WantedRole, action: str, resource: str, **context: str) -> bool:
    """As IAM decides for one call: denied by any statement that says so, else allowed by any that does."""
    said = {one["Effect"] for one in role.policy["Statement"] if _fits(one, action, resource, context)}
    return said == {"Allow"}


def _fits(statement: dict[str, Any], action: str, resource: str, context: dict[str, str]) -> bool:
    def among(key: str, value: str) -> bool:
        def matches(name: str) -> bool:
            return any(fnmatchcase(value, pattern) for pattern in listed(statement[name]))

        return matches(key) if key in statement else not matches(f"Not{key}")

    conditions = [
        (operator, context.get(key.partition(":")[2]), listed(wanted))
        for operator, tests in statement.get("Condition", {}).items()
        for key, wanted in tests.items()
    ]
    holds = all(
        (seen not in wanted) if operator == "StringNotEquals" else (seen in wanted)
        for operator, seen, wanted in conditions
        if seen is not None or operator != "StringNotEquals"
    )
    return among("Action", action) and among("Resource", resource) and holds
