"""Where everything is run: a copy of the project with an emulator of its own; nobody's work files are touched."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.table import Side
from bench.timing import Sample, run_once
from tests.support.emulated import emulator_in
from tests.support.project import copy_of_this_project
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.session import Session, open_session
from tooling.workspace import Workspace

ENV = "local"
# What the toolkit gives Terraform and a shell does not.
_TOOLKIT_ONLY = ("GOGC", "TF_DATA_DIR", "TF_IN_AUTOMATION")
# With it Python would compile what it imports each time anew.
_COMPILES_ANEW = "PYTHONDONTWRITEBYTECODE"
# Of the shell that starts all this.
_OTHERS = ("AWS_", "EMULATOR", _COMPILES_ANEW)


@dataclass(frozen=True)
class Place:
    """A copy of the project, and how both sides are run in it.

    Attributes:
        root: Its folder, and the working folder of every script.
        out: What the scripts of other tools write.
        stacks: What is planned and gated: stacks of local.
        environ: The environment of groundplan.
    """

    root: Path
    out: Path
    stacks: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    @property
    def chosen(self) -> str:
        """The options that name environment and stacks."""
        everything = len(self.stacks) == len(load_environment(self.workspace, ENV).stacks)
        return f"--env {ENV}" if everything else f"--env {ENV} --stack {','.join(self.stacks)}"

    @property
    def counted(self) -> str:
        """``5 stacks``, or the name of the one."""
        return f"{len(self.stacks)} stacks" if len(self.stacks) > 1 else self.stacks[0]

    def session(self, stacks: Sequence[str] = ()) -> Session:
        return open_session(self.workspace, ENV, stacks or self.stacks)

    def groundplan(self, name: str, script: str) -> Side:
        """A side that is groundplan, in the shell as a user has it."""
        return Side(name, script, lambda: self.run(script, self.environ))

    def plainly(self, name: str, script: str, environ: Mapping[str, str]) -> Side:
        """A side that is other tools."""
        return Side(name, script, lambda: self.run(script, environ))

    def run(self, script: str, environ: Mapping[str, str]) -> Sample:
        return run_once(["/bin/sh", "-ec", script], environ, self.root)

    def bare(self, stacks: Sequence[str] = ()) -> dict[str, str]:
        """The environment of a shell that runs Terraform by hand: the same account, provider and secrets."""
        session = self.session(stacks)
        environ: dict[str, str] = {}
        for stack in session.stacks:
            environ |= session.terraform(stack).environ
        given = {key: value for key, value in environ.items() if key not in (*_TOOLKIT_ONLY, _COMPILES_ANEW)}
        return {**given, "PATH": self.environ["PATH"], "OUT": str(self.out), "BENCH_PROJECT": str(self.root)}


@contextmanager
def a_place(stacks: Sequence[str] = ("all",)) -> Iterator[Place]:
    """A copy of the project, its emulator running and ready, until the end.

    Args:
        stacks: What is planned and gated in it, of local; ``all`` is each of them.

    Raises:
        ToolError: Exit 2: there is no such stack.
    """
    with TemporaryDirectory(prefix="groundplan-bench-") as folder:
        home, root, out = (Path(folder) / name for name in ("emulator", "project", "out"))
        root.mkdir()
        out.mkdir()
        with emulator_in(home):
            project, workspace = copy_of_this_project(root, home), Workspace(root)
            here = {key: value for key, value in os.environ.items() if not key.startswith(_OTHERS)}
            found = select_stacks(workspace, ENV, load_environment(workspace, ENV), stacks)
            names = tuple(stack.architecture for stack in found)
            place = Place(root, out, names, {**here, **_own(project.root)})
            place.run(f"groundplan emulator ready --env {ENV}", place.environ)
            yield place


def _own(root: Path) -> dict[str, str]:
    return {
        "GROUNDPLAN_ROOT": str(root),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "CHECKPOINT_DISABLE": "1",
        "NO_COLOR": "1",
    }
