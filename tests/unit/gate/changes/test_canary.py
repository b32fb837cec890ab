"""Planted changes are refused before any plan is judged."""

from __future__ import annotations

import pytest

from tooling.errors import Exit, ToolError
from tooling.gate.changes.canary import Planted, plan_of, prove
from tooling.gate.rules import RULES


def test_every_rule_about_changes_refuses_what_is_planted_for_it() -> None:
    of_changes = {check_id for check_id, rule in RULES.items() if rule.source == "tooling/gate/changes"}

    assert set(prove()) == of_changes
    assert len(of_changes) == 7


@pytest.mark.parametrize("check_id", ["GP_BLAST_1", "GP_BLAST_2", "GP_BLAST_3", "GP_EXPOSURE_1", "GP_PRIVILEGE_1"])
def test_a_rule_that_lets_its_planted_change_pass_turns_the_gate_off(check_id: str) -> None:
    # GIVEN a plan in which nothing is wrong
    harmless = plan_of([Planted("aws_vpc.planted", {"id": "vpc-1"}, {"id": "vpc-1"})])

    # WHEN
    with pytest.raises(ToolError, match="the gate is off: a planted change was not refused by") as caught:
        prove([(check_id, "aws_vpc.planted", harmless)])

    # THEN
    assert caught.value.exit_code is Exit.REFUSED
