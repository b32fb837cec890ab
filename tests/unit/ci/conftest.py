"""One emulator for the tests of this folder that need one; they keep apart by accounts and names."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.applied import emulated_target
from tests.support.emulated import emulator_in
from tests.support.project import Project
from tooling.emulator.process import RunningEmulator
from tooling.target import Target

ENV_TOML = """\
account_id       = "{ACCOUNT}"
region           = "us-east-1"
target           = "emulator"
artifacts_bucket = "packages-{NAME}"
[state]
bucket = "state-{NAME}"
region = "us-east-1"
[stacks.one]
"""
MODULE = """\
resource "aws_lambda_function" "one" {}
resource "aws_dynamodb_table" "one" {}
data "aws_iam_policy_document" "one" {
  statement {
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
"""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("emulator")


@pytest.fixture(scope="session")
def emulator(home: Path) -> Iterator[RunningEmulator]:
    with emulator_in(home) as running:
        yield running


@pytest.fixture
def target(emulator: RunningEmulator) -> Target:
    """An account that no other test has."""
    return emulated_target(emulator.endpoint, f"{secrets.randbelow(10**12):012}")


@pytest.fixture
def fresh(tmp_path: Path, home: Path, target: Target) -> Project:
    """A project whose account is empty, and which asks before it changes anything."""
    project = Project(tmp_path)
    (tmp_path / "cdktf_app").mkdir()
    (tmp_path / ".groundplan").mkdir()
    (tmp_path / ".groundplan/emulator").symlink_to(home)
    text = ENV_TOML.replace("{ACCOUNT}", target.account_id).replace("{NAME}", secrets.token_hex(5))
    project.write("envs/local/env.toml", text)
    project.write("modules/one/main.tf", MODULE)
    return project
