from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.emulated import emulator_in
from tooling.emulator.process import RunningEmulator


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("emulator")


@pytest.fixture(scope="module")
def emulator(home: Path) -> Iterator[RunningEmulator]:
    with emulator_in(home) as running:
        yield running
