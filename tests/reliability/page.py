"""The figures of kills and of lost states in ``docs/reliability.md``: between their markers, from the last run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tests.reliability import kills, states
from tests.support.project import REPOSITORY

DOCUMENT = REPOSITORY / "docs/reliability.md"
RESULTS = Path(__file__).resolve().parent / "results"
KILLS = RESULTS / "kills.json"
STATES = RESULTS / "states.json"


def blocks() -> dict[str, list[str]]:
    """What stands between the markers of each part."""
    return {"kills": kills.table(kills.read_results(KILLS)), "states": states.table(kills.read_results(STATES))}


def markers(part: str) -> tuple[str, str]:
    return (
        f"<!-- figures of {part}, written by python -m tests.reliability --part {part} -->",
        f"<!-- end of {part} -->",
    )


def write_page() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for part, lines in blocks().items():
        text = with_block(text, part, lines)
    DOCUMENT.write_text(text, encoding="utf-8")


def with_block(text: str, part: str, lines: Sequence[str]) -> str:
    """The document with these lines between the markers of a part."""
    begin, end = markers(part)
    block = "\n".join([begin, "", *lines, "", end])
    return re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: block, text, flags=re.DOTALL)
