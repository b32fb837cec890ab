"""Locks and lost states on kefir: ``groundplan drill lock`` and ``drill lost-state``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from tests.support.project import REPOSITORY

DRILLS = ("lock", "lost-state")
STACK = "kefir"


def run_states() -> list[dict[str, Any]]:
    """Every case of both drills.

    Raises:
        SystemExit: A drill ended without a result.
    """
    found = []
    for drill in DRILLS:
        ended = subprocess.run(
            [
                sys.executable,
                "-c",
                "from tooling.cli.main import main; main()",
                "drill",
                drill,
                "--stack",
                STACK,
                "--json",
            ],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if not ended.stdout:
            sys.exit(f"groundplan drill {drill} ended with {ended.returncode} and without a result")
        found += [{"drill": drill, **case} for case in json.loads(ended.stdout)["cases"]]
    return found


def table(cases: Sequence[dict[str, Any]]) -> list[str]:
    """Figures of the last run as lines of the document."""
    if not cases:
        return ["No whole run yet."]
    lines = ["| drill | what went wrong | commands | seconds | lost |", "|---|---|---|--:|---|"]
    for case in cases:
        commands = ", ".join(f"`{_short(step['command'])}` → {step['code']}" for step in case["steps"])
        lost = "; ".join(case["lost"]) or "nothing"
        lines.append(f"| {case['drill']} | {case['name']} | {commands} | {case['seconds']:.0f} | {lost} |")
    return lines


def _short(command: str) -> str:
    """Without the ids and paths of that run."""
    words = command.removeprefix("groundplan ").split()
    return " ".join(f"{word[:8]}..." if len(word) > 30 else word for word in words)
