from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.planner import Planner, shared_emulator


@pytest.fixture(scope="session")
def planning_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all its workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "planning"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def planner(planning_folder: Path) -> Iterator[Planner]:
    with shared_emulator(planning_folder / "emulator") as endpoint:
        yield Planner(planning_folder, endpoint)
