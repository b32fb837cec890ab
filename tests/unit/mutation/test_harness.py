"""Tests against mutants, each in a fork."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.project import REPOSITORY

TESTS = """\
import time
import pytest

@pytest.fixture(scope="session")
def planner():
    raise AssertionError("the harness gives it")

@pytest.fixture
def plan(planner):
    found = planner.plan("dev", "small")
    assert found["figure"] != 3, "a fixture that breaks"
    return found

@pytest.mark.requirement("KF-A-01")
def test_figure(plan):
    assert plan["figure"] in (1, 4, 5)

def test_four_takes_for_ever(plan):
    while plan["figure"] == 4:
        time.sleep(1)

def test_refusal(planner):
    with pytest.raises(Exception, match="refused"):
        planner.plan("bad", "small")

def test_without_a_plan():
    pass
"""


def run(folder: Path, tests: str) -> dict[str, Any]:
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  requirement\n")
    (folder / "test_small.py").write_text(tests)
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.mutation.harness_run", str(folder)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_verdicts(tmp_path: Path) -> None:
    answer = run(tmp_path, TESTS)

    assert answer["error"] == ""
    assert answer["1"] == ["survived", ""]
    assert answer["2"] == ["killed", "test_small.py::test_figure"]
    assert answer["3"][0] == "broken"
    assert answer["4"] == ["late", ""]
    assert answer["5"] == ["survived", ""]
    assert answer["nonsense"][0] == "broken"
    assert "no such place" in answer["nonsense"][1]


def test_red_only_after_the_plans_were_read_for_mutants_means_nothing_either(tmp_path: Path) -> None:
    """As if that had changed them."""
    changed = TESTS.replace("in (1, 4, 5)", '== 1 and "touched" not in plan')

    answer = run(tmp_path, changed)

    assert "red in a fork without any mutant" in answer["error"]
    assert answer.keys() == {"error"}


def test_no_verdict_counts_when_the_tests_are_red_after_it_without_a_mutant(tmp_path: Path) -> None:
    """As if somebody had changed a file that a test reads."""
    changed = TESTS.replace(
        "def test_refusal",
        "def test_file(plan, tmp_path_factory):\n"
        "    spoilt = pathlib.Path(__file__).with_name('spoilt')\n"
        "    assert not spoilt.exists()\n"
        "    if plan['figure'] == 5:\n"
        "        spoilt.touch()\n\n"
        "def test_refusal",
    )

    answer = run(tmp_path, f"import pathlib\n{changed}")

    assert "test_file AssertionError" in answer["error"]
    assert answer.keys() == {"error"}


def test_red_without_a_mutant_means_nothing(tmp_path: Path) -> None:
    answer = run(tmp_path, TESTS.replace("in (1, 4, 5)", "== 7"))

    assert "test_figure fails without any mutant" in answer["error"]
    assert answer.keys() == {"error"}
