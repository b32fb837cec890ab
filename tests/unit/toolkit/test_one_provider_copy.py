"""However many stacks are initialised from a packed mirror: the provider is on the disk once."""

from __future__ import annotations

import base64
import hashlib
import os
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from tooling.environment.stacks import Stack
from tooling.session import Session
from tooling.target import Target
from tooling.terraform.binary import find_terraform
from tooling.terraform.mirror import PROVIDER, PROVIDER_VERSION, provider_source
from tooling.workspace import Workspace

if TYPE_CHECKING:
    from tooling.environment.config import EnvironmentConfig

STACKS = 4
_EXECUTABLE = f"terraform-provider-aws_v{PROVIDER_VERSION}_x5"
_CONTENT = os.urandom(1 << 20)
_MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
_PLATFORM = f"{os.uname().sysname.lower()}_{_MACHINE}"


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A packed mirror, of which ``init`` takes the provider apart; it never runs it."""
    archive = tmp_path / "mirror" / PROVIDER / f"terraform-provider-aws_{PROVIDER_VERSION}_{_PLATFORM}.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as packed:
        entry = zipfile.ZipInfo(_EXECUTABLE)
        entry.external_attr = 0o755 << 16
        packed.writestr(entry, _CONTENT)
    return tmp_path / "mirror"


@pytest.fixture
def session(tmp_path: Path, mirror: Path) -> Session:
    work = tmp_path / ".groundplan"
    stacks = tuple(_stack(tmp_path, work, f"s{number}") for number in range(STACKS))
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "GROUNDPLAN_PROVIDER_MIRROR": str(mirror)}
    return Session(
        workspace=Workspace(tmp_path),
        env="dev",
        config=cast("EnvironmentConfig", None),
        stacks=stacks,
        target=Target("aws", None, environ, "eu-west-1", "1" * 12),
        binary=find_terraform(),
        provider=provider_source(work, environ),
        caller="test",
    )


def _stack(folder: Path, work: Path, name: str) -> Stack:
    root = folder / "envs" / name
    root.mkdir(parents=True)
    source = f'aws = {{ source = "hashicorp/aws", version = "{PROVIDER_VERSION}" }}'
    (root / "main.tf").write_text(f"terraform {{\n  required_providers {{\n    {source}\n  }}\n}}\n")
    (root / ".terraform.lock.hcl").write_text(
        f'provider "{PROVIDER}" {{\n  version     = "{PROVIDER_VERSION}"\n  constraints = "{PROVIDER_VERSION}"\n'
        f'  hashes      = ["{_h1()}"]\n}}\n'
    )
    return Stack("dev", name, root, root, work / "stacks" / name, f"{name}.tfstate")


def _h1() -> str:
    """As a lock file has it: over the names and digests of a package's files."""
    line = f"{hashlib.sha256(_CONTENT).hexdigest()}  {_EXECUTABLE}\n"
    return "h1:" + base64.b64encode(hashlib.sha256(line.encode()).digest()).decode()


def _executables(folder: Path) -> Iterator[Path]:
    """Files, not the links to them."""
    for parent, _, names in os.walk(folder):
        yield from (
            Path(parent) / name for name in names if name == _EXECUTABLE and not (Path(parent) / name).is_symlink()
        )


def _initialise(session: Session) -> None:
    with ThreadPoolExecutor(STACKS) as pool:
        list(pool.map(lambda stack: session.terraform(stack).init(), session.stacks))


def test_a_packed_provider_is_unpacked_once_for_all_stacks(session: Session) -> None:
    _initialise(session)

    copies = list(_executables(session.workspace.work))
    assert sum(copy.stat().st_size for copy in copies) == len(_CONTENT)
    assert copies[0].is_relative_to(session.workspace.work / "plugins")
    for stack in session.stacks:
        (linked,) = (stack.work / "terraform/providers" / PROVIDER / PROVIDER_VERSION).glob(f"*/{_EXECUTABLE}")
        assert linked.resolve() == copies[0].resolve()


def test_without_the_folder_every_stack_has_a_copy_of_its_own(session: Session) -> None:
    # GIVEN what the other test would not notice if it counted links, or nothing
    session.provider = replace(session.provider, cache=None)

    _initialise(session)

    assert len(list(_executables(session.workspace.work))) == STACKS
