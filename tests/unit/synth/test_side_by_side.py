from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY, copy_of_this_project
from tooling.errors import ToolError
from tooling.synth.side_by_side import of_each
from tooling.workspace import Workspace


def test_what_is_wrong_with_one_architecture_is_said_as_if_it_were_made_here(tmp_path: Path) -> None:
    project = copy_of_this_project(tmp_path, None)
    settings = project.root / "envs/local/env.toml"
    settings.write_text(f"nonsense = 1\n{settings.read_text()}")

    with pytest.raises(ToolError, match="nonsense") as refused:
        of_each(Workspace(project.root), ("kefir", "nullcheck"))

    assert refused.value.where
    assert "envs/local/env.toml" in refused.value.where


def test_processes_side_by_side_give_what_one_gives() -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from tooling.synth.side_by_side import of_each\n"
        "from tooling.workspace import Workspace\n"
        "if __name__ == '__main__':\n"
        "    if sys.argv[2] == 'one': os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "    print(repr(of_each(Workspace(Path(sys.argv[1])), ('kefir', 'nullcheck'))))\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code, REPOSITORY, how], capture_output=True, text=True, check=True, cwd=REPOSITORY
        ).stdout
        for how in ("one", "several")
    ]

    assert said[0] == said[1]
    assert "aws_cognito_user_pool" in said[0]
