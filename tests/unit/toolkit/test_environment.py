"""env.toml: what is right passes, what is wrong is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.project import REPOSITORY
from tooling.environment.config import EnvironmentConfig, environment_names, load_environment, parse_environment
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


def test_prod_wants_a_second_pair_of_eyes_and_the_environment_below_first() -> None:
    prod = load_environment(WORKSPACE, "prod")

    assert prod.approval.approvals == 1
    assert prod.approval.clean_tree
    assert {name: stack.promoted_from for name, stack in prod.stacks.items()} == {
        "kefir": "dev",
        "nullcheck": "dev",
        "rewind": "dev",
        "doomscroll": "dev",
        "solemate": "staging",
    }


def test_an_environment_that_says_nothing_lets_nothing_stateful_go(tmp_path: Path) -> None:
    limits = environments(tmp_path, "").gate.blast_radius

    assert limits.stateful_may_go == ()
    assert (limits.max_destroys, limits.max_replaces) == (10, 10)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('promoted_from = "upper"', "'upper': no other environment of that name"),
        ('promoted_from = "nowhere"', "'nowhere': no other environment of that name"),
        ('promoted_from = "lower"', "'lower': that has no tiny"),
        ("monthly_budget_usd = 0", "greater than 0"),
    ],
)
def test_a_promotion_or_budget_that_cannot_be_is_refused_with_its_line(
    tmp_path: Path, settings: str, says: str
) -> None:
    with pytest.raises(ToolError, match=says) as caught:
        environments(tmp_path, settings)

    assert caught.value.exit_code == Exit.USAGE
    assert caught.value.where == "envs/upper/env.toml:9"


def environments(root: Path, settings: str) -> EnvironmentConfig:
    """The environment ``upper`` with a stack ``tiny`` of these settings, beside ``lower`` with another stack."""
    for env, stack, more in (("lower", "other", ""), ("upper", "tiny", settings)):
        (root / "envs" / env).mkdir(parents=True)
        (root / "envs" / env / "env.toml").write_text(
            'account_id = "111122223333"\nregion = "us-east-1"\nartifacts_bucket = "one-bucket"\n\n'
            f'[state]\nbucket = "one-bucket"\nregion = "us-east-1"\n[stacks.{stack}]\n{more}\n'
        )
    return load_environment(Workspace(root), "upper")
