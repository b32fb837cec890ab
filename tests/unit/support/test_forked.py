"""A command that is a fork says, does and ends with what one that is started does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.forked import ForkedProject
from tests.support.project import REPOSITORY, Project


@pytest.fixture
def forked(tmp_path: Path) -> ForkedProject:
    (tmp_path / "envs/local").mkdir(parents=True)
    (tmp_path / "cdktf_app").mkdir()
    return ForkedProject(tmp_path, {"GROUNDPLAN_ENV": "local"})


@pytest.fixture
def started(forked: ForkedProject) -> Project:
    return Project(forked.root, forked.environ)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["plan"], 2),
        (["nonsense"], 2),
        (["plan", "--nonsense"], 2),
        (["logs", "show"], 2),
        (["report", "--env", "nowhere"], 2),
    ],
    ids=str,
)
def test_fork_says_and_ends_with_what_a_start_does(
    forked: ForkedProject, started: Project, args: list[str], code: int
) -> None:
    answer = forked.run(*args)

    assert answer == started.run(*args)
    assert answer.said
    assert answer.code == code


def test_environment_is_the_one_that_is_given_and_nothing_is_left_of_it(
    forked: ForkedProject, started: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = forked.run("plan", environ={"GROUNDPLAN_ROOT": "/nowhere"})
    after = forked.run("plan")
    monkeypatch.setenv("GROUNDPLAN_ROOT", "/elsewhere")

    assert "no groundplan project in /nowhere" in named.err
    assert named == started.run("plan", environ={"GROUNDPLAN_ROOT": "/nowhere"})
    assert after == started.run("plan") == forked.run("plan")


def test_what_a_command_imports_it_imports_from_its_own_project(forked: ForkedProject, started: Project) -> None:
    forked.write("cdktf_app/__init__.py", "raise ValueError('of the project')\n")

    answer = forked.run("synth")

    assert "ValueError: of the project" in answer.err
    assert answer.code == started.run("synth").code == 3


def test_nothing_is_loaded_that_a_start_does_not_load() -> None:
    """But for boto3, which says nothing of this project's own imports."""
    loaded = (
        "print(sorted(name for name in sys.modules if name.startswith(('tooling', 'cdktf_app', 'policies', 'moto'))))"
    )
    of_a_start = _python(f"import sys, tooling.cli.main, tooling.target; {loaded}")

    assert _python(f"import sys; from tests.support.fork_server import load; load(); {loaded}") == of_a_start


def test_what_was_set_when_the_first_command_ran_is_not_set_for_it(forked: ForkedProject) -> None:
    text = f"""
from pathlib import Path
from tests.support.forked import ForkedProject
print(ForkedProject(Path({str(forked.root)!r})).run("plan").err)
"""

    assert "no environment 'local'" in forked.run("plan").err
    assert "/left" not in _python(text, GROUNDPLAN_ROOT="/left", GROUNDPLAN_ENV="/left")


def test_command_that_takes_too_long_is_killed(forked: ForkedProject) -> None:
    forked.write("cdktf_app/__init__.py", "import time\ntime.sleep(60)\n")

    with pytest.raises(subprocess.TimeoutExpired):
        forked.run("synth", seconds=0.5)

    time.sleep(0.5)
    assert [file for file in Path("/proc").glob("[0-9]*/cwd") if _leads_to(file, forked.root)] == []
    assert forked.run("--version").code == 0


def _leads_to(link: Path, folder: Path) -> bool:
    try:
        return link.readlink() == folder
    except OSError:
        # The process has ended.
        return False


def test_what_python_reads_at_its_start_is_read(forked: ForkedProject) -> None:
    answer = forked.run("--version", environ={"PYTHONVERBOSE": "1"})

    assert "import 'site'" in answer.err


def _python(text: str, **environ: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", text],
        env={**os.environ, **environ},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
