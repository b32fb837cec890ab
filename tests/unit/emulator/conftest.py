"""One emulator process for all tests of this folder. They keep apart by names: a new account costs moto 0.3 s."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest

from tooling.emulator.process import RunningEmulator, down, up

Client = Callable[..., Any]
ACCOUNT = "555555555555"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("emulator")


@pytest.fixture(scope="session")
def emulator(home: Path) -> Iterator[RunningEmulator]:
    running = up(home)
    yield running
    down(home)


@pytest.fixture(scope="session")
def client(emulator: RunningEmulator) -> Client:
    """``client("s3")``: a boto3 client of the tests' account; ``account=`` and ``region=`` choose another."""

    @cache
    def make(service: str, *, account: str = ACCOUNT, region: str = "us-east-1") -> Any:
        return boto3.client(
            service,
            endpoint_url=emulator.endpoint,
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key="unchecked",
        )

    return make
