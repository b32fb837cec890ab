"""Requirement → tests → result: what counts as proven, and what never may be open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY
from tooling.errors import ToolError
from tooling.requirements.ledger import PROVEN_BY_TEST, read_ledger, read_open, reason_open
from tooling.requirements.trace import RESULTS, Row, trace
from tooling.workspace import Workspace

LEDGER = """\
- {id: KF-A-01, says: a, kind: resource, env: all}
- {id: KF-A-02, says: b, kind: resource, env: all}
- {id: KF-T-01, says: c, kind: toolkit, env: all}
- {id: KF-T-02, says: d, kind: toolkit, env: all}
- {id: RW-A-01, says: e, kind: resource, env: all}
"""
TESTS = """\
import pytest

@pytest.mark.requirement("KF-A-01", "KF-T-01")
def test_one():
    pass

@pytest.mark.requirement("KF-A-01")
@pytest.mark.parametrize("n", [1, 2])
def test_two(n):
    pass
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for folder in ("specs", "tests", ".groundplan"):
        (tmp_path / folder).mkdir()
    (tmp_path / "specs/requirements.yaml").write_text(LEDGER)
    (tmp_path / "specs/open.yaml").write_text('"KF-*": "later"\n')
    (tmp_path / "tests/test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\naddopts = -p tooling.requirements.plugin\n"
        f"pythonpath = {REPOSITORY}\nmarkers =\n  requirement: ids\n"
    )
    return Workspace(tmp_path)


def results(workspace: Workspace, outcomes: dict[str, str]) -> dict[str, Row]:
    (workspace.work / RESULTS).write_text(json.dumps(outcomes))
    return {row.requirement.id: row for row in trace(workspace, ("kefir",))}


PASSED = {
    "tests/test_it.py::test_one": "passed",
    "tests/test_it.py::test_two[1]": "passed",
    "tests/test_it.py::test_two[2]": "passed",
}


def test_a_row_is_proven_when_every_test_that_carries_its_id_passed(workspace: Workspace) -> None:
    rows = results(workspace, PASSED)

    assert rows["KF-A-01"].result == "passed"
    assert len(rows["KF-A-01"].tests) == 3


@pytest.mark.parametrize(("outcome", "result"), [("failed", "failed"), ("skipped", "not run")])
def test_one_test_that_failed_or_was_skipped_is_no_proof(workspace: Workspace, outcome: str, result: str) -> None:
    rows = results(workspace, {**PASSED, "tests/test_it.py::test_two[2]": outcome})

    assert rows["KF-A-01"].result == result


def test_a_row_whose_tests_were_never_run_here_says_so(workspace: Workspace) -> None:
    assert results(workspace, {})["KF-A-01"].result == "not run"


def test_what_only_a_test_can_prove_is_never_open_however_it_is_listed(workspace: Workspace) -> None:
    rows = results(workspace, PASSED)

    assert rows["KF-A-02"].result == "no test"
    assert rows["KF-T-02"].result == "open"


def test_a_listed_row_stays_open_although_a_test_proves_a_part_of_it(workspace: Workspace) -> None:
    row = results(workspace, PASSED)["KF-T-01"]

    assert (row.result, row.reason) == ("open", "later")
    assert row.tests == ("tests/test_it.py::test_one",)


def test_architectures_that_are_not_built_are_left_out(workspace: Workspace) -> None:
    assert "RW-A-01" not in results(workspace, PASSED)


def test_an_id_that_the_ledger_lacks_is_refused(workspace: Workspace) -> None:
    file = workspace.root / "tests/test_it.py"
    file.write_text(file.read_text().replace("KF-T-01", "KF-T-99"))

    with pytest.raises(ToolError, match="KF-T-99, which is not in the ledger"):
        trace(workspace, ("kefir",))


def test_the_ledger_holds_all_681_rows_and_no_open_row_is_of_a_kind_that_needs_a_test() -> None:
    ledger = read_ledger(REPOSITORY / "specs/requirements.yaml")
    listed = read_open(REPOSITORY / "specs/open.yaml")

    assert len(ledger) == len({row.id for row in ledger}) == 681
    assert [row.id for row in ledger if row.kind in PROVEN_BY_TEST and reason_open(listed, row)] == []
