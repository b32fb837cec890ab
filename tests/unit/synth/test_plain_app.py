"""The app that make bench gives to cdktf-cli: the same constructs with cdktf's own ids, which still find each other."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.cdktf_cli import node_home
from tests.support.project import REPOSITORY

# It has functions, whose packages are locals that expressions name.
NAME = "kefir"
LOCAL = REPOSITORY / "envs/local"
# The package of the bindings without its 1,500 modules, which take longer than all the rest and change no id.
APP = """
import importlib.util, runpy, sys
bare = importlib.util.module_from_spec(importlib.util.find_spec("cdktf_cdktf_provider_aws"))
sys.modules["cdktf_cdktf_provider_aws"] = bare
import cdktf
runpy.run_module("bench.cdktf_app_plain", run_name="__main__")
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the root that the app writes for that architecture alone: each further one takes seconds."""
    project, out = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("out")
    values = project / "envs/local" / NAME
    shutil.copytree(LOCAL / NAME, values)
    (values / ".terraform.lock.hcl").write_text("", encoding="utf-8")
    whole = (LOCAL / "env.toml").read_text(encoding="utf-8")
    others = [name for name in tomllib.loads(whole)["stacks"] if name != NAME]
    alone = re.sub(rf"^\[stacks\.(?:{'|'.join(others)})\b.*?(?=^\[|\Z)", "", whole, flags=re.MULTILINE | re.DOTALL)
    (project / "envs/local/env.toml").write_text(alone, encoding="utf-8")
    path = f"{node_home() / 'bin'}{os.pathsep}{os.environ['PATH']}"
    own = {"BENCH_PROJECT": str(project), "CDKTF_OUTDIR": str(out), "PYTHONPATH": str(REPOSITORY), "PATH": path}
    subprocess.run([sys.executable, "-c", APP], cwd=project, env={**os.environ, **own}, check=True)
    return out / "stacks" / NAME


@pytest.fixture(scope="module")
def content(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "cdk.tf.json").read_text(encoding="utf-8"))
    return found


def expressions(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from [value] if "${" in value else []
    elif isinstance(value, dict):
        for each in value.values():
            yield from expressions(each)
    elif isinstance(value, list):
        for each in value:
            yield from expressions(each)


def named(content: dict[str, Any], pattern: str) -> set[str]:
    return {name for text in expressions(content) for name in re.findall(pattern, text)}


def test_every_local_that_an_expression_names_is_there(content: dict[str, Any]) -> None:
    names = named(content, r"\blocal\.(\w+)")

    assert "packages" in names
    assert names <= set(content["locals"])


def test_every_variable_that_an_expression_names_is_there(content: dict[str, Any]) -> None:
    names = named(content, r"\bvar\.(\w+)")

    assert "account_id" in names
    assert names <= set(content["variable"])


def test_every_resource_that_an_expression_names_is_there(content: dict[str, Any]) -> None:
    made = {f"{kind}.{name}" for kind, all_named in content["resource"].items() for name in all_named}
    read = {f"{kind}.{name}" for kind, all_named in content["data"].items() for name in all_named}
    names = named(content, r"(?<![\w.])(?<!data\.)(aws_\w+\.\w+)")

    assert len(names) > 20
    assert names <= made
    assert named(content, r"\bdata\.(aws_\w+\.\w+)") <= read


def test_its_ids_are_those_of_cdktf(content: dict[str, Any]) -> None:
    """This project's own would mean that it loads the bindings as groundplan does, and no plain app does that."""
    assert all(re.search(r"_[0-9A-F]{8}$", name) for name in content["resource"]["aws_lambda_function"])


def test_every_value_that_has_no_default_is_given(root: Path, content: dict[str, Any]) -> None:
    given = set(json.loads((root / "pinned.auto.tfvars.json").read_text(encoding="utf-8")))
    given |= set(re.findall(r"^(\w+)\s*=", (root / "terraform.tfvars").read_text(encoding="utf-8"), re.MULTILINE))

    assert {name for name, variable in content["variable"].items() if "default" not in variable} <= given
