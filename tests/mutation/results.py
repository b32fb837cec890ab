"""What a run found: every verdict as a line of JSON, and the summary that is committed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.mutation.harness import BROKEN, KILLED, LATE, SURVIVED, Verdict
from tests.mutation.mutants import Mutant
from tests.support.project import REPOSITORY

COMMITTED = REPOSITORY / "tests/mutation/results"
VERDICTS = (KILLED, SURVIVED, BROKEN, LATE)


class Log:
    """Verdicts of a run that may be interrupted.

    Args:
        file: One verdict a line, below a line that says for which module and tests they hold.
        holds_for: Digest of these; what another one left is discarded.
    """

    def __init__(self, file: Path, holds_for: str) -> None:
        self._file = file
        lines = file.read_text().splitlines() if file.is_file() else []
        if not lines or json.loads(lines[0]) != {"for": holds_for}:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps({"for": holds_for}) + "\n")
            lines = lines[:1]
        self.verdicts: dict[str, Verdict] = {}
        for line in lines[1:]:
            content = json.loads(line)
            self.verdicts[content["mutant"]] = Verdict(**{**content, "rows": tuple(content["rows"])})

    def add(self, verdict: Verdict) -> None:
        self.verdicts[verdict.mutant] = verdict
        with self._file.open("a") as lines:
            lines.write(json.dumps(asdict(verdict)) + "\n")


def summary(
    architecture: str,
    mutants: Sequence[Mutant],
    rows: Mapping[str, tuple[str, ...]],
    ledger: Sequence[str],
    verdicts: Mapping[str, Verdict],
) -> dict[str, Any]:
    """Figures of a whole run, its survivors, and which blocks of the module it was about."""
    of_rows = [mutant for mutant in mutants if rows[mutant.id]]
    beyond = [mutant for mutant in mutants if not rows[mutant.id]]
    kinds = sorted({mutant.kind for mutant in mutants})
    lived = [mutant for mutant in mutants if verdicts[mutant.id].verdict != KILLED]
    broken = {row for mutant in of_rows for row in rows[mutant.id]}
    return {
        "architecture": architecture,
        "rows": _figures(of_rows, verdicts),
        "rows_by_kind": {
            kind: _figures([mutant for mutant in of_rows if mutant.kind == kind], verdicts)
            for kind in kinds
            if any(mutant.kind == kind for mutant in of_rows)
        },
        "beyond": _figures(beyond, verdicts),
        "rows_with_mutants": len(broken),
        "rows_without": [row for row in ledger if row not in broken],
        "survivors": {mutant.id: list(rows[mutant.id]) for mutant in lived if rows[mutant.id]},
        "survivors_beyond": sorted(mutant.id for mutant in lived if not rows[mutant.id]),
        "blocks": block_digests(architecture),
    }


def _figures(mutants: Iterable[Mutant], verdicts: Mapping[str, Verdict]) -> dict[str, int]:
    found = [verdicts[mutant.id].verdict for mutant in mutants]
    return {"mutants": len(found), **{verdict: found.count(verdict) for verdict in VERDICTS}}


def score(figures: Mapping[str, int]) -> float:
    """Per cent of the mutants that a test killed. What broke a fixture, or took too long, was not killed."""
    return 100 * figures["killed"] / figures["mutants"] if figures["mutants"] else 100.0


def block_digests(architecture: str) -> dict[str, str]:
    """First line of every block of a module (``resource "aws_s3_bucket" "photos"``) and a digest of its text."""
    found: dict[str, str] = {}
    for file in sorted((REPOSITORY / "modules" / architecture).glob("*.tf")):
        for head, body in re.findall(r"^(\w[^\n]*) \{\n(.*?)^\}$", file.read_text(), re.MULTILINE | re.DOTALL):
            # What a function's code is says nothing about the module.
            if head != "locals":
                found[head] = hashlib.sha256(body.encode()).hexdigest()[:8]
    return dict(sorted(found.items()))


def read_summary(architecture: str) -> dict[str, Any]:
    """The summary that is committed."""
    content: dict[str, Any] = json.loads((COMMITTED / f"{architecture}.json").read_text())
    return content
