"""Terraform makes the same of the HCL as of the JSON it was rendered from: the one proof that counts.

Many cases go into one configuration, so that hundreds of them cost two plans.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cdktf_app.hcl import BlockSchema, render_module
from tests.plan.hcl.cases import CORE_CASES, SUBMODULE
from tests.plan.hcl.conftest import Workspace
from tests.support import terraform_json
from tests.support.plan_comparison import differences

Json = dict[str, Any]
Workspaces = Callable[[str], Workspace]


def assert_same_plan(
    workspace: Workspace, synth: Json, variables: Json | None = None, beside: Json | None = None
) -> Json:
    """Plans both forms and returns the plan; every difference is listed."""
    workspace.write({"main.tf.json": json.dumps(synth, indent=1), **(beside or {})})
    of_json = workspace.plan(variables)
    workspace.write({**render_module(synth, BlockSchema.load()), **(beside or {})})
    of_hcl = workspace.plan(variables)
    assert_no_differences(of_json, of_hcl)
    return of_json


def assert_no_differences(of_json: Json, of_hcl: Json) -> None:
    found = differences(of_json, of_hcl)
    assert not found, "\n".join(found[:20])


def module(**content: Any) -> Json:
    return {"//": {"metadata": {"stackName": "cases"}}, **content}


def test_generated_values_with_expressions_plan_the_same(workspace: Workspaces) -> None:
    values = [*terraform_json.collect(terraform_json.templates(), 400), "a\rb", "\r", "%%%{", "$$$${x}", "\x00"]
    synth = module(
        locals={**terraform_json.LOCALS, **{f"value_{n}": value for n, value in enumerate(values)}},
        output={f"o{n}": {"value": value} for n, value in enumerate(values)},
        resource={"terraform_data": {f"r{n}": {"input": value} for n, value in enumerate(values[:100])}},
    )

    plan = assert_same_plan(workspace("core"), synth)
    workspace("core").format()

    assert_no_differences(plan, workspace("core").plan())
    assert len(plan["configuration"]["root_module"]["outputs"]) == len(values)


def test_generated_literals_stay_what_they_are(workspace: Workspaces) -> None:
    values = terraform_json.collect(terraform_json.literals(), 300)
    texts = terraform_json.collect(terraform_json.literal_strings(), 150)
    synth = module(
        variable={
            **{f"v{n}": {"default": value} for n, value in enumerate(values)},
            **{f"t{n}": {"default": "", "description": text} for n, text in enumerate(texts)},
        },
        output={
            **{f"v{n}": {"value": f"${{var.v{n}}}"} for n in range(len(values))},
            **{f"t{n}": {"value": "", "description": text} for n, text in enumerate(texts)},
        },
    )

    plan = assert_same_plan(workspace("core"), synth)

    assert len(plan["variables"]) == len(values) + len(texts)


@pytest.mark.parametrize("name", CORE_CASES)
def test_blocks_of_terraform_itself_plan_the_same(workspace: Workspaces, name: str) -> None:
    plan = assert_same_plan(workspace(name), module(**CORE_CASES[name]), beside={"sub/main.tf": SUBMODULE})

    assert plan.get("resource_changes") or plan["output_changes"]


@pytest.mark.parametrize(("given", "expected"), [({}, "standard"), ({"kept": None}, "standard"), ({"kept": ""}, "")])
def test_nullable_false_gives_the_default_for_null(workspace: Workspaces, given: Json, expected: str) -> None:
    synth = module(
        variable={"kept": {"type": "string", "default": "standard", "nullable": False}},
        output={"kept": {"value": "${var.kept}"}},
    )

    plan = assert_same_plan(workspace("core"), synth, given)

    assert plan["planned_values"]["outputs"]["kept"]["value"] == expected


def test_backend_is_read_as_it_was_written(workspace: Workspaces) -> None:
    folder = workspace("backend")
    synth = module(terraform={"backend": {"local": {"path": "state-${of}-$${this}.tfstate"}}})

    folder.write(render_module(synth, BlockSchema.load()))
    folder.initialise()

    recorded = json.loads((folder.folder / ".terraform" / "terraform.tfstate").read_text())
    assert recorded["backend"]["config"]["path"] == "state-${of}-$${this}.tfstate"
