"""The modules as synth writes them: what Terraform plans from them is what cdktf's JSON says.

Terraform takes seconds to read the provider's schema, so all modules are planned below one root.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cdktf_app.hcl import BlockSchema, render_module
from cdktf_app.roots import REQUIRED_TERRAFORM, RootSpec, render_root
from cdktf_app.synthesis import architectures, synthesize
from tests.plan.hcl.cases import AWS_CASES, PROVIDER
from tests.plan.hcl.conftest import Workspace
from tests.support.plan_comparison import differences

Json = dict[str, Any]
Workspaces = Callable[[str], Workspace]

REPOSITORY = Path(__file__).resolve().parents[3]
# The two shapes of a module, each with the values that an environment gives it.
SHAPES = {"retained": (True, "prod"), "removable": (False, "local")}
PINNED = {
    "environment": "test",
    "account_id": "111111111111",
    "region": "us-east-1",
    "artifacts_bucket": "artifacts-of-the-test",
    "failover_region": "us-west-2",
    "failover_artifacts_bucket": "more-artifacts-of-the-test",
}
# Values that no file of an environment but local's holds.
NAMES_OF_SECRETS = ("encryption_key", "master_password", "db_password", "session_secret")
SECRETS = dict.fromkeys(NAMES_OF_SECRETS, "known-to-the-test-and-to-nobody-else")
CASES: Json = {"//": {"metadata": {"stackName": "cases"}}, **PROVIDER, **AWS_CASES}


def test_modules_plan_the_same_as_their_json(workspace: Workspaces) -> None:
    modules: dict[str, Json] = {"cases": CASES}
    calls = [provider(), 'module "cases" {\n  source = "./cases"\n}\n']
    for name in architectures():
        for shape, (retain_data, environment) in SHAPES.items():
            folder = f"{name}_{shape}"
            modules[folder] = synthesize(name, retain_data=retain_data)
            calls.append(module_call(folder, modules[folder], values_by_hand(environment, name)))
    wanted = {alias.removeprefix("aws.") for synth in modules.values() for alias in aliases(synth)}
    calls += [provider(alias) for alias in sorted(wanted)]
    root = {"main.tf": "\n".join(calls)}
    folders = workspace("modules")

    folders.write(root | {f"{name}/main.tf.json": json.dumps(synth) for name, synth in modules.items()})
    of_json = folders.plan()
    folders.write(root | rendered(modules))
    reformatted = folders.format()
    of_hcl = folders.plan()

    found = differences(of_json, of_hcl)
    assert not found, "\n".join(found[:20])
    assert not [file for file in reformatted if file.startswith("cases/")]
    for name in modules:
        changes = [item for item in of_hcl["resource_changes"] if item["address"].startswith(f"module.{name}.")]
        assert len(changes) >= 10, name


@pytest.mark.requirement("KF-OV-02")
def test_roots_are_valid_and_agree_with_their_modules(workspace: Workspaces) -> None:
    modules = {name: synthesize(name, retain_data=True) for name in architectures()}
    files = rendered(modules)
    for name, synth in modules.items():
        root = render_root(root_spec(name, synth), synth["variable"], synth["output"])
        files |= {f"envs/{name}/{file}": text for file, text in root.items()}
    # Below another root, a backend is a warning and the rest is checked as ever.
    files["main.tf"] = "\n".join(
        f'module "{name}" {{\n  source = "./envs/{name}"\n{values_by_hand("prod", name)}{secrets_of(synth, "")}\n}}\n'
        for name, synth in modules.items()
    )
    folders = workspace("roots")

    folders.write(files, backend=False)

    found = folders.validate()["diagnostics"]
    assert [item for item in found if item["summary"] != "Backend configuration ignored"] == []
    for synth in modules.values():
        assert synth["terraform"]["required_version"] == REQUIRED_TERRAFORM
        assert synth["terraform"]["required_providers"]["aws"]["version"] == BlockSchema.load().version


def rendered(modules: Mapping[str, Json]) -> dict[str, str]:
    schema = BlockSchema.load()
    return {
        f"{name}/{file}": text for name, synth in modules.items() for file, text in render_module(synth, schema).items()
    }


def module_call(name: str, synth: Json, values: str) -> str:
    """A call with the pinned values and those of an environment."""
    pinned = "".join(f"  {key} = {json.dumps(value)}\n" for key, value in PINNED.items() if key in synth["variable"])
    pinned += secrets_of(synth, values)
    given = "".join(f"    {alias} = {alias}\n" for alias in ("aws", *aliases(synth)))
    return f'module "{name}" {{\n  source = "./{name}"\n  providers = {{\n{given}  }}\n{pinned}{values}\n}}\n'


def secrets_of(synth: Json, values: str) -> str:
    """What the module asks for and no file of values may hold."""
    wanted = {key for key in SECRETS if key in synth["variable"] and f"\n{key} " not in values}
    return "".join(f"  {key} = {json.dumps(SECRETS[key])}\n" for key in sorted(wanted))


def aliases(synth: Json) -> list[str]:
    """Further provider configurations that the module wants: ``aws.us_east_1``."""
    found: list[str] = synth["terraform"]["required_providers"]["aws"].get("configuration_aliases", [])
    return found


def values_by_hand(environment: str, name: str) -> str:
    """What the environment gives the module, or the first that has it: a file with the syntax of a call's arguments."""
    files = sorted((REPOSITORY / "envs").glob(f"*/{name}/terraform.tfvars"))
    own = REPOSITORY / "envs" / environment / name / "terraform.tfvars"
    return (own if own in files else files[0]).read_text(encoding="utf-8")


def root_spec(name: str, synth: Json) -> RootSpec:
    return RootSpec(
        architecture=name,
        environment="test",
        account_id=PINNED["account_id"],
        region=PINNED["region"],
        module_source=f"../../{name}",
        state_bucket="state",
        state_key=f"test/{name}.tfstate",
        state_region="eu-west-1",
        pinned=PINNED,
        tags={"Environment": "test", "a ${b}": ""},
        aliases={alias.removeprefix("aws."): "us-east-1" for alias in aliases(synth)},
    )


def provider(alias: str = "") -> str:
    """A provider configuration that plans without credentials."""
    first = f'  alias  = "{alias}"\n' if alias else ""
    return f"""provider "aws" {{
{first}  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}}
"""
