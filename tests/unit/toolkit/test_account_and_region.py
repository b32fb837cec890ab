"""Account and region of an environment: its file's, or where that leaves them out, the shell's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY, Project
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.errors import Exit, ToolError
from tooling.synth.generated import Module, root_files
from tooling.workspace import Workspace

ENV_TOML = """\
{PLACE}
artifacts_bucket = "artifacts-one"

[state]
bucket = "state-one"
region = "us-east-1"

[stacks.solemate]
"""
ROOT = """\
terraform {{
  backend "s3" {{
    bucket = "state-one"
    key    = "staging/solemate.tfstate"
    region = "us-east-1"
  }}
}}

module "solemate" {{
  source = "../../../modules/solemate"

  account_id = "{account}"
  region     = "{region}"
}}
"""
FILE, OF_FILE, OF_SHELL = "envs/staging/env.toml", "111122223333", "444455556666"


@pytest.fixture(autouse=True)
def silent_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCOUNT_ID", "CDK_DEFAULT_ACCOUNT", "AWS_REGION", "AWS_DEFAULT_REGION", "CDK_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)


def workspace(root: Path, place: str = "", *, account: str = OF_SHELL, region: str = "eu-west-1") -> Workspace:
    """A project of one environment; ``place`` is what its file says of account and region."""
    project = Project(root)
    project.write(FILE, ENV_TOML.replace("{PLACE}", place))
    project.write("envs/staging/solemate/main.tf", ROOT.format(account=account, region=region))
    project.write("modules/solemate/main.tf", "")
    return Workspace(root)


@pytest.mark.requirement("SM-APP-02")
@pytest.mark.parametrize(
    ("account", "region"),
    [("AWS_ACCOUNT_ID", "AWS_REGION"), ("CDK_DEFAULT_ACCOUNT", "CDK_DEFAULT_REGION")],
)
def test_what_the_file_leaves_out_the_shell_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, account: str, region: str
) -> None:
    monkeypatch.setenv(account, OF_SHELL)
    monkeypatch.setenv(region, "eu-west-1")

    config = load_environment(workspace(tmp_path), "staging")

    assert (config.account_id, config.region) == (OF_SHELL, "eu-west-1")
    assert [stack.name for stack in select_stacks(workspace(tmp_path), "staging", config, [])] == ["staging/solemate"]


@pytest.mark.requirement("SM-APP-02")
def test_what_the_file_says_goes_before_the_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", OF_SHELL)
    monkeypatch.setenv("CDK_DEFAULT_REGION", "eu-west-1")

    config = load_environment(workspace(tmp_path, f'account_id = "{OF_FILE}"\nregion = "us-east-1"'), "staging")

    assert (config.account_id, config.region) == (OF_FILE, "us-east-1")


@pytest.mark.requirement("SM-APP-02")
@pytest.mark.parametrize(("account", "region"), [(OF_FILE, "eu-west-1"), (OF_SHELL, "us-east-1")])
def test_a_root_of_another_account_or_region_is_never_planned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, account: str, region: str
) -> None:
    monkeypatch.setenv("AWS_ACCOUNT_ID", OF_SHELL)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    project = workspace(tmp_path, account=account, region=region)

    with pytest.raises(ToolError, match=r"was generated from other settings: its (account_id|region) is") as refused:
        select_stacks(project, "staging", load_environment(project, "staging"), [])

    assert refused.value.hint == "generate it again: groundplan synth"


def test_a_wrong_value_of_the_shell_is_told_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", "mine")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")

    with pytest.raises(ToolError) as refused:
        load_environment(workspace(tmp_path), "staging")

    assert refused.value.where == f"CDK_DEFAULT_ACCOUNT, as {FILE} leaves it out"
    assert refused.value.exit_code == Exit.USAGE


def test_a_wrong_value_of_the_file_is_told_by_its_line_whatever_the_shell_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", OF_SHELL)

    with pytest.raises(ToolError, match="account_id is 'mine'") as refused:
        load_environment(workspace(tmp_path, 'account_id = "mine"\nregion = "us-east-1"'), "staging")

    assert refused.value.where == f"{FILE}:1"


def test_an_account_that_nobody_says_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="account_id is missing"):
        load_environment(workspace(tmp_path, 'region = "us-east-1"'), "staging")


@pytest.mark.requirement("SM-APP-02")
def test_a_root_that_is_generated_gives_the_module_what_the_shell_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", OF_SHELL)
    monkeypatch.setenv("CDK_DEFAULT_REGION", "eu-west-1")
    project = workspace(tmp_path)
    inputs = ("environment", "account_id", "region", "artifacts_bucket")
    variables = {name: {"type": "string"} for name in inputs}
    terraform = {"required_providers": {"aws": {"version": "5.100.0"}}}
    module = Module("solemate", {"terraform": terraform, "variable": variables}, {})

    files = root_files(project, "staging", load_environment(project, "staging"), module)

    text = files[Path("envs/staging/solemate/main.tf")]
    (call,) = re.findall(r'^module "solemate" \{$(.*?)^\}', text, re.M | re.S)
    assert re.search(rf'^ +account_id += "{OF_SHELL}"$', call, re.M)
    assert re.search(r'^ +region += "eu-west-1"$', call, re.M)
    assert f'allowed_account_ids = ["{OF_SHELL}"]' in text


@pytest.mark.requirement("SM-APP-01")
def test_one_architecture_has_a_root_of_its_own_for_staging_and_for_production() -> None:
    roots = {env: (REPOSITORY / f"envs/{env}/solemate/main.tf").read_text() for env in ("staging", "prod")}
    calls = {env: re.search(r'^module "solemate" \{$(.*?)^\}', text, re.M | re.S) for env, text in roots.items()}
    pinned = {
        env: dict(re.findall(r'^  (environment|account_id|source)\s+= "([^"]*)"$', call[1], re.M))
        for env, call in calls.items()
        if call
    }

    assert pinned["staging"]["environment"] == "staging"
    assert pinned["prod"]["environment"] == "production"
    assert pinned["staging"]["account_id"] != pinned["prod"]["account_id"]
    assert {one["source"].split("/")[4] for one in pinned.values()} == {"solemate"}
    assert all(f'"{env}/solemate.tfstate"' in roots[env] for env in roots)
