"""Where calls go and how often they are tried: AWS, the emulator, or the emulator by way of a proxy."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.emulated import emulator_in
from tests.support.project import REPOSITORY
from tooling.environment.config import EnvironmentConfig, load_environment
from tooling.errors import Exit, ToolError
from tooling.faultproxy import FaultPlan, FaultProxy, Rule
from tooling.target import ON_AWS, ON_EMULATOR, Target, choose_target, is_loopback, moment
from tooling.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace whose emulator runs."""
    found = Workspace(tmp_path_factory.mktemp("project"))
    with emulator_in(found.emulator_home):
        yield found


@pytest.fixture(scope="module")
def local() -> EnvironmentConfig:
    return load_environment(Workspace(REPOSITORY), "local")


@pytest.fixture(scope="module")
def prod() -> EnvironmentConfig:
    return load_environment(Workspace(REPOSITORY), "prod")


def test_a_run_goes_through_the_proxy_that_is_named(workspace: Workspace, local: EnvironmentConfig) -> None:
    direct = choose_target(workspace, "local", local, {})
    assert direct.endpoint is not None

    with FaultProxy(direct.endpoint) as proxy:
        target = choose_target(workspace, "local", local, {"EMULATOR_ENDPOINT": proxy.endpoint})
        answer = target.client("sts").get_caller_identity()

    assert target.endpoint == target.environ["AWS_ENDPOINT_URL"] == proxy.endpoint
    assert answer["Account"] == local.account_id
    assert [entry.asked.operation for entry in proxy.log] == ["GetCallerIdentity"]


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1:4566",
        "http://192.0.2.7:4566",
        "http://example.com:80",
        "http://127.0.0.1",
        "loopback",
        "http://[::",
    ],
)
def test_rejects_a_proxy_that_is_not_on_loopback(workspace: Workspace, local: EnvironmentConfig, address: str) -> None:
    with pytest.raises(ToolError, match="is not on loopback") as refused:
        choose_target(workspace, "local", local, {"EMULATOR_ENDPOINT": address})

    assert refused.value.exit_code == Exit.USAGE
    assert refused.value.where == "EMULATOR_ENDPOINT"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1", "http://localhost:80", "http://[::1]:4566", "http://127.9.9.9:5/"]
)
def test_every_address_of_this_machine_itself_is_on_loopback(address: str) -> None:
    assert is_loopback(address)


def test_on_aws_no_proxy_is_asked_for(workspace: Workspace, prod: EnvironmentConfig) -> None:
    target = choose_target(workspace, "prod", prod, {"EMULATOR_ENDPOINT": "http://127.0.0.1:1"})

    assert (target.endpoint, target.environ.get("AWS_ENDPOINT_URL")) == (None, None)


def test_each_target_has_patience_of_its_own(
    workspace: Workspace, local: EnvironmentConfig, prod: EnvironmentConfig
) -> None:
    aws = choose_target(workspace, "prod", prod, {})
    emulator = choose_target(workspace, "local", local, {})

    assert (aws.patience, emulator.patience) == (ON_AWS, ON_EMULATOR)
    assert ON_AWS.attempts > ON_EMULATOR.attempts
    assert ON_AWS.read > ON_EMULATOR.read
    assert (aws.environ["AWS_RETRY_MODE"], emulator.environ["AWS_RETRY_MODE"]) == ("adaptive", "standard")


def test_what_the_user_set_holds_for_terraform_and_for_boto3(workspace: Workspace, prod: EnvironmentConfig) -> None:
    own = {"AWS_MAX_ATTEMPTS": "3", "AWS_RETRY_MODE": "standard"}

    target = choose_target(workspace, "prod", prod, own)

    assert own.items() <= target.environ.items()
    assert (target.patience.attempts, target.patience.mode) == (3, "standard")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("AWS_MAX_ATTEMPTS", "many", "'many' is no number of attempts"),
        ("AWS_MAX_ATTEMPTS", "0", "'0' is no number of attempts"),
        ("AWS_RETRY_MODE", "legacy", "Terraform knows no retry mode 'legacy'"),
    ],
)
def test_rejects_retries_that_terraform_would_stumble_over(
    workspace: Workspace, prod: EnvironmentConfig, variable: str, value: str, said: str
) -> None:
    with pytest.raises(ToolError, match=said) as refused:
        choose_target(workspace, "prod", prod, {variable: value})

    assert (refused.value.exit_code, refused.value.where) == (Exit.USAGE, variable)


@pytest.mark.parametrize(("retries", "tries"), [(None, 3), (0, 1), (1, 2)])
def test_boto3_tries_as_often_as_it_is_told(
    workspace: Workspace, local: EnvironmentConfig, retries: int | None, tries: int
) -> None:
    direct = choose_target(workspace, "local", local, {})
    assert direct.endpoint is not None

    with FaultProxy(direct.endpoint, FaultPlan(rules=(Rule("error500"),))) as proxy:
        environ = {"EMULATOR_ENDPOINT": proxy.endpoint, "AWS_MAX_ATTEMPTS": "3"}
        client = choose_target(workspace, "local", local, environ).client("sts", retries=retries)
        with pytest.raises(client.exceptions.ClientError):
            client.get_caller_identity()

    assert len(proxy.log) == tries


def test_stacks_and_threads_share_a_client_however_many_ask_for_it() -> None:
    target = Target("aws", None, {}, "us-east-1", "123456789012")

    with ThreadPoolExecutor(8) as pool:
        clients = list(pool.map(lambda _: target.client("s3", "us-east-1"), range(16)))

    assert {id(client) for client in (*clients, target.client("s3"))} == {id(clients[0])}


def test_who_asks_for_another_client_gets_another() -> None:
    target = Target("aws", None, {"AWS_MAX_ATTEMPTS": "2"}, "us-east-1", "123456789012")
    patient = replace(target, environ={})

    others = [
        target.client("s3"),
        target.client("s3", "eu-west-1"),
        target.client("s3", retries=0),
        target.client("s3", read=1.0),
        target.client("sqs"),
        patient.client("s3"),
    ]

    assert len({id(client) for client in others}) == len(others)
    assert [others[0].meta.config.retries, others[-1].meta.config.retries] == [
        {"total_max_attempts": 2, "mode": "adaptive"},
        {"total_max_attempts": 10, "mode": "adaptive"},
    ]


def test_a_client_of_a_target_without_an_environment_still_has_patience(tmp_path: Path) -> None:
    assert Target("aws", None, {}, "us-east-1", "123456789012").patience == ON_AWS


@pytest.mark.parametrize(
    "told",
    ["2026-11-22T20:29:27.000Z", "2026-11-22T20:29:27Z", "Sun, 22 Nov 2026 20:29:27 GMT", 1795379367, "1795379367"],
)
def test_a_time_is_read_in_every_form_that_services_tell_it_in(told: object) -> None:
    assert moment(told) == datetime(2026, 11, 22, 20, 29, 27, tzinfo=UTC)


def test_what_is_no_time_is_refused_as_botocore_refuses_it() -> None:
    with pytest.raises(ValueError, match="Invalid timestamp"):
        moment("yesterday at noonZ")
