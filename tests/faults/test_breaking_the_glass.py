"""Limits on changes, end to end: refused, stepped over by name and reason, and kept in what is sealed and applied."""

from __future__ import annotations

import json

import pytest

from tests.support.project import Project

LIMITS = """
[gate.blast_radius]
max_destroys = 1
protected    = ["module.tiny.terraform_data.item[3]"]
"""
THIRD, FOURTH = "module.tiny.terraform_data.item[2]", "module.tiny.terraform_data.item[3]"
WHY = "item three moved to another stack, see TINY-7"


@pytest.fixture
def shrinking(tiny: Project) -> Project:
    """A stack of four of which two are to go, where one may, and the last one is protected."""
    settings = tiny.root / "envs/local/env.toml"
    settings.write_text(settings.read_text() + LIMITS)
    tiny.tfvars("size = 4\n")
    for command in ("plan", "apply"):
        answer = tiny.run(command)
        assert answer.code == 0, answer.said
    tiny.tfvars("size = 2\n")
    return tiny


def test_more_than_the_limit_is_refused_and_nothing_of_it_can_be_applied(shrinking: Project) -> None:
    answer = shrinking.run("plan")

    assert answer.code == 4, answer.said
    assert "blast radius: 2 destroyed" in answer.out
    assert f"GP_BLAST_1 {THIRD}: the plan deletes 2, max_destroys is 1" in answer.out
    assert f"GP_BLAST_4 {FOURTH}: the plan deletes what" in answer.out
    assert shrinking.run("apply", "--yes").code == 4


def test_a_glass_for_another_address_does_not_help(shrinking: Project) -> None:
    answer = shrinking.run("plan", "--break-glass", f"{THIRD}={WHY}")

    assert answer.code == 4, answer.said
    assert f"broken glass: {THIRD}: {WHY} (GP_BLAST_1)" in answer.out
    assert f"GP_BLAST_4 {FOURTH}" in answer.out


def test_a_glass_that_excuses_nothing_is_wrong_usage_and_leaves_no_changeset(shrinking: Project) -> None:
    before = shrinking.latest

    answer = shrinking.run("plan", "--break-glass", f"module.tiny.terraform_data.item[0]={WHY}")

    assert answer.code == 2, answer.said
    assert "excuses nothing" in answer.err
    assert shrinking.latest == before


def test_a_glass_broken_by_name_lets_it_through_and_stands_in_seal_and_receipt(shrinking: Project) -> None:
    # WHEN the protected one is named, which also takes it out of the count
    planned = shrinking.run("plan", "--break-glass", f"{FOURTH}={WHY}")
    assert planned.code == 0, planned.said

    # THEN it is told, sealed, and gated with it once more
    assert f"broken glass: {FOURTH}: {WHY} (GP_BLAST_1, GP_BLAST_4)" in planned.out
    sealed = json.loads((shrinking.latest / "changeset.json").read_text())
    assert WHY in json.dumps(sealed)
    excused = json.loads((shrinking.latest / "tiny/gate.json").read_text())["excused"]
    assert {finding["check_id"] for finding in excused} == {"GP_BLAST_1", "GP_BLAST_4"}
    assert WHY in (shrinking.latest / "report.md").read_text()

    # AND what is applied says so too
    applied = shrinking.run("apply", "--yes")
    assert applied.code == 0, applied.said
    receipts = [path.read_text() for path in shrinking.latest.rglob("receipt*.json")]
    assert [text for text in receipts if WHY in text and FOURTH.replace('"', '\\"') in text]


def test_a_reason_changed_after_the_seal_is_tampering(shrinking: Project) -> None:
    assert shrinking.run("plan", "--break-glass", f"{FOURTH}={WHY}").code == 0
    gate = shrinking.latest / "tiny/gate.json"
    gate.write_text(gate.read_text().replace(WHY, "somebody else said so, see TINY-8"))

    answer = shrinking.run("apply", "--yes")

    assert answer.code == 4, answer.said


def test_a_destroy_is_not_counted_but_keeps_what_is_protected(shrinking: Project) -> None:
    refused = shrinking.run("destroy", "--yes")
    assert refused.code == 4, refused.said
    assert "GP_BLAST_1" not in refused.said
    assert f"GP_BLAST_4 {FOURTH}" in refused.said

    gone = shrinking.run("destroy", "--yes", "--break-glass", f"{FOURTH}={WHY}")
    assert gone.code == 0, gone.said
