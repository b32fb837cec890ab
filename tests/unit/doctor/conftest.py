"""One emulator for the tests of this folder, and stacks whose state a test writes itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.applied import applied_project, emulated_target
from tests.support.emulated import emulator_in
from tests.support.project import Project
from tests.support.running_service import RunningService, running_service
from tooling.doctor import Examination, chosen, examine
from tooling.doctor.outside import Nowhere, Outside
from tooling.emulator.process import RunningEmulator
from tooling.environment.config import parse_environment
from tooling.environment.stacks import make_stack
from tooling.live import Finding, LiveStack
from tooling.session import Session
from tooling.target import Target
from tooling.terraform.binary import Binary
from tooling.terraform.mirror import ProviderSource
from tooling.workspace import Workspace

ACCOUNT = "888899990000"
Resources = Mapping[str, Mapping[str, Any]]
Client = Callable[..., Any]


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


@pytest.fixture(scope="session")
def client(target: Target) -> Client:
    made: dict[tuple[str, ...], Any] = {}

    def get(*service: str) -> Any:
        if service not in made:
            made[service] = target.client(*service)
        return made[service]

    return get


_ALIAS = '\n[stacks.shop.aliases.failover]\nregion = "us-west-2"\n'


def _with_alias(env_toml: str) -> str:
    return env_toml if _ALIAS in env_toml else env_toml + _ALIAS


class Patient:
    """A project whose one stack, ``local/shop``, holds what a test says; asked one question at a time."""

    def __init__(self, project: Project, target: Target) -> None:
        self.project, self.target = project, target

    def examination(
        self,
        resources: Resources,
        *,
        outside: Outside | None = None,
        url: str = "",
        target: Target | None = None,
        outputs: Mapping[str, Any] | None = None,
        aliases: Mapping[str, str] | None = None,
    ) -> Examination:
        """The stack with these resources; ``aliases``: those that another provider made, ``failover`` in us-west-2."""
        workspace = Workspace(self.project.root)
        self.project.write("envs/local/env.toml", _with_alias((workspace.envs / "local/env.toml").read_text()))
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
            caller=f"arn:aws:iam::{ACCOUNT}:user/test",
        )
        state = {
            "outputs": {key: {"value": value} for key, value in (outputs or {}).items()},
            "resources": [
                {
                    "module": "module.shop",
                    "mode": "managed",
                    "type": address.partition(".")[0],
                    "name": address.partition(".")[2],
                    "provider": 'provider["registry.terraform.io/hashicorp/aws"]'
                    + (f".{aliases[address]}" if aliases and address in aliases else ""),
                    "instances": [{"attributes": dict(attributes)}],
                }
                for address, attributes in resources.items()
            ],
        }
        return Examination(LiveStack(session, stack, state), outside or Nowhere(), datetime.now(UTC), url)

    def asked(self, check: str, resources: Resources, **options: Any) -> dict[str, Finding]:
        """What one diagnosis finds, by name."""
        found = examine(self.examination(resources, **options), chosen([check]), named=True)
        assert [one.check for one in found] == [check]
        return {finding.name: finding for finding in found[0].findings}


@pytest.fixture
def patient(tmp_path: Path, home: Path, target: Target, name: str) -> Patient:
    root = tmp_path / "project"
    root.mkdir()
    return Patient(applied_project(root, home, target, stack="shop", bucket=f"state-{name}", outputs={}), target)


@pytest.fixture
def service(client: Client, name: str) -> RunningService:
    return running_service(client, name, ACCOUNT)
