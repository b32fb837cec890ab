"""The interpreter that the tests of the training walk with keeps to the language."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.state_machine import Json, StateMachine, TaskFailed, Walk

END = {"Done": {"Type": "Succeed"}, "Lost": {"Type": "Fail", "Error": "Lost"}}
TASK = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": {}, "Next": "Done"}
LOST = {"ErrorEquals": ["States.ALL"], "Next": "Lost"}


def walked(states: Json, *errors: str, answer: Json | None = None) -> Walk:
    """A walk in which the first calls fail."""
    left = iter(errors)

    def service(action: str, parameters: Json) -> Json:
        assert (action, parameters) == ("s3:getObject", {})
        if (error := next(left, None)) is not None:
            raise TaskFailed(error)
        return answer or {}

    machine = {"StartAt": next(iter(states)), "TimeoutSeconds": 3600, "States": {**states, **END}}
    return StateMachine(machine, service).run()


def chosen(rule: Json, data: Json) -> bool:
    """Whether a rule of a Choice applies to what the state before it answered."""
    choice = {"Type": "Choice", "Choices": [{**rule, "Next": "Done"}], "Default": "Lost"}
    return walked({"Ask": {**TASK, "Next": "Choose"}, "Choose": choice}, answer=data).status == "SUCCEEDED"


def test_retriers_count_each_for_itself() -> None:
    # The example of https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    retry = [
        {"ErrorEquals": ["ErrorA", "ErrorB"], "IntervalSeconds": 1, "BackoffRate": 2.0, "MaxAttempts": 2},
        {"ErrorEquals": ["ErrorC"], "IntervalSeconds": 5},
    ]

    done = walked({"X": {**TASK, "Retry": retry, "Catch": [LOST]}}, "ErrorA", "ErrorB", "ErrorC", "ErrorB")

    assert done.pauses == [1, 2, 5]
    assert (done.status, done.path) == ("FAILED", ["X", "Lost"])
    assert len(done.calls) == 4


def test_pause_before_a_retry_is_limited() -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "MaxAttempts": 4, "MaxDelaySeconds": 200}]

    assert walked({"X": {**TASK, "Retry": retry}}, *["E"] * 4).pauses == [60, 120, 200, 200]


@pytest.mark.parametrize(
    ("names", "error", "caught"),
    [
        (["E"], "E", True),
        (["E"], "F", False),
        (["States.ALL"], "F", True),
        (["States.TaskFailed"], "F", True),
        (["States.TaskFailed"], "States.Timeout", False),
        (["States.ALL"], "States.Timeout", True),
        (["States.ALL"], "States.Runtime", False),
    ],
)
def test_error_that_is_not_meant_ends_the_execution(names: list[str], error: str, caught: bool) -> None:
    done = walked({"X": {**TASK, "Catch": [{"ErrorEquals": names, "Next": "Done"}]}}, error)

    assert (done.status, done.error) == (("SUCCEEDED", "") if caught else ("FAILED", error))


def test_result_goes_where_it_is_put() -> None:
    rule = {"Variable": "$.there.b", "StringEquals": "kept"}
    selected = {"ResultSelector": {"b.$": "$.A.B"}, "ResultPath": "$.there"}
    asked = {**TASK, **selected, "Next": "Drop"}
    dropped = {**TASK, "ResultPath": None, "Next": "Choose"}
    choice = {"Type": "Choice", "Choices": [{**rule, "Next": "Done"}], "Default": "Lost"}

    assert walked({"Ask": asked, "Drop": dropped, "Choose": choice}, answer={"A": {"B": "kept"}}).path[-1] == "Done"


@pytest.mark.parametrize(
    ("rule", "applies"),
    [
        ({"Variable": "$.s", "StringEquals": "CREATE FAILED"}, True),
        ({"Variable": "$.s", "StringEquals": "FAILED"}, False),
        ({"Variable": "$.s", "StringMatches": "*FAILED"}, True),
        ({"Variable": "$.s", "StringMatches": "FAILED*"}, False),
        ({"Variable": "$.b", "BooleanEquals": True}, True),
        ({"Variable": "$.b", "BooleanEquals": False}, False),
        ({"Variable": "$.x.y", "IsPresent": False}, True),
        ({"Variable": "$.s", "IsPresent": True}, True),
        ({"Not": {"Variable": "$.b", "BooleanEquals": True}}, False),
        ({"And": [{"Variable": "$.s", "IsPresent": True}, {"Variable": "$.b", "BooleanEquals": True}]}, True),
        # What comes after a condition that fails is not looked at.
        ({"And": [{"Variable": "$.x", "IsPresent": True}, {"Variable": "$.x", "StringEquals": "a"}]}, False),
    ],
)
def test_rule_applies(rule: Json, applies: bool) -> None:
    assert chosen(rule, {"s": "CREATE FAILED", "b": True}) is applies


def test_variable_that_is_not_there_ends_the_execution() -> None:
    choice = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.x", "StringEquals": "a", "Next": "Done"}],
        "Default": "Lost",
    }

    assert walked({"Choose": choice}).error == "States.Runtime"


def test_waiting_counts_and_is_over_in_time() -> None:
    waiting: dict[str, Any] = {"A": {"Type": "Wait", "Seconds": 1000, "Next": "B"}, "B": {**TASK, "Next": "A"}}

    done = walked(waiting)

    assert done.status == "TIMED_OUT"
    assert done.pauses == [1000] * 4


def test_names_are_made_by_functions() -> None:
    made = {"name.$": "States.Format('rewind-{}', States.UUID())"}
    rule = {"Variable": "$.name", "StringMatches": "rewind-*-*-*-*-*", "Next": "Done"}
    choice = {"Type": "Choice", "Choices": [rule], "Default": "Lost"}

    assert walked({"A": {"Type": "Pass", "Parameters": made, "Next": "B"}, "B": choice}).status == "SUCCEEDED"


def test_what_it_does_not_know_it_refuses() -> None:
    with pytest.raises(AssertionError, match="does not know"):
        walked({"X": {**TASK, "HeartbeatSeconds": 5}})
