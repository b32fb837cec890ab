from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.gate.conftest import Judge, planted
from tooling.errors import Exit, ToolError
from tooling.gate import BrokenGlass, ChangeLimits, Finding, GateResult, Severity, must_excuse

TABLE = "aws_dynamodb_table.data"
LIMITS = ChangeLimits(max_destroys=10, max_replaces=10)
REASON = "it was copied to the new one, see OPS-12"


def gone() -> dict[str, Any]:
    """A plan that takes a table with its data and leaves a topic."""
    plan = planted({"aws_sns_topic.t": {"name": "t", "kms_master_key_id": "k"}})
    named = {"address": TABLE, "mode": "managed", "type": "aws_dynamodb_table", "name": "data"}
    plan["resource_changes"].append(
        {**named, "change": {"actions": ["delete"], "before": {"name": "data"}, "after": None}}
    )
    return plan


def refused(result: GateResult) -> set[tuple[str, str]]:
    return {(finding.check_id, finding.address) for finding in result.refused}


def test_without_it_the_limit_holds(judge: Judge) -> None:
    assert ("GP_BLAST_3", TABLE) in refused(judge(gone(), limits=LIMITS))


def test_it_excuses_the_limit_at_the_address_that_it_names_and_keeps_the_reason(judge: Judge) -> None:
    # GIVEN
    glass = BrokenGlass(address=TABLE, reason=REASON)

    # WHEN
    result = judge(gone(), limits=LIMITS, glass=(glass,))

    # THEN
    assert ("GP_BLAST_3", TABLE) not in refused(result)
    assert {(finding.check_id, finding.glass) for finding in result.excused} == {("GP_BLAST_3", glass)}
    must_excuse([glass], [result])


def test_it_does_not_excuse_what_is_no_limit_on_a_change(judge: Judge) -> None:
    # GIVEN
    plan = planted({"aws_cloudwatch_log_group.a": {"name": "a", "retention_in_days": 0}})
    glass = BrokenGlass(address="aws_cloudwatch_log_group.a", reason=REASON)

    # WHEN
    result = judge(plan, limits=LIMITS, glass=(glass,))

    # THEN
    assert ("GP_LOGS_1", glass.address) in refused(result)
    assert result.excused == ()


@pytest.mark.parametrize("address", [f"{TABLE}*", "aws_dynamodb_table.*", f"module.kefir.{TABLE}"])
def test_one_that_excuses_nothing_is_an_error(judge: Judge, address: str) -> None:
    # GIVEN
    glass = BrokenGlass(address=address, reason=REASON)
    result = judge(gone(), limits=LIMITS, glass=(glass,))
    assert ("GP_BLAST_3", TABLE) in refused(result)

    # WHEN
    with pytest.raises(ToolError, match="excuses nothing") as caught:
        must_excuse([glass], [result])

    # THEN
    assert caught.value.exit_code is Exit.USAGE


def test_of_several_stacks_it_has_to_excuse_something_in_one(judge: Judge) -> None:
    # GIVEN
    glass = BrokenGlass(address=TABLE, reason=REASON)
    results = [judge(planted({}), limits=LIMITS, glass=(glass,)), judge(gone(), limits=LIMITS, glass=(glass,))]

    # THEN
    must_excuse([glass], results)


def test_findings_of_others_are_judged_like_the_rest(judge: Judge) -> None:
    # GIVEN what the cost estimate says, rated by somebody who does not rate
    cost = Finding(
        check_id="GP_COST_2", name="n", severity=Severity.INFO, address="dev/kefir", message="m", source="tooling/cost"
    )
    glass = BrokenGlass(address="dev/kefir", reason=REASON)

    # WHEN
    open_, excused = judge(planted({}), further=[cost]), judge(planted({}), further=[cost], glass=(glass,))

    # THEN
    assert open_.refused == (replace(cost, severity=Severity.HIGH),)
    assert excused.passed
    assert [finding.check_id for finding in excused.excused] == ["GP_COST_2"]
