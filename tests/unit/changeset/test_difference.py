"""Two changesets compared: changes, findings, cost and what they were made from; only what differs is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.changesets import GATE, ID, a_changeset, a_finding, a_verdict, a_workspace
from tooling.changeset import SealedCost
from tooling.changeset.difference import ChangesetDifference, FindingDifference, compare
from tooling.changeset.reading import open_parts
from tooling.errors import Exit, ToolError
from tooling.gate import Severity
from tooling.plan.comparing import ValueDifference
from tooling.workspace import Workspace

OTHER = "20260103T030405Z-ffffff"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return a_workspace(tmp_path, "dev")


def creating(*names: str, size: int = 1) -> dict[str, Any]:
    return {
        "resource_changes": [
            {
                "address": f"module.x.{name}",
                "type": "aws_x",
                "mode": "managed",
                "change": {"actions": ["create"], "before": None, "after": {"size": size}},
            }
            for name in names
        ]
    }


def compared(workspace: Workspace) -> ChangesetDifference:
    return compare(open_parts(workspace, "dev", ID), open_parts(workspace, "dev", OTHER))


def test_a_changeset_and_its_twin_do_not_differ(workspace: Workspace) -> None:
    a_changeset(workspace, stacks={"kefir": creating("a")})
    a_changeset(workspace, stacks={"kefir": creating("a")}, id=OTHER, created="2026-01-03T03:04:05+00:00")

    found = compared(workspace)

    assert found.same
    assert found.same_changes
    assert (found.first, found.second) == (ID, OTHER)


def test_changes_of_each_stack_are_compared(workspace: Workspace) -> None:
    a_changeset(workspace, stacks={"kefir": creating("a", "b"), "rewind": creating("c")})
    a_changeset(workspace, stacks={"kefir": creating("a", size=2), "rewind": creating("c")}, id=OTHER)

    found = compared(workspace)

    kefir, rewind = found.stacks
    assert [(one.address, one.first, one.second) for one in kefir.plan.resources] == [
        ("module.x.a", "create", "create"),
        ("module.x.b", "create", ""),
    ]
    assert kefir.plan.resources[0].values == (ValueDifference("size", "1", "2"),)
    assert rewind.same
    assert not found.same_changes


def test_a_stack_that_one_of_them_does_not_cover_is_told(workspace: Workspace) -> None:
    a_changeset(workspace, stacks={"kefir": creating("a")})
    a_changeset(workspace, stacks={"kefir": creating("a"), "rewind": {}}, id=OTHER)

    found = compared(workspace)

    assert [(one.architecture, one.only_in, one.same) for one in found.stacks] == [
        ("kefir", "", True),
        ("rewind", "second", False),
    ]
    assert not found.same_changes


def test_findings_that_came_went_and_were_waived_are_told(workspace: Workspace) -> None:
    stays, goes, comes, waived = (a_finding(f"CKV_AWS_{number}") for number in (1, 2, 3, 4))
    low = a_finding("CKV_AWS_5", severity=Severity.LOW)
    a_changeset(workspace, verdicts={"kefir": a_verdict("dev/kefir", [stays, goes, waived])})
    after = a_verdict("dev/kefir", [stays, comes, low], waived=(waived,), fail_on=Severity.MEDIUM)
    a_changeset(workspace, verdicts={"kefir": after}, id=OTHER)

    found = compared(workspace).stacks[0].findings

    address, message = "module.x.aws_x.y", "is wrong"
    assert found == (
        FindingDifference("CKV_AWS_2", address, message, "HIGH, refuses", ""),
        FindingDifference("CKV_AWS_3", address, message, "", "HIGH, refuses"),
        FindingDifference("CKV_AWS_4", address, message, "HIGH, refuses", "HIGH, waived"),
        FindingDifference("CKV_AWS_5", address, message, "", "LOW, reported"),
    )


def test_parts_that_moved_are_named(workspace: Workspace) -> None:
    a_changeset(workspace, part={"monthly_usd": 10.0})
    a_changeset(
        workspace,
        id=OTHER,
        commit="d" * 40,
        settings="7" * 64,
        gate=replace(GATE, waivers="8" * 64, fail_on="HIGH"),
        cost=SealedCost(monthly_usd=12.5, prices="6" * 64, prices_as_of="", usage="9" * 64),
        part={"tfvars": "a" * 64, "serial": 9, "monthly_usd": 12.5},
    )

    found = compared(workspace)

    assert found.parts == (
        ValueDifference("commit", "cccccccccccc", "dddddddddddd"),
        ValueDifference("env.toml", "555555555555", "777777777777"),
        ValueDifference("waivers", "222222222222", "888888888888"),
        ValueDifference("gate's threshold", "LOW", "HIGH"),
        ValueDifference("usage.yaml", "none", "999999999999"),
    )
    assert found.stacks[0].parts == (
        ValueDifference("tfvars", "444444444444", "aaaaaaaaaaaa"),
        ValueDifference("serial of the state", "7", "9"),
    )
    assert (found.stacks[0].first_usd, found.stacks[0].second_usd) == (10.0, 12.5)
    assert not found.same
    assert found.same_changes


def test_a_secret_that_nobody_can_compare_is_no_proof_of_sameness(workspace: Workspace) -> None:
    content = creating("a")
    content["resource_changes"][0]["change"] |= {
        "after": {"password": "(sensitive value)"},
        "after_sensitive": {"password": True},
    }
    a_changeset(workspace, stacks={"kefir": content})
    a_changeset(workspace, stacks={"kefir": content}, id=OTHER)
    clear = {**content, "resource_changes": [dict(content["resource_changes"][0])]}
    clear["resource_changes"][0]["change"] = {
        **content["resource_changes"][0]["change"],
        "after": {"password": "hunter2"},
    }
    first, second = open_parts(workspace, "dev", ID), open_parts(workspace, "dev", OTHER)

    masked, in_clear = compare(first, second), compare(first, second, {"kefir": (clear, clear)})

    assert masked.same
    assert not masked.same_changes
    assert in_clear.same_changes


def test_what_was_changed_after_it_was_sealed_is_not_compared(workspace: Workspace) -> None:
    a_changeset(workspace)
    _, folder = a_changeset(workspace, id=OTHER)
    (folder / "kefir/plan.json").write_text("{}")

    with pytest.raises(ToolError, match=r"plan.json changed after the plan was sealed") as refused:
        compared(workspace)

    assert refused.value.exit_code == Exit.REFUSED
