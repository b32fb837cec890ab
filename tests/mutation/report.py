"""``docs/mutation.md``: the figures between its markers are written from the committed results."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from tests.mutation.results import COMMITTED, block_digests, read_summary, score
from tests.support.project import REPOSITORY

DOCUMENT = REPOSITORY / "docs/mutation.md"


def measured() -> list[str]:
    """Architectures with committed results."""
    return sorted(file.stem for file in COMMITTED.glob("*.json"))


def stale(found: dict[str, Any]) -> list[str]:
    """Blocks of the module that are others than in the run of a summary, are new or are gone."""
    now, then = block_digests(found["architecture"]), found["blocks"]
    return sorted(head for head in {*now, *then} if now.get(head) != then.get(head))


def write_report() -> None:
    text = DOCUMENT.read_text() if DOCUMENT.is_file() else ""
    for architecture in measured():
        text = with_table(text, architecture, table(read_summary(architecture)))
    DOCUMENT.write_text(text)


def with_table(text: str, architecture: str, rows: str) -> str:
    """The document with the table of an architecture between its markers."""
    begin, end = markers(architecture)
    block = f"{begin}\n\n{rows}\n\n{end}"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(text):
        return f"{text.rstrip()}\n\n## {architecture}\n\n{block}\n"
    return pattern.sub(lambda _: block, text)


def markers(architecture: str) -> tuple[str, str]:
    return f"<!-- figures of {architecture}, written by make mutation -->", f"<!-- end of {architecture} -->"


def table(found: dict[str, Any]) -> str:
    """Figures of a summary as a table."""
    without = ", ".join(found["rows_without"]) or "none"
    lines = ["| mutants | total | killed | survived | broken | late | score |", "|---|--:|--:|--:|--:|--:|--:|"]
    parts = [
        ("**of rows**", found["rows"]),
        *((f"of rows: {kind}", figures) for kind, figures in found["rows_by_kind"].items()),
        *([("beyond the rows", found["beyond"])] if found["beyond"]["mutants"] else []),
    ]
    for name, figures in parts:
        cells = [figures[each] for each in ("mutants", "killed", "survived", "broken", "late")]
        lines.append(f"| {name} | {' | '.join(map(str, cells))} | {score(figures):.1f} % |")
    shown = textwrap.fill(f"{found['rows_with_mutants']} rows have mutants; without: {without}.", 120)
    if not found["beyond"]["mutants"]:
        shown += "\nThose beyond the rows were left out of this run."
    return "\n".join([*lines, "", shown])
