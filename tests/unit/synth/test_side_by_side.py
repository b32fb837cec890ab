from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY, copy_of_this_project
from tooling.errors import ToolError
from tooling.synth.side_by_side import of_each
from tooling.workspace import Workspace

# Prints what it made; its second argument says with how many processes, and whether as copies.
MAKE = """
import os, sys
from pathlib import Path
from tooling.synth.side_by_side import of_each
from tooling.workspace import Workspace
if __name__ == "__main__":
    if sys.argv[2] == "one":
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if sys.argv[2] == "anew":
        import cdktf_app.bindings
    print(repr(of_each(Workspace(Path(sys.argv[1])), ("kefir", "nullcheck"))))
"""


def made(how: str, **environ: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", MAKE, REPOSITORY, how],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
        env={**os.environ, **environ},
    ).stdout


def test_what_is_wrong_with_one_architecture_is_said_as_if_it_were_made_here(tmp_path: Path) -> None:
    project = copy_of_this_project(tmp_path, None)
    settings = project.root / "envs/local/env.toml"
    settings.write_text(f"nonsense = 1\n{settings.read_text()}")

    with pytest.raises(ToolError, match="nonsense") as refused:
        of_each(Workspace(project.root), ("kefir", "nullcheck"))

    assert refused.value.where
    assert "envs/local/env.toml" in refused.value.where


def test_processes_side_by_side_give_what_one_gives() -> None:
    said = [made(how) for how in ("one", "copies", "anew")]

    assert said[0] == said[1] == said[2]
    assert "aws_cognito_user_pool" in said[0]


@pytest.mark.parametrize("how", ["copies", "anew"])
def test_processes_side_by_side_leave_nothing_behind(tmp_path: Path, how: str) -> None:
    made(how, TMPDIR=str(tmp_path))

    assert list(tmp_path.iterdir()) == []
