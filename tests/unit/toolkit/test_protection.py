"""What AWS would refuse to delete is found in the plan, before anything is gone."""

from __future__ import annotations

from typing import Any

import pytest

from tooling.plan.protection import protected


def plan(actions: list[str], before: dict[str, Any] | None) -> dict[str, Any]:
    return {"resource_changes": [{"address": "module.x.aws_y.z", "change": {"actions": actions, "before": before}}]}


@pytest.mark.parametrize("actions", [["delete"], ["delete", "create"], ["create", "delete"]])
@pytest.mark.parametrize(
    "mark",
    [
        {"deletion_protection": True},
        {"deletion_protection": "ACTIVE"},
        {"deletion_protection_enabled": True},
        {"enable_deletion_protection": True},
    ],
    ids=["database", "user pool", "table", "load balancer"],
)
def test_a_protected_resource_that_would_go_is_named(actions: list[str], mark: dict[str, Any]) -> None:
    assert protected(plan(actions, mark)) == ("module.x.aws_y.z",)


@pytest.mark.parametrize(
    ("actions", "before"),
    [
        (["update"], {"deletion_protection": True}),
        (["no-op"], {"deletion_protection": True}),
        (["create"], None),
        (["delete"], {"deletion_protection": False}),
        (["delete"], {"deletion_protection": "INACTIVE"}),
        (["delete"], {"enable_deletion_protection": False, "deletion_protection_enabled": None}),
        (["delete"], {}),
    ],
)
def test_what_stays_or_is_not_protected_is_not(actions: list[str], before: dict[str, Any] | None) -> None:
    assert protected(plan(actions, before)) == ()
