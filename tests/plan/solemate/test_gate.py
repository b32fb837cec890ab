"""The gate over staging's plan: it passes, and what is waived is waived for a row of the ledger."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from tests.plan.committed import committed_plan
from tests.support.planner import Planner
from tests.support.project import REPOSITORY
from tooling.gate import GateConfig, GateResult, Severity, evaluate
from tooling.plan.sources import declared
from tooling.requirements.ledger import read_ledger

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def result(planner: Planner) -> GateResult:
    policies = REPOSITORY / "policies"
    config = GateConfig(fail_on=Severity.LOW, waivers=policies / "waivers.yaml", policies=policies, today=TODAY)
    lines = declared(REPOSITORY / "modules/solemate", REPOSITORY / "envs/staging/solemate")
    plan = committed_plan(planner, "staging", "solemate")
    return evaluate(plan, stack="staging/solemate", config=config, declared=lines)


@pytest.mark.requirement("SM-TST-03", "SM-UI-04")
def test_nothing_is_refused_and_hundreds_of_checks_ran(result: GateResult) -> None:
    assert [finding.message for finding in result.findings if finding.severity >= Severity.LOW] == []
    assert result.passed
    assert result.checks_evaluated > 300


@pytest.mark.requirement("SM-UI-04")
def test_every_waiver_that_solemate_uses_has_a_reason_and_names_a_row(result: GateResult) -> None:
    rows = {row.id for row in read_ledger(REPOSITORY / "specs/requirements.yaml")}
    waivers = yaml.safe_load((REPOSITORY / "policies/waivers.yaml").read_text())
    own = [waiver for waiver in waivers if "module.solemate." in waiver["address"]]

    assert result.waived
    assert len(own) > 20
    assert [waiver for waiver in own if waiver.get("requirement") not in rows or len(waiver["reason"]) < 20] == []
