"""The difference as a reader gets it: short, and never two lines that look alike."""

from __future__ import annotations

import pytest

from tests.support.changesets import ID
from tooling.changeset.difference import ChangesetDifference, StackDifference
from tooling.cli.difference_text import difference_text
from tooling.plan.comparing import PlanDifference, ResourceDifference, ValueDifference


def shown(capsys: pytest.CaptureFixture[str], *values: ValueDifference, hidden: int = 0) -> str:
    resources = (ResourceDifference("module.x.aws_x.y", "aws_x", "update", "update", values),) if values else ()
    stack = StackDifference("kefir", "", PlanDifference(resources, hidden=hidden), (), (), 10.0, 12.5)
    difference_text(ChangesetDifference(ID, "other", (), (stack,)))
    return capsys.readouterr().out


def test_long_values_are_shown_where_they_begin_to_differ(capsys: pytest.CaptureFixture[str]) -> None:
    same = "s" * 200

    out = shown(capsys, ValueDifference("policy", f"{same}one{same}", f"{same}two{same}"))

    lines = [line.strip() for line in out.splitlines() if line.strip().startswith(("- ", "+ "))]
    assert ["one" in lines[0], "two" in lines[1]] == [True, True]
    assert max(len(line) for line in lines) <= 102


def test_short_values_are_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, ValueDifference("size", "1 → 2", "1 → 3"))

    assert "- 1 → 2\n" in out
    assert "+ 1 → 3\n" in out


def test_cost_and_what_could_not_be_compared_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, hidden=2)

    assert "cost a month: $10.00 → $12.50" in out
    assert "2 sensitive values are masked in both and were not compared" in out
