from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.emulated import emulator_in
from tests.support.project import Project, tiny_project
from tests.support.sampling import sample_of
from tooling.emulator.process import RunningEmulator
from tooling.state import make_bucket
from tooling.target import Target

ACCOUNT = "123456789012"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    sample_of(config, items, Path(__file__).parent, os.environ)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("emulator")


@pytest.fixture(scope="session")
def emulator(home: Path) -> Iterator[RunningEmulator]:
    with emulator_in(home) as running:
        yield running


@pytest.fixture
def target(emulator: RunningEmulator) -> Target:
    environ = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "emulator"}
    return Target("emulator", emulator.endpoint, environ, "us-east-1", ACCOUNT)


@pytest.fixture
def bucket(target: Target) -> str:
    name = f"tiny-{secrets.token_hex(6)}"
    make_bucket(target, name, "us-east-1")
    return name


@pytest.fixture
def tiny(tmp_path: Path, home: Path, bucket: str) -> Project:
    """A stack of built-in resources whose state is in the emulator."""
    return tiny_project(tmp_path, home, bucket)
