"""`groundplan types`: bindings as pinned, and what mypy says of the project's Python."""

from __future__ import annotations

import json
import os
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY, Project
from tooling.checking_types import BINDINGS, stale_bindings


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with one typed file."""
    found = Project(tmp_path, {"MYPY_CACHE_DIR": os.devnull})
    (tmp_path / "envs").mkdir()
    found.write("requirements.lock", (REPOSITORY / "requirements.lock").read_text())
    found.write("cdktf_app/good.py", "def double(number: int) -> int:\n    return 2 * number\n")
    return found


@pytest.mark.requirement("KF-TRB-02")
def test_types_that_agree_are_said_to(project: Project) -> None:
    answer = project.run("types")

    assert answer.code == 0, answer.said
    assert answer.out == "cdktf_app: the types agree\n"


@pytest.mark.requirement("KF-TRB-02")
def test_a_type_error_is_told_with_file_and_line(project: Project) -> None:
    project.write("cdktf_app/bad.py", 'def half(number: int) -> int:\n    return "half"\n')

    answer = project.run("types", "--json")

    assert answer.code == 1
    (line,) = json.loads(answer.out)["errors"]
    assert line.startswith("cdktf_app/bad.py:2: error: Incompatible return value type")


@pytest.mark.requirement("KF-TRB-02")
def test_bindings_of_another_version_are_told_with_what_renews_them(project: Project) -> None:
    lock = project.root / "requirements.lock"
    pin = f"cdktf-cdktf-provider-aws=={version('cdktf-cdktf-provider-aws')}"
    assert pin in lock.read_text()
    lock.write_text(lock.read_text().replace(pin, "cdktf-cdktf-provider-aws==99.0.0"))

    answer = project.run("types")

    assert answer.code == 1
    assert "the project is written for 99.0.0" in answer.out
    assert "make setup" in answer.err


def test_what_is_installed_is_what_the_committed_lock_pins() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text()

    assert [name for name in BINDINGS if f"\n{name}==" not in f"\n{lock}"] == []
    assert stale_bindings(lock) == ()


def test_a_path_that_is_not_there_is_no_success(project: Project) -> None:
    answer = project.run("types", "no-such-folder")

    assert answer.code == 1
    assert "mypy ended with 2" in answer.err


def test_a_project_without_pins_is_told(project: Project) -> None:
    (project.root / "requirements.lock").unlink()

    answer = project.run("types")

    assert answer.code == 1
    assert "requirements.lock: there is no such file" in answer.err
