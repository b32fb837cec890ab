"""One emulator for the tests of this folder, and stacks whose state a test writes itself."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.applied import applied_project, emulated_target
from tests.support.emulated import emulator_in
from tests.support.project import Project
from tests.unit.promises.web_server import WebServer
from tooling.emulator.process import RunningEmulator
from tooling.environment.config import parse_environment
from tooling.environment.stacks import make_stack
from tooling.live import Finding, LiveStack
from tooling.promises import ask_promise, promise
from tooling.session import Session
from tooling.target import Target
from tooling.terraform.binary import Binary
from tooling.terraform.mirror import ProviderSource
from tooling.workspace import Workspace

# Address in the module, as ``aws_s3_bucket.photos``, and the attributes.
Resources = Mapping[str, Mapping[str, Any]]
ACCOUNT = "777788889999"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("emulator")


@pytest.fixture(scope="session")
def emulator(home: Path) -> Iterator[RunningEmulator]:
    with emulator_in(home) as running:
        yield running


@pytest.fixture(scope="session")
def target(emulator: RunningEmulator) -> Target:
    return emulated_target(emulator.endpoint, ACCOUNT)


@pytest.fixture
def name() -> str:
    """Part of a name that no other test has."""
    return f"t{secrets.token_hex(4)}"


def state_of(resources: Resources, outputs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "version": 4,
        "serial": 1,
        "lineage": "00000000-0000-0000-0000-000000000000",
        "outputs": {output: {"value": value} for output, value in outputs.items()},
        "resources": [
            {
                "module": "module.shop",
                "mode": "managed",
                "type": address.partition(".")[0],
                "name": address.partition(".")[2],
                "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                "instances": [{"schema_version": 0, "attributes": dict(attributes)}],
            }
            for address, attributes in resources.items()
        ],
    }


class Shop:
    """A project whose one stack, ``local/shop``, counts as applied with the resources that a test gives."""

    def __init__(self, project: Project, target: Target, bucket: str) -> None:
        self.project, self.target, self.bucket = project, target, bucket

    def holds(self, resources: Resources, **outputs: Any) -> None:
        """Write its state."""
        body = json.dumps(state_of(resources, outputs)).encode()
        self.target.client("s3").put_object(Bucket=self.bucket, Key="local/shop.tfstate", Body=body)

    def live(self, resources: Resources, *, target: Target | None = None, **outputs: Any) -> LiveStack:
        """The stack as its checks see it, with no Terraform asked."""
        workspace = Workspace(self.project.root)
        config = parse_environment(workspace.envs / "local/env.toml", "env.toml")
        stack = make_stack(workspace, "local", config, "shop")
        session = Session(
            workspace=workspace,
            env="local",
            config=config,
            stacks=(stack,),
            target=target or self.target,
            binary=Binary(Path("terraform"), "1.11.0"),
            provider=ProviderSource(None, None, "nowhere"),
            caller="arn:aws:iam::777788889999:user/test",
        )
        return LiveStack(session, stack, state_of(resources, outputs))

    def asked(self, identifier: str, resources: Resources, *, target: Target | None = None) -> Finding:
        """The one answer to a promise."""
        found = ask_promise(self.live(resources, target=target), promise(identifier, where="test"))
        assert len(found) == 1, found
        return found[0]


@pytest.fixture
def shop(tmp_path: Path, home: Path, target: Target, name: str) -> Shop:
    root = tmp_path / "project"
    root.mkdir()
    project = applied_project(root, home, target, stack="shop", bucket=f"state-{name}", outputs={})
    return Shop(project, target, f"state-{name}")


Client = Callable[..., Any]


@pytest.fixture
def client(target: Target) -> Client:
    return target.client


@pytest.fixture
def server() -> Iterator[WebServer]:
    running = WebServer()
    yield running
    running.close()


def http_api(base: str) -> dict[str, dict[str, Any]]:
    """An HTTP API with a public way to read, a closed one, and the two steps of a login, as a state has it."""
    routes = {
        "GET /public/b/{id}": "NONE",
        "GET /batches": "JWT",
        "POST /batches": "JWT",
        "POST /auth/login": "NONE",
        "POST /auth/verify": "NONE",
    }
    return {
        "aws_apigatewayv2_api.http": {"id": "a1", "disable_execute_api_endpoint": False},
        "aws_apigatewayv2_stage.http": {"api_id": "a1", "invoke_url": f"{base}/"},
        **{
            f"aws_apigatewayv2_route.r{number}": {"api_id": "a1", "route_key": key, "authorization_type": kind}
            for number, (key, kind) in enumerate(routes.items())
        },
    }
