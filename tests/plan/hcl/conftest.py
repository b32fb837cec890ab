"""Terraform in a folder of its own, for comparing what it makes of two forms of one configuration."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.planner import shared_emulator
from tooling.terraform.mirror import provider_source


class Workspace:
    """A folder in which Terraform plans one set of files after the other; providers are installed once."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._environment = environment
        self._is_initialised = False

    def terraform(self, *arguments: str) -> str:
        """Standard output of a command that must succeed."""
        run = subprocess.run(
            ["terraform", *arguments], cwd=self.folder, env=self._environment, capture_output=True, text=True
        )
        assert run.returncode == 0, f"terraform {' '.join(arguments)}\n{run.stdout[-6000:]}\n{run.stderr[-6000:]}"
        return run.stdout

    def write(self, files: Mapping[str, str], *, backend: bool = True) -> None:
        """Makes these the only configuration files of the folder and of those in it, and installs what they need."""
        for old in (*self.folder.rglob("*.tf"), *self.folder.rglob("*.tf.json")):
            old.unlink()
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
        if not self._is_initialised:
            self.terraform("init", "-input=false", "-no-color", f"-backend={str(backend).lower()}")
            self._is_initialised = True

    def format(self) -> list[str]:
        """Formats the configuration as ``terraform fmt`` does; the names of the files that it changed."""
        return self.terraform("fmt", "-list=true", "-recursive").split()

    def plan(self, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The plan as JSON: planned values, configuration, checks; all but the time it was made."""
        values = self.folder / "values.tfvars.json"
        values.write_text(json.dumps(variables or {}))
        self.terraform("plan", "-input=false", "-no-color", "-lock=false", "-out=plan", f"-var-file={values}")
        # Numbers as text: two that differ only behind a float's precision must not look alike.
        plan: dict[str, Any] = json.loads(self.terraform("show", "-json", "plan"), parse_float=str, parse_int=str)
        del plan["timestamp"]
        # The only list whose order changes from run to run.
        plan.get("relevant_attributes", []).sort(key=json.dumps)
        return plan


@pytest.fixture(scope="session")
def terraform_environment(tmp_path_factory: pytest.TempPathFactory, planning_folder: Path) -> Iterator[dict[str, str]]:
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
    with shared_emulator(planning_folder / "emulator") as endpoint:
        yield environment | {"AWS_ENDPOINT_URL": endpoint} | ({"TF_CLI_CONFIG_FILE": str(config)} if config else {})


@pytest.fixture(scope="module")
def workspace(
    tmp_path_factory: pytest.TempPathFactory, terraform_environment: Mapping[str, str]
) -> Callable[[str], Workspace]:
    """Workspaces by name; the same name is the same folder for the tests of a file."""
    made: dict[str, Workspace] = {}

    def get(name: str) -> Workspace:
        if name not in made:
            made[name] = Workspace(tmp_path_factory.mktemp(name), terraform_environment)
        return made[name]

    return get
