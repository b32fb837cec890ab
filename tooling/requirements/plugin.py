"""pytest plugin: which test carries which requirement, and how it ended. See :mod:`tooling.requirements.trace`."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tooling.requirements.trace import COLLECT_VARIABLE, RESULTS, read_outcomes
from tooling.workspace import exclusive, write_private

MARKER = "requirement"


def pytest_collection_finish(session: pytest.Session) -> None:
    target = os.environ.get(COLLECT_VARIABLE)
    if not target:
        return
    carried: dict[str, list[str]] = {}
    for item in session.items:
        for identifier in _identifiers(item):
            carried.setdefault(identifier, []).append(item.nodeid)
    Path(target).write_text(json.dumps(carried), encoding="utf-8")


def _identifiers(item: pytest.Item) -> list[str]:
    found = dict.fromkeys(str(one) for mark in item.iter_markers(MARKER) for one in mark.args)
    return list(found)


class Recorder:
    """Keeps the outcome of every test of this run and merges it into the file at the end."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.outcomes: dict[str, str] = {}

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # The controller of a parallel run sees the reports of all its workers.
        # pytest-xdist appends "@<group>" to the id of a test that must stay with its group.
        test = re.sub(r"@[\w-]+$", "", report.nodeid)
        tells = report.when == "call" or report.outcome != "passed"
        if tells and self.outcomes.get(test) != "failed":
            self.outcomes[test] = report.outcome

    @pytest.hookimpl
    def pytest_sessionfinish(self) -> None:
        if not self.outcomes:
            return
        with exclusive(self.file.with_suffix(".lock")):
            write_private(self.file, json.dumps({**read_outcomes(self.file), **self.outcomes}, indent=0))


def pytest_configure(config: pytest.Config) -> None:
    worker = hasattr(config, "workerinput")
    if not worker and not config.option.collectonly:
        config.pluginmanager.register(Recorder(config.rootpath / ".groundplan" / RESULTS), "groundplan-trace")
