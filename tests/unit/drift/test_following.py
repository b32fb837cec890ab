"""Where the code has to follow what was accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tooling.drift.following import Follow, follows
from tooling.drift.model import CODE, REALITY, DriftedResource, Moved
from tooling.environment.stacks import Stack
from tooling.workspace import Workspace

ADDRESS = "module.tiny.aws_log.log"
PLACE = "modules/tiny/main.tf:3"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "envs/dev/tiny"
    root.mkdir(parents=True)
    (root / "variables.tf").write_text('# values\nvariable "days" {}\nvariable "name" {}\n')
    (root / "terraform.tfvars").write_text('name = "x"\n')
    return Workspace(tmp_path)


def where(workspace: Workspace, path: str, expressions: dict[str, object], **resource: object) -> str:
    """What is said of one attribute, with these arguments in the code."""
    root = workspace.envs / "dev/tiny"
    stack = Stack("dev", "tiny", root, workspace.modules / "tiny", workspace.work, "dev/tiny.tfstate")
    entry = {"mode": "managed", "type": "aws_log", "name": "log", "expressions": expressions, **resource}
    call = {
        "expressions": {"retention": {"references": ["var.days"]}, "label": {"references": ["var.name"]}},
        "module": {"resources": [entry]},
    }
    plan = {"configuration": {"root_module": {"module_calls": {"tiny": call}}}}
    moved = (Moved(path, "1", "2", REALITY), Moved("other", "1", "2", CODE))
    found = DriftedResource(ADDRESS, "aws_log", "update", False, (REALITY,), moved, declared_at=PLACE)
    (follow,) = follows(workspace, stack, plan, (found,))
    assert (follow.address, follow.path, follow.value) == (ADDRESS, path, "2")
    return follow.where


def test_a_variable_is_named_where_it_is_set(workspace: Workspace) -> None:
    said = where(workspace, "name", {"name": {"references": ["var.label"]}})

    assert said == f"name in {PLACE}, which is made from name in envs/dev/tiny/terraform.tfvars:1"


def test_a_variable_that_has_its_default_is_named_with_the_place_to_set_it(workspace: Workspace) -> None:
    said = where(workspace, "days", {"days": {"references": ["var.retention"]}})

    assert "days, to be set in envs/dev/tiny/terraform.tfvars" in said
    assert "its default is in envs/dev/tiny/variables.tf:2" in said


def test_a_nested_argument_is_followed_by_its_own_block(workspace: Workspace) -> None:
    rule = [{"days": {"references": ["var.retention"]}, "name": {"references": ["var.label"]}}]

    said = where(workspace, "rule.days", {"rule": rule})

    assert "days, to be set" in said
    assert "terraform.tfvars:1" not in said


def test_each_value_leads_to_what_it_is_an_element_of(workspace: Workspace) -> None:
    said = where(
        workspace,
        "days",
        {"days": {"references": ["each.value"]}},
        for_each_expression={"references": ["var.retention"]},
    )

    assert "days, to be set" in said


def test_a_constant_is_named_by_its_place_and_by_what_generates_that(workspace: Workspace) -> None:
    assert where(workspace, "days", {"days": {"constant_value": 1}}) == f"days in {PLACE}"

    (workspace.root / "cdktf_app/architectures/tiny").mkdir(parents=True)

    said = where(workspace, "days", {"days": {"constant_value": 1}})
    assert said == f"days in {PLACE}, generated from cdktf_app/architectures/tiny"


def test_an_argument_that_nobody_wrote_has_to_be_set(workspace: Workspace) -> None:
    assert "which does not set it" in where(workspace, "days", {})


def test_what_is_gone_has_to_leave_the_code(workspace: Workspace) -> None:
    stack = Stack("dev", "tiny", workspace.envs / "dev/tiny", workspace.modules, workspace.work, "dev/tiny.tfstate")
    gone = DriftedResource(ADDRESS, "aws_log", "create", True, (REALITY,), declared_at=PLACE)

    told = "take it out of the code, or the next plan makes it again"
    assert follows(workspace, stack, {}, (gone,)) == (Follow(ADDRESS, "", "", f"{told}: {PLACE}"),)
