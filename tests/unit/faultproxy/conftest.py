"""One emulator process for all tests of this folder; each test has a proxy of its own in front of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.support.emulated import emulator_in
from tooling.emulator.process import RunningEmulator

Client = Callable[..., Any]


def make_client(endpoint: str, service: str, *, attempts: int = 1, read_timeout: float = 20) -> Any:
    """A client that tries ``attempts`` times in all."""
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="444444444444",
        aws_secret_access_key="unchecked",
        config=Config(
            retries={"total_max_attempts": attempts, "mode": "standard"}, connect_timeout=5, read_timeout=read_timeout
        ),
    )


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    with emulator_in(tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture(scope="session")
def direct(emulator: RunningEmulator) -> Client:
    """A client that goes round the proxy: what did happen?"""
    return lambda service: make_client(emulator.endpoint, service)


@pytest.fixture
def bucket(direct: Client) -> str:
    name = f"faults-{secrets.token_hex(6)}"
    direct("s3").create_bucket(Bucket=name)
    return name
