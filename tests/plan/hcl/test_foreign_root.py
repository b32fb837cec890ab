"""The modules are a library: somebody else's root calls each twice, with providers of its own, and nothing collides."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from cdktf_app.synthesis import architectures, synthesize
from tests.plan.hcl.conftest import Workspace
from tests.plan.hcl.test_modules import PINNED, REPOSITORY, Json, aliases, secrets_of, values_by_hand

Workspaces = Callable[[str], Workspace]
# One plan, of which no second worker makes its own.
pytestmark = pytest.mark.xdist_group("foreign-root")
# Two of everything: the words of the second differ from the first's in nothing but these.
TWINS = {"one": "-one", "two": "-two"}
# Names that may be there once an account and region, by the type that has them.
NAMES = {
    "aws_s3_bucket": "bucket",
    "aws_dynamodb_table": "name",
    "aws_lambda_function": "function_name",
    "aws_iam_role": "name",
    "aws_cloudwatch_log_group": "name",
    "aws_sqs_queue": "name",
    "aws_sns_topic": "name",
    "aws_ecs_cluster": "name",
    "aws_db_instance": "identifier",
}


def provider(alias: str, region: str) -> str:
    return f"""provider "aws" {{
  alias                       = "{alias}"
  region                      = "{region}"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}}
"""


def call(name: str, synth: Json, twin: str) -> str:
    """As a stranger writes it: his own provider names, the inputs of the README, no file of this project's envs."""
    pinned: dict[str, Any] = {**PINNED, "environment": twin, "name_suffix": TWINS[twin]}
    given = "".join(f'  {key} = "{value}"\n' for key, value in pinned.items() if key in synth["variable"])
    kept = [
        line
        for line in values_by_hand("local", name).splitlines()
        if not re.match(r"(name_suffix|environment)\b", line)
    ]
    values = "\n".join(["", *kept])
    providers = "".join(f"    {alias} = aws.far\n" for alias in aliases(synth))
    return (
        f'module "{name}_{twin}" {{\n  source = "./vendor/{name}/removable"\n'
        f"  providers = {{\n    aws = aws.near\n{providers}  }}\n{given}{secrets_of(synth, values)}{values}\n}}\n"
    )


@pytest.fixture(scope="module")
def planned(workspace: Workspaces) -> dict[str, Any]:
    folders = workspace("foreign")
    synths = {name: synthesize(name, retain_data=False) for name in architectures()}
    calls = [call(name, synth, twin) for name, synth in synths.items() for twin in TWINS]
    files = {"main.tf": "\n".join([provider("near", "us-east-1"), provider("far", "us-west-2"), *calls])}
    for name in synths:
        shutil.copytree(REPOSITORY / "modules" / name, folders.folder / "vendor" / name)
    for file in sorted((folders.folder / "vendor").rglob("*.tf")):
        files[file.relative_to(folders.folder).as_posix()] = file.read_text(encoding="utf-8")
    folders.write(files, backend=False)
    return folders.plan()


def test_every_module_is_made_twice_by_the_providers_of_the_root(planned: dict[str, Any]) -> None:
    made: Counter[str] = Counter(
        entry["module_address"].partition("[")[0].split(".")[1]
        for entry in planned["resource_changes"]
        if entry["change"]["actions"] == ["create"]
    )

    assert set(made) == {f"{name}_{twin}" for name in architectures() for twin in TWINS}
    for name in architectures():
        assert made[f"{name}_one"] == made[f"{name}_two"] >= 10, name
    # The modules have none of their own; what the root only requires is listed too.
    configured = planned["configuration"]["provider_config"]
    assert {name for name, one in configured.items() if one.get("expressions")} == {"aws.near", "aws.far"}
    assert [name for name, one in configured.items() if "module_address" in one] == []


@pytest.mark.parametrize(("kind", "attribute"), NAMES.items())
def test_no_two_have_one_name(planned: dict[str, Any], kind: str, attribute: str) -> None:
    names: Counter[tuple[str, str]] = Counter(
        (entry["change"]["after"].get("region", ""), entry["change"]["after"][attribute])
        for entry in planned["resource_changes"]
        if entry["type"] == kind and entry["change"]["after"] and entry["change"]["after"].get(attribute)
    )

    assert names, f"there is no {kind} with a known name"
    assert [name for name, count in names.items() if count > 1] == []
