from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.kept import FOLDER, Kept
from tests.support.planner import Planner, emulator_when_asked


@pytest.fixture(scope="session")
def planning_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all its workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "planning"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def kept() -> Kept:
    """What earlier runs made."""
    return Kept(FOLDER)


@pytest.fixture(scope="session")
def planner(planning_folder: Path, kept: Kept) -> Iterator[Planner]:
    with emulator_when_asked(planning_folder / "emulator") as endpoint:
        yield Planner(planning_folder, endpoint, kept)
