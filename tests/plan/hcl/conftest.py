"""Terraform in a folder of its own, for comparing what it makes of two forms of one configuration.

What it said of the same files in an earlier run it need not say again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.kept import Kept, contents, key_of, tools
from tests.support.planner import emulator_when_asked
from tooling.synth.generated import LOCK_FILE
from tooling.terraform.mirror import provider_source


class Workspace:
    """A folder in which Terraform plans one set of files after the other; providers are installed once.

    Args:
        folder: An empty one.
        environment: Variables of the Terraform process, asked for when one is started.
        kept: What Terraform said in earlier runs.
    """

    def __init__(self, folder: Path, environment: Callable[[], Mapping[str, str]], kept: Kept) -> None:
        self.folder = folder
        self._environment = environment
        self._kept = kept
        self._init: tuple[str, ...] = ()
        self._is_initialised = False

    def terraform(self, *arguments: str) -> str:
        """Standard output of a command that must succeed."""
        run = subprocess.run(
            ["terraform", *arguments], cwd=self.folder, env=self._environment(), capture_output=True, text=True
        )
        assert run.returncode == 0, f"terraform {' '.join(arguments)}\n{run.stdout[-6000:]}\n{run.stderr[-6000:]}"
        return run.stdout

    def write(self, files: Mapping[str, str], *, backend: bool = True) -> None:
        """Makes these the only configuration files of the folder and of those in it."""
        for old in (*self.folder.rglob("*.tf"), *self.folder.rglob("*.tf.json")):
            old.unlink()
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
        self._init = ("init", "-input=false", "-no-color", f"-backend={str(backend).lower()}")

    def initialise(self) -> None:
        """Installs what the configuration needs, once a folder; the provider that the lock file admits and no other."""
        if not self._is_initialised:
            shutil.copy(LOCK_FILE, self.folder / ".terraform.lock.hcl")
            self.terraform(*self._init)
            self._is_initialised = True

    def format(self) -> list[str]:
        """Formats the configuration as ``terraform fmt`` does; the names of the files that it changed."""
        return self.terraform("fmt", "-list=true", "-recursive").split()

    def validate(self) -> dict[str, Any]:
        """What ``terraform validate`` says of the configuration."""
        said: dict[str, Any] = json.loads(self._kept.made(self._key("validate"), self._validated))
        return said

    def plan(self, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The plan as JSON: planned values, configuration, checks; all but the time it was made."""
        planned = self._kept.made(self._key("plan", variables or {}), partial(self._planned, variables or {}))
        # Numbers as text: two that differ only behind a float's precision must not look alike.
        plan: dict[str, Any] = json.loads(planned, parse_float=str, parse_int=str)
        del plan["timestamp"]
        # The only list whose order changes from run to run.
        plan.get("relevant_attributes", []).sort(key=json.dumps)
        return plan

    def _validated(self) -> bytes:
        self.initialise()
        return self.terraform("validate", "-json").encode()

    def _planned(self, variables: Mapping[str, Any]) -> bytes:
        self.initialise()
        values = self.folder / "values.tfvars.json"
        values.write_text(json.dumps(variables))
        self.terraform("plan", "-input=false", "-no-color", "-lock=false", "-out=plan", f"-var-file={values}")
        return self.terraform("show", "-json", "plan").encode()

    def _key(self, command: str, variables: Mapping[str, Any] | None = None) -> str:
        return key_of(command, variables, self._init, _configuration(self.folder), tools(), Path(__file__).read_text())


def _configuration(folder: Path) -> dict[str, str]:
    """Digests of the files that are Terraform's: a folder also holds the plan and the values of the one before."""
    return {name: digest for name, digest in contents(folder).items() if name not in ("plan", "values.tfvars.json")}


@pytest.fixture(scope="session")
def terraform_environment(
    tmp_path_factory: pytest.TempPathFactory, planning_folder: Path
) -> Iterator[Callable[[], Mapping[str, str]]]:
    """Variables of the Terraform process: nothing of the user's but the search path and where providers are.

    A state machine's definition is shown to AWS while it is planned: an emulator answers.
    """
    home = tmp_path_factory.mktemp("home")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
    }
    config = provider_source(home).cli_config
    if config:
        environment["TF_CLI_CONFIG_FILE"] = str(config)
    with emulator_when_asked(planning_folder / "emulator") as endpoint:
        yield lambda: environment | {"AWS_ENDPOINT_URL": endpoint()}


@pytest.fixture(scope="module")
def workspace(
    tmp_path_factory: pytest.TempPathFactory, terraform_environment: Callable[[], Mapping[str, str]], kept: Kept
) -> Callable[[str], Workspace]:
    """Workspaces by name; the same name is the same folder for the tests of a file."""
    made: dict[str, Workspace] = {}

    def get(name: str) -> Workspace:
        if name not in made:
            made[name] = Workspace(tmp_path_factory.mktemp(name), terraform_environment, kept)
        return made[name]

    return get
