"""A changeset that is restricted to some resources, or that only accepts what is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.toolkit.test_changeset import make_changeset
from tooling.changeset import SealedStack, read_changeset, sealed, write_changeset
from tooling.changeset.conditions import asked_by
from tooling.changeset.sealing import seal_of
from tooling.environment.config import EnvironmentConfig
from tooling.errors import Exit, ToolError

PART = SealedStack("kefir", {}, "m", "r", "v", "l", "", "", "", 0, True, {"update": 1})


def test_what_a_changeset_is_restricted_to_is_sealed(tmp_path: Path) -> None:
    changeset = sealed(replace(make_changeset(), kind="revert", stacks=(replace(PART, targets=("aws_a.b",)),)))
    (tmp_path / changeset.id).mkdir()
    write_changeset(tmp_path, changeset)

    assert read_changeset(tmp_path / changeset.id, "it") == changeset
    other = replace(changeset, stacks=(replace(PART, targets=("aws_a.c",)),))
    write_changeset(tmp_path, other)
    with pytest.raises(ToolError, match="edited") as caught:
        read_changeset(tmp_path / changeset.id, "it")
    assert caught.value.exit_code == Exit.REFUSED


def test_a_changeset_of_whole_stacks_keeps_the_seal_of_before_there_were_others() -> None:
    changeset = replace(make_changeset(), stacks=(PART,))

    content = changeset.to_json()

    assert "targets" not in content["stacks"][0]
    assert seal_of(changeset) != seal_of(replace(changeset, stacks=(replace(PART, targets=("aws_a.b",)),)))


@pytest.mark.parametrize(("kind", "asked"), [("apply", True), ("revert", True), ("adopt", False), ("destroy", False)])
def test_whatever_brings_code_into_an_environment_asks_for_the_one_below_first(kind: str, asked: bool) -> None:
    config = EnvironmentConfig.model_validate(
        {
            "account_id": "111122223333",
            "region": "us-east-1",
            "state": {"bucket": "states", "region": "us-east-1"},
            "artifacts_bucket": "packages",
            "stacks": {"kefir": {"promoted_from": "dev"}},
        }
    )

    wanted = asked_by(config, ["kefir"], kind)

    assert any("applied to dev first" in words for words in wanted) is asked
