"""Rows of the ledger that a plan touches: those that its waivers rest on, and those whose tests look at what changes.

Which test looks at what is read off the tests' sources: the resource types that a test with the marker
``requirement`` names. How it ended is what the last run left in ``.groundplan/trace.json``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tooling import digest
from tooling.kept import Kept, kept_in
from tooling.requirements.ledger import read_ledger
from tooling.requirements.trace import RESULTS, read_outcomes

if TYPE_CHECKING:
    from tooling.gate import Finding
    from tooling.workspace import Workspace

_MARKER = "requirement"
_KIND = "tests"
# What reads the tests.
_READER = digest.of_file(Path(__file__))
_TYPE = re.compile(r"^aws_[a-z0-9_]+$")


@dataclass(frozen=True)
class TouchedRow:
    """One requirement that something in the plan has to do with.

    Attributes:
        id, says: The row.
        why: As ``tests of aws_dynamodb_table`` or ``waiver of CKV_AWS_119``.
        tests: How many tests carry it.
        result: ``passed``, ``failed``, ``not run here`` or ``no plan test``.
    """

    id: str
    says: str
    why: str
    tests: int
    result: str


def touched_rows(
    workspace: Workspace, architecture: str, types: frozenset[str], waived: Sequence[Finding]
) -> tuple[TouchedRow, ...]:
    """The rows, by id; none where the project has no ledger of this architecture.

    Args:
        workspace: Its ``specs``, ``tests/plan`` and work files are read.
        architecture: Whose rows.
        types: Types of the resources that the plan changes.
        waived: Findings whose waivers name rows.
    """
    carried = _carried(workspace.root / "tests" / "plan" / architecture, kept_in(workspace.work))
    outcomes = _by_function(read_outcomes(workspace.work / RESULTS))
    waivers: dict[str, set[str]] = {}
    for finding in waived:
        if finding.waived_by is not None:
            waivers.setdefault(finding.waived_by.requirement, set()).add(finding.check_id)
    rows = []
    for requirement in read_ledger(workspace.requirements):
        tests = [test for test in carried if requirement.id in test.rows]
        seen = sorted({kind for test in tests for kind in test.types} & types)
        why = [f"waiver of {check}" for check in sorted(waivers.get(requirement.id, ()))]
        why += [f"tests of {', '.join(seen)}"] if seen else []
        if why:
            found = [outcome for test in tests for outcome in outcomes.get(test.node(workspace.root), ["not run"])]
            rows.append(TouchedRow(requirement.id, requirement.says, "; ".join(why), len(tests), _result(found)))
    return tuple(rows)


def _result(outcomes: Sequence[str]) -> str:
    if not outcomes:
        return "no plan test"
    if "failed" in outcomes:
        return "failed"
    return "passed" if all(outcome == "passed" for outcome in outcomes) else "not run here"


def _by_function(outcomes: Mapping[str, str]) -> dict[str, list[str]]:
    """Outcomes by test, all cases of a parametrised one together."""
    found: dict[str, list[str]] = {}
    for test, outcome in outcomes.items():
        found.setdefault(test.partition("[")[0], []).append(outcome)
    return found


@dataclass(frozen=True)
class _Test:
    file: Path
    name: str
    rows: frozenset[str]
    types: frozenset[str]

    def node(self, root: Path) -> str:
        return f"{self.file.relative_to(root).as_posix()}::{self.name}"


def _carried(folder: Path, kept: Kept) -> tuple[_Test, ...]:
    """Every test of a folder that carries rows, and the resource types it names.

    Parsing a hundred tests takes longer than judging the plan, so what a file holds is kept by its content.
    """
    files = sorted(folder.glob("test_*.py"))
    key = digest.of_value([_READER, digest.of_files(folder, files)])
    found = kept.read(_KIND, key)
    if found is None:
        found = [
            [test.file.name, test.name, sorted(test.rows), sorted(test.types)]
            for file in files
            for test in _tests(file)
        ]
        kept.keep(_KIND, key, found)
    return tuple(_Test(folder / file, name, frozenset(rows), frozenset(types)) for file, name, rows, types in found)


def _tests(file: Path) -> Iterator[_Test]:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, SyntaxError):
        # pytest says it better; a report does not fail for it.
        return
    named = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        rows = frozenset(_marked(node))
        if rows:
            texts = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}
            texts |= {named[each.id] for each in ast.walk(node) if isinstance(each, ast.Name) and each.id in named}
            types = frozenset(text for text in texts if isinstance(text, str) and _TYPE.match(text))
            yield _Test(file, node.name, rows, types)


def _marked(node: ast.FunctionDef) -> Iterator[str]:
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == _MARKER:
            yield from (str(each.value) for each in mark.args if isinstance(each, ast.Constant))
