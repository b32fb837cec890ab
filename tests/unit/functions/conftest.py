from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from cdktf_app import packages
from tests.unit.functions.expo_standin import ExpoStandin
from tests.unit.functions.kefir_table import KefirTable
from tests.unit.functions.lambda_standin import LambdaStandin, Outcome
from tests.unit.functions.reminder_run import Run, invocation


@pytest.fixture(scope="session")
def lambda_standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LambdaStandin]:
    built = {
        name: package
        for architecture in packages.architectures_with_functions()
        for name, package in packages.build(architecture).items()
    }
    standin = LambdaStandin(tmp_path_factory.mktemp("lambda"), built)
    yield standin
    standin.close()


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """moto behind HTTP: its endpoint."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def aws(moto: str) -> Callable[[str], Any]:
    """Clients of moto's services, by name."""
    import boto3

    session = boto3.Session(region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    return lambda service: session.client(service, endpoint_url=moto)


@pytest.fixture(scope="session")
def dynamodb(moto: str) -> Any:
    """moto's DynamoDB as a boto3 resource."""
    import boto3

    return boto3.resource(
        "dynamodb",
        endpoint_url=moto,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.fixture
def table(dynamodb: Any) -> KefirTable:
    return KefirTable.create(dynamodb, f"kefir-app-test-{uuid.uuid4().hex[:8]}")


@pytest.fixture
def expo() -> Iterator[ExpoStandin]:
    standin = ExpoStandin()
    yield standin
    standin.close()


@pytest.fixture
def run(lambda_standin: LambdaStandin, table: KefirTable, expo: ExpoStandin) -> Run:
    def run_once(*, failures: Sequence[dict[str, str]] = (), **given: Any) -> Outcome:
        (outcome,) = lambda_standin.invoke(invocation(table, expo, **given), failures=failures)
        return outcome

    return run_once
