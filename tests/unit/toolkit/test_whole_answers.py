"""An S3 answer that breaks off is asked for again, whether it is an object or an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from tests.support.emulated import emulator_in
from tooling.emulator.process import RunningEmulator
from tooling.faultproxy import FaultPlan, FaultProxy, Rule
from tooling.target import Target

CONTENT = bytes(range(256)) * 2000


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    with emulator_in(tmp_path_factory.mktemp("emulator")) as running:
        s3 = client_of(running.endpoint)
        s3.create_bucket(Bucket="whole")
        s3.put_object(Bucket="whole", Key="object", Body=CONTENT)
        yield running


def client_of(endpoint: str) -> Any:
    environ = {"AWS_ACCESS_KEY_ID": "123456789012", "AWS_SECRET_ACCESS_KEY": "emulator", "AWS_MAX_ATTEMPTS": "3"}
    return Target("emulator", endpoint, environ, "us-east-1", "123456789012").client("s3")


def test_an_object_that_breaks_off_is_asked_for_again(emulator: RunningEmulator) -> None:
    with FaultProxy(emulator.endpoint, FaultPlan(rules=(Rule("truncate", times=2),))) as proxy:
        answer = client_of(proxy.endpoint).get_object(Bucket="whole", Key="object")

    assert answer["Body"].read() == CONTENT
    assert len(proxy.log) == 3


def test_an_error_that_breaks_off_is_asked_for_again(emulator: RunningEmulator) -> None:
    with FaultProxy(emulator.endpoint, FaultPlan(rules=(Rule("truncate", times=2),))) as proxy:
        s3 = client_of(proxy.endpoint)
        with pytest.raises(s3.exceptions.NoSuchKey):
            s3.get_object(Bucket="whole", Key="absent")

    assert len(proxy.log) == 3


def test_what_never_comes_whole_is_an_error_of_botocores(emulator: RunningEmulator) -> None:
    endless = FaultPlan(rules=(Rule("truncate"),))

    with FaultProxy(emulator.endpoint, endless) as proxy, pytest.raises(ConnectionClosedError):
        client_of(proxy.endpoint).get_object(Bucket="whole", Key="object")


def test_a_file_is_read_in_parts_as_ever(emulator: RunningEmulator, tmp_path: Path) -> None:
    s3 = client_of(emulator.endpoint)

    body = s3.get_object(Bucket="whole", Key="object")["Body"]
    parts = list(body.iter_chunks(1000))
    s3.download_file("whole", "object", str(tmp_path / "file"))

    assert b"".join(parts) == CONTENT
    assert (tmp_path / "file").read_bytes() == CONTENT
