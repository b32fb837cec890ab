"""A verdict that ``plan`` took over from an earlier plan is nothing that an apply, or the gate, believes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.project import Project
from tooling.kept import Kept

_RUNS_A_COMMAND = """\
resource "terraform_data" "shell" {
  provisioner "local-exec" {
    command = "true"
  }
}
"""


def _reused(project: Project) -> list[str]:
    facts: dict[str, Any] = json.loads((project.latest / "tiny/facts.json").read_text())
    return list(facts["reused"])


def _poisoned(project: Project) -> None:
    """Every verdict that is kept says that all is well, in an entry that is otherwise sound."""
    kept = Kept(project.root / ".groundplan/kept")
    for entry in (kept.folder / "gate").glob("*.json"):
        verdict = kept.read("gate", entry.stem)
        kept.keep("gate", entry.stem, {**verdict, "passed": True, "findings": []})


def test_a_plan_that_says_the_same_takes_over_the_verdict_and_applies(tiny: Project) -> None:
    first = tiny.run("plan", "--env", "local")
    assert _reused(tiny) == []
    verdict = (tiny.latest / "tiny/gate.json").read_bytes()

    again = tiny.run("plan", "--env", "local")

    assert (first.code, again.code) == (0, 0)
    assert _reused(tiny) == ["cost", "gate"]
    assert (tiny.latest / "tiny/gate.json").read_bytes() == verdict
    assert tiny.run("apply", "--env", "local", "--yes").code == 0


def test_a_verdict_that_was_tampered_with_is_found_out_by_apply_and_by_the_gate(tiny: Project) -> None:
    # GIVEN a plan that the gate refuses, and a kept verdict that says it passed
    tiny.write("modules/tiny/shell.tf", _RUNS_A_COMMAND)
    assert tiny.run("plan", "--env", "local").code == 4
    _poisoned(tiny)

    # WHEN the plan is made again
    assert tiny.run("plan", "--env", "local").code == 0
    assert "gate" in _reused(tiny)

    # THEN
    gate = tiny.run("gate", "--env", "local")
    assert gate.code == 4
    apply = tiny.run("apply", "--env", "local", "--yes")
    assert apply.code == 4
    assert "evaluated anew it is another one" in apply.said
    assert not _state_written(tiny.root)


def _state_written(root: Path) -> bool:
    return any((root / ".groundplan").rglob("*.journal"))
