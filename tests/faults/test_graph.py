"""``groundplan graph``: the drawing of a changeset's plan, without an account; refused from what was not sealed."""

from __future__ import annotations

import stat

from tests.support.drawing import read_drawing
from tests.support.project import Project

ITEM = "module.tiny.terraform_data.item[0]"


def test_a_changeset_is_drawn_to_standard_output_or_to_a_file(tiny: Project) -> None:
    # GIVEN
    planned = tiny.run("plan")
    assert planned.code == 0, planned.said

    # WHEN
    printed = tiny.run("graph")
    written = tiny.run("graph", "--stack", "tiny", "--to", "tiny.svg")
    below = tiny.run("graph", "--to", ".")

    # THEN
    file = tiny.root / "tiny.svg"
    assert (printed.code, written.code, below.code) == (0, 0, 0), printed.said + written.said + below.said
    assert read_drawing(printed.out).actions == {ITEM: "create"}
    assert file.read_text() == printed.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert written.out == "drawing: tiny.svg\n"


def test_what_cannot_be_drawn_is_refused(tiny: Project) -> None:
    # GIVEN
    none = tiny.run("graph")
    tiny.run("plan")
    plan = tiny.latest / "tiny" / "plan.json"
    other = tiny.run("graph", "--stack", "kefir")
    plan.write_text(plan.read_text().replace("create", "no-op"))

    # WHEN
    edited = tiny.run("graph")

    # THEN
    assert (none.code, other.code, edited.code) == (2, 2, 4)
    assert "there is no changeset" in none.err
    assert "does not cover this stack" in other.err
    assert "plan.json changed after the plan was sealed" in edited.err
