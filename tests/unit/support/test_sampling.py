"""A sample of the fault tests: the same for the same seed, another for another, never without the kills."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.sampling import leave_out, sample_of

FOLDER = Path("/project/tests/faults")


class Test:
    """As much of a test as a sample looks at."""

    __test__ = False

    def __init__(self, file: str, name: str, *, proves: bool = False) -> None:
        self.path, self.nodeid, self._proves = FOLDER / file, f"{file}::{name}", proves

    def get_closest_marker(self, name: str) -> object | None:
        return object() if self._proves and name == "requirement" else None


class Run:
    """As much of a run: it is told what was left out."""

    def __init__(self) -> None:
        self.hook, self.out = self, list[Any]()

    def pytest_deselected(self, items: list[Any]) -> None:
        self.out += items


MANY: list[Any] = [Test("test_graph.py", f"test_{number}") for number in range(400)]
PROVING: list[Any] = [Test("test_conditions.py", f"test_{number}", proves=True) for number in range(40)]
KILLS: list[Any] = [Test("test_kills.py", f"test_{number}") for number in range(40)]


def test_a_seed_draws_its_share_each_time_alike_and_another_seed_others() -> None:
    first, again, other = (leave_out(MANY, 0.3, seed) for seed in ("1", "1", "2"))

    assert first == again
    assert first != other
    assert 240 <= len(first) <= 320


def test_what_proves_a_requirement_and_what_kills_is_always_there() -> None:
    assert leave_out([*PROVING, *KILLS], 0.01, "1") == []


def test_a_run_says_what_it_left_out_and_draws_below_its_folder_only() -> None:
    elsewhere: Any = Test("../unit/test_a.py", "test_it")
    elsewhere.path = Path("/project/tests/unit/test_a.py")
    run: Any = Run()
    items = [*MANY, elsewhere]

    sample_of(run, items, FOLDER, {"GROUNDPLAN_SHARE": "0.01", "GROUNDPLAN_SEED": "1"})

    assert len(run.out) + len(items) == 401
    assert elsewhere in items
    assert len(items) < 40


def test_without_a_share_nothing_is_left_out() -> None:
    run: Any = Run()
    items = list(MANY)

    sample_of(run, items, FOLDER, {"GROUNDPLAN_SEED": "1"})

    assert (items, run.out) == (MANY, [])


@pytest.mark.parametrize("environ", [{"GROUNDPLAN_SHARE": "0.3"}, {"GROUNDPLAN_SHARE": "x", "GROUNDPLAN_SEED": "1"}])
def test_a_sample_that_nobody_could_draw_again_is_refused(environ: dict[str, str]) -> None:
    run: Any = Run()

    with pytest.raises(pytest.UsageError, match="GROUNDPLAN_SEED says which sample"):
        sample_of(run, list(MANY), FOLDER, environ)
