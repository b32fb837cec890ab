"""One emulator for the tests of this folder, and projects whose one stack counts as applied."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.applied import applied_project, emulated_target
from tests.support.emulated import emulator_in
from tests.support.project import Project
from tooling.emulator.process import RunningEmulator
from tooling.target import Target

Applied = Callable[..., Project]
ACCOUNT = "444455556666"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("emulator")


@pytest.fixture(scope="session")
def emulator(home: Path) -> Iterator[RunningEmulator]:
    with emulator_in(home) as running:
        yield running


@pytest.fixture(scope="session")
def target(emulator: RunningEmulator) -> Target:
    return emulated_target(emulator.endpoint, ACCOUNT)


@pytest.fixture
def name() -> str:
    """Part of a name that no other test has."""
    return f"t{secrets.token_hex(4)}"


@pytest.fixture
def applied(tmp_path: Path, home: Path, target: Target, name: str) -> Applied:
    """``applied("kefir", {"aws_dynamodb_table.table": {...}}, outputs={...})``: a project with that in its state."""

    def make(
        stack: str,
        resources: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        outputs: Mapping[str, object] | None = None,
        aliases: Mapping[str, str] | None = None,
        retain_data: bool = False,
        confirm: bool = False,
    ) -> Project:
        root = tmp_path / "project"
        root.mkdir()
        bucket = f"state-{name}"
        project = applied_project(
            root, home, target, stack=stack, bucket=bucket, outputs=outputs or {}, confirm=confirm
        )
        if not retain_data:
            with (root / "envs/local/env.toml").open("a") as file:
                file.write("retain_data = false\n")
            project.write(f"modules/{stack}/removable/main.tf", "")
        state = {
            "version": 4,
            "serial": 1,
            "lineage": "00000000-0000-0000-0000-000000000000",
            "outputs": {output: {"value": value} for output, value in (outputs or {}).items()},
            "resources": [
                _resource(stack, address, attributes, (aliases or {}).get(address))
                for address, attributes in (resources or {}).items()
            ]
            or [{"mode": "managed", "type": "aws_s3_bucket", "name": "site", "instances": [{}]}],
        }
        body = json.dumps(state).encode()
        target.client("s3").put_object(Bucket=bucket, Key=f"local/{stack}.tfstate", Body=body)
        return project

    return make


def second_region(project: Project, stack: str, alias: str, region: str = "us-west-2") -> None:
    """Let the stack have another region, for resources of that alias."""
    with (project.root / "envs/local/env.toml").open("a") as file:
        file.write(f'\n[stacks.{stack}.aliases.{alias}]\nregion = "{region}"\n')
    root = project.root / f"envs/local/{stack}/main.tf"
    root.write_text(root.read_text() + f'\nprovider "aws" {{\n  alias  = "{alias}"\n  region = "{region}"\n}}\n')


def _resource(stack: str, address: str, attributes: Mapping[str, Any], alias: str | None) -> dict[str, Any]:
    type_, _, resource = address.partition(".")
    return {
        "module": f"module.{stack}",
        "mode": "managed",
        "type": type_,
        "name": resource,
        "provider": 'provider["registry.terraform.io/hashicorp/aws"]' + (f".{alias}" if alias else ""),
        "instances": [{"schema_version": 0, "attributes": dict(attributes)}],
    }
