"""What a report needs besides plan, verdict and cost: quoted lines, places, rows of the ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.reports import finding, sample_facts, waiver
from tooling.report.facts import Facts, quoted
from tooling.report.rows import TouchedRow, touched_rows
from tooling.workspace import Workspace

LEDGER = """\
- {id: KF-DDB-01, says: "One table.", kind: resource, env: all}
- {id: KF-DDB-02, says: "Of two keys.", kind: resource, env: all}
- {id: KF-IAM-01, says: "Least privilege.", kind: iam, env: all}
- {id: RW-DDB-01, says: "Of another architecture.", kind: resource, env: all}
"""
TESTS = """\
import pytest

TABLE = "aws_dynamodb_table"

@pytest.mark.requirement("KF-DDB-01")
def test_there_is_a_table(plan):
    assert plan.one(TABLE)

@pytest.mark.requirement("KF-DDB-01", "KF-DDB-02")
def test_it_has_keys(plan):
    assert plan.one("aws_dynamodb_table")["hash_key"]

def test_without_a_row(plan):
    assert plan.one("aws_sqs_queue")
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for path, text in (("specs/requirements.yaml", LEDGER), ("tests/plan/kefir/test_table.py", TESTS)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return Workspace(tmp_path)


def ran(workspace: Workspace, **outcomes: str) -> None:
    workspace.work.mkdir(exist_ok=True)
    results = {f"tests/plan/kefir/test_table.py::{test}": outcome for test, outcome in outcomes.items()}
    (workspace.work / "trace.json").write_text(json.dumps(results))


def rows(workspace: Workspace, *types: str, waived: bool = False) -> dict[str, TouchedRow]:
    found = [finding("CKV_AWS_1", waived_by=waiver(requirement="KF-IAM-01"))] if waived else []
    return {row.id: row for row in touched_rows(workspace, "kefir", frozenset(types), found)}


def test_rows_are_those_whose_tests_look_at_what_changes(workspace: Workspace) -> None:
    found = rows(workspace, "aws_dynamodb_table", "aws_sqs_queue")

    assert {row.id: (row.why, row.tests) for row in found.values()} == {
        "KF-DDB-01": ("tests of aws_dynamodb_table", 2),
        "KF-DDB-02": ("tests of aws_dynamodb_table", 1),
    }


def test_rows_that_waivers_rest_on_are_there(workspace: Workspace) -> None:
    found = rows(workspace, waived=True)

    assert found == {"KF-IAM-01": TouchedRow("KF-IAM-01", "Least privilege.", "waiver of CKV_AWS_1", 0, "no plan test")}


@pytest.mark.parametrize(
    ("outcomes", "result"),
    [
        ({}, "not run here"),
        ({"test_there_is_a_table": "passed"}, "not run here"),
        ({"test_there_is_a_table": "passed", "test_it_has_keys": "passed"}, "passed"),
        ({"test_there_is_a_table[dev]": "passed", "test_there_is_a_table[prod]": "failed"}, "failed"),
        ({"test_there_is_a_table": "passed", "test_it_has_keys": "skipped"}, "not run here"),
    ],
)
def test_a_row_is_proven_only_when_all_its_tests_passed(
    workspace: Workspace, outcomes: dict[str, str], result: str
) -> None:
    ran(workspace, **outcomes)

    assert rows(workspace, "aws_dynamodb_table")["KF-DDB-01"].result == result


def test_an_architecture_without_tests_has_no_rows(workspace: Workspace) -> None:
    assert touched_rows(workspace, "tiny", frozenset({"terraform_data"}), ()) == ()


def test_a_finding_is_quoted_from_its_head_to_its_end(tmp_path: Path) -> None:
    text = 'resource "a" "b" {\n  x = 1\n}\n\nresource "c" "d" {\n' + "  y = 1\n" * 40 + "}\n"
    (tmp_path / "main.tf").write_text(text)
    places = ["main.tf:1", "main.tf:5", "main.tf:999", "gone.tf:1", "", "main.tf"]

    found = quoted(tmp_path, [finding(declared_at=place) for place in places])

    assert found["main.tf:1"] == ('resource "a" "b" {', "  x = 1", "}")
    assert (len(found["main.tf:5"]), found["main.tf:5"][-1]) == (15, "  …")
    assert set(found) == {"main.tf:1", "main.tf:5"}


def test_facts_survive_being_written() -> None:
    facts = sample_facts()

    assert Facts.from_json(json.loads(json.dumps(facts.to_json()))) == facts
