"""Workers of a parallel run: who shares a fixture with others stays with them, and long groups are not begun last."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY

SHARED = """\
import os
import pathlib
import pytest

def note(text):
    with open(pathlib.Path(__file__).parent.parent / "notes", "a") as file:
        file.write(text + os.linesep)

@pytest.fixture(scope="module")
def made():
    note("made by " + os.environ["PYTEST_XDIST_WORKER"])

@pytest.mark.parametrize("number", range(8))
def test_one_of_several(made, number):
    note("ran shared")
"""
ALONE = SHARED.replace("(made, number)", "(number)").replace("shared", "alone")
APPLIED = SHARED.replace("(made, number)", "(number)").replace("shared", "applied")
APPLIED = APPLIED.replace("@pytest.mark.param", '@pytest.mark.xdist_group("applied")\n@pytest.mark.param')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"a/test_alone": ALONE, "b/test_shared": SHARED, "emulator/test_applied": APPLIED}.items():
        file = tmp_path / f"tests/{name}.py"
        file.parent.mkdir(parents=True)
        file.write_text(text)
    return tmp_path


def noted(folder: Path, tests: str, *, workers: int) -> list[str]:
    """What the tests of a run note, one after the other."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(folder)]
    plugins = ["-p", "tests.support.sharing_out", "-p", "no:cacheprovider"]
    shared = ["-n", str(workers), "--dist", "loadgroup", "--no-loadscope-reorder"]
    subprocess.run(
        [*command, *plugins, *shared, tests], cwd=folder, env={**own, "PYTHONPATH": str(REPOSITORY)}, check=True
    )
    return (folder / "tests/notes").read_text().splitlines()


def test_what_a_file_makes_once_is_made_by_one_worker(folder: Path) -> None:
    notes = noted(folder, "tests/b", workers=2)

    assert len([note for note in notes if note.startswith("made by ")]) == 1
    assert notes.count("ran shared") == 8


def test_applied_stacks_are_begun_first_and_tests_by_themselves_last(folder: Path) -> None:
    ran = [note for note in noted(folder, "tests", workers=1) if note.startswith("ran ")]

    assert ran == ["ran applied"] * 8 + ["ran shared"] * 8 + ["ran alone"] * 8
