"""Requirement → tests → result.

Which test carries which id is asked of pytest itself (``--collect-only``); how each ended is what the last runs
left in ``.groundplan/trace.json``. Both are written by the plugin ``tooling.requirements.plugin``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.errors import ToolError
from tooling.requirements.ledger import Requirement, read_ledger, read_open, reason_open

if TYPE_CHECKING:
    from tooling.workspace import Workspace

RESULTS = "trace.json"
COLLECT_VARIABLE = "GROUNDPLAN_TRACE_COLLECT"


@dataclass(frozen=True)
class Row:
    """One requirement and its proof.

    Attributes:
        tests: Node ids of the tests that carry its id.
        result: ``passed``, ``failed``, ``not run``, ``open`` (see ``reason``) or ``no test``.
        reason: Why it is open.
    """

    requirement: Requirement
    tests: tuple[str, ...]
    result: str
    reason: str = ""


def trace(workspace: Workspace, architectures: tuple[str, ...]) -> tuple[Row, ...]:
    """The table for the given architectures.

    Raises:
        ToolError: The tests cannot be collected, or one carries an id that is not in the ledger.
    """
    ledger = read_ledger(workspace.requirements)
    open_rows = read_open(workspace.requirements.with_name("open.yaml"))
    tests = collect(workspace)
    known = {requirement.id for requirement in ledger}
    for identifier in sorted(set(tests) - known):
        raise ToolError(f"carries the id {identifier}, which is not in the ledger", where=tests[identifier][0])
    outcomes = read_outcomes(workspace.work / RESULTS)
    rows = []
    for requirement in ledger:
        if requirement.architecture not in architectures:
            continue
        carrying = tuple(tests.get(requirement.id, ()))
        reason = reason_open(open_rows, requirement)
        if reason is not None:
            # Tests may prove a part of it already; it is listed as open until all of it is there.
            rows.append(Row(requirement, carrying, "open", reason))
        elif carrying:
            rows.append(Row(requirement, carrying, _result([outcomes.get(test) for test in carrying])))
        else:
            rows.append(Row(requirement, (), "no test"))
    return tuple(rows)


def _result(outcomes: list[str | None]) -> str:
    if "failed" in outcomes:
        return "failed"
    # A skipped test proves nothing.
    return "passed" if all(outcome == "passed" for outcome in outcomes) else "not run"


def read_outcomes(file: Path) -> dict[str, str]:
    """Node id and outcome of the last run of each test; empty when none was run here."""
    if not file.is_file():
        return {}
    content = json.loads(file.read_text(encoding="utf-8"))
    return {str(test): str(outcome) for test, outcome in content.items()}


def collect(workspace: Workspace) -> dict[str, list[str]]:
    """Requirement id and the tests that carry it, without running any."""
    with tempfile.TemporaryDirectory(prefix="groundplan-trace-") as folder:
        file = Path(folder) / "collected.json"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "tests"],
            cwd=workspace.root,
            env={**os.environ, COLLECT_VARIABLE: str(file)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0 or not file.is_file():
            raise ToolError(
                f"the tests cannot be collected: {(done.stdout + done.stderr).strip()[-600:]}",
                hint="run it yourself: .venv/bin/python -m pytest --collect-only tests",
            )
        content = json.loads(file.read_text(encoding="utf-8"))
    return {str(identifier): list(tests) for identifier, tests in content.items()}
