"""env.toml: what is right passes, what is wrong is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.project import REPOSITORY
from tooling.environment.config import environment_names, load_environment, parse_environment
from tooling.environment.stacks import select_stacks
from tooling.environment.toml_lines import line_of
from tooling.errors import Exit, ToolError
from tooling.workspace import Workspace

WORKSPACE = Workspace(REPOSITORY)


@pytest.mark.parametrize("name", environment_names(WORKSPACE))
def test_every_committed_environment_is_valid_and_pins_its_state(name: str) -> None:
    config = load_environment(WORKSPACE, name)

    assert config.account_id in config.state.bucket
    assert config.account_id in config.artifacts_bucket


def test_no_two_environments_share_a_state_bucket() -> None:
    buckets = [load_environment(WORKSPACE, name).state.bucket for name in environment_names(WORKSPACE)]

    assert len(set(buckets)) == len(buckets)


def test_only_local_runs_on_the_emulator_and_changes_without_asking() -> None:
    loose = {
        name
        for name in environment_names(WORKSPACE)
        if (config := load_environment(WORKSPACE, name)).target == "emulator" or not config.confirm
    }

    assert loose == {"local"}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (["account_id"], 1),
        (["state", "bucket"], 4),
        (["state", "region"], 3),
        (["stacks", "kefir"], 7),
        (["stacks", "kefir", "retain_data"], 8),
        (["state", "tags", "a b"], 6),
        (["nowhere"], 1),
    ],
)
def test_the_line_of_a_setting_or_of_its_table(path: list[str], line: int) -> None:
    text = 'account_id = "1"\n\n[state] # here\nbucket = "b"\n\ntags."a b" = 1\n[stacks.kefir]\nretain_data = 1\n'

    assert line_of(text, path) == line


def test_several_stacks_may_be_given_in_one_option() -> None:
    config = load_environment(WORKSPACE, "dev")

    assert [stack.name for stack in select_stacks(WORKSPACE, "dev", config, ["kefir,dev/kefir"])] == ["dev/kefir"]
    assert [stack.name for stack in select_stacks(WORKSPACE, "dev", config, ["all"])] == [
        f"dev/{name}" for name in config.stacks
    ]


def test_prod_keeps_its_data_and_dev_may_lose_it() -> None:
    modules = {
        name: select_stacks(WORKSPACE, name, load_environment(WORKSPACE, name), ["kefir"])[0].module
        for name in ("dev", "prod")
    }

    assert modules["prod"] == REPOSITORY / "modules/kefir"
    assert modules["dev"] == REPOSITORY / "modules/kefir/removable"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "env.toml"
    file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ToolError, match="not UTF-8") as caught:
        parse_environment(file, "envs/x/env.toml")

    assert caught.value.exit_code == Exit.USAGE


@pytest.mark.parametrize("name", ["../prod", "", "Dev", "a/b", "."])
def test_a_name_that_is_no_folder_of_envs_is_refused(name: str) -> None:
    with pytest.raises(ToolError, match="no environment"):
        load_environment(WORKSPACE, name)
