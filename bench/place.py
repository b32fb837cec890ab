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
from tooling.session import Session, open_session
from tooling.workspace import Workspace

ENV = "local"
STACKS = ("doomscroll", "kefir", "nullcheck", "rewind", "solemate")
# What the toolkit gives Terraform and a shell does not.
_TOOLKIT_ONLY = ("GOGC", "TF_DATA_DIR", "TF_IN_AUTOMATION")


@dataclass(frozen=True)
class Place:
    """A copy of the project, and how both sides are run in it.

    Attributes:
        root: Its folder, and the working folder of every script.
        out: What the scripts of other tools write.
        environ: The environment of groundplan.
    """

    root: Path
    out: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    def session(self, stacks: Sequence[str] = ("all",)) -> Session:
        return open_session(self.workspace, ENV, stacks)

    def groundplan(self, name: str, script: str) -> Side:
        """A side that is groundplan, in the shell as a user has it."""
        return Side(name, script, lambda: self.run(script, self.environ))

    def plainly(self, name: str, script: str, environ: Mapping[str, str]) -> Side:
        """A side that is other tools."""
        return Side(name, script, lambda: self.run(script, environ))

    def run(self, script: str, environ: Mapping[str, str]) -> Sample:
        return run_once(["/bin/sh", "-ec", script], environ, self.root)

    def bare(self, stacks: Sequence[str] = ("all",)) -> dict[str, str]:
        """The environment of a shell that runs Terraform by hand: the same account, provider and secrets."""
        session = self.session(stacks)
        environ: dict[str, str] = {}
        for stack in session.stacks:
            environ |= session.terraform(stack).environ
        given = {key: value for key, value in environ.items() if key not in _TOOLKIT_ONLY}
        return {**given, "PATH": self.environ["PATH"], "OUT": str(self.out), "BENCH_PROJECT": str(self.root)}


@contextmanager
def a_place() -> Iterator[Place]:
    """A copy of the project, its emulator running and ready, until the end."""
    with TemporaryDirectory(prefix="groundplan-bench-") as folder:
        home, root, out = (Path(folder) / name for name in ("emulator", "project", "out"))
        root.mkdir()
        out.mkdir()
        with emulator_in(home):
            project = copy_of_this_project(root, home)
            here = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "EMULATOR"))}
            place = Place(root, out, {**here, **_own(project.root)})
            place.run(f"groundplan emulator ready --env {ENV}", place.environ)
            yield place


def _own(root: Path) -> dict[str, str]:
    return {
        "GROUNDPLAN_ROOT": str(root),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "CHECKPOINT_DISABLE": "1",
        "NO_COLOR": "1",
    }
