"""One emulator for the tests of this folder that need one; they keep apart by names."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.applied import applied_project, emulated_target
from tests.support.emulated import emulator_in
from tests.support.project import Project
from tooling.emulator.process import RunningEmulator
from tooling.target import Target

Applied = Callable[..., Project]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("emulator")


@pytest.fixture(scope="session")
def emulator(home: Path) -> Iterator[RunningEmulator]:
    with emulator_in(home) as running:
        yield running


@pytest.fixture(scope="session")
def target(emulator: RunningEmulator) -> Target:
    return emulated_target(emulator.endpoint)


@pytest.fixture
def name() -> str:
    """Part of a bucket's name that no other test has."""
    return secrets.token_hex(5)


@pytest.fixture
def applied(tmp_path: Path, home: Path, target: Target, name: str) -> Applied:
    """``applied("rewind", outputs)``: a project whose stack counts as applied."""

    def make(stack: str, outputs: Mapping[str, object] | None, *, confirm: bool = False) -> Project:
        root = tmp_path / "project"
        root.mkdir()
        bucket = f"state-{name}"
        return applied_project(root, home, target, stack=stack, bucket=bucket, outputs=outputs, confirm=confirm)

    return make
