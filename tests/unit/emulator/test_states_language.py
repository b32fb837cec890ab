"""What is wrong with a state machine is found, and what is right passes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tooling.emulator.states_language import problems

TASK = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:personalize:createSolutionVersion"}
END = {"Type": "Succeed"}


def _machine(start: str = "A", **states: Any) -> dict[str, Any]:
    return {"StartAt": start, "States": states}


def _found(machine: Any) -> list[str]:
    return [str(problem) for problem in problems(machine if isinstance(machine, str) else json.dumps(machine))]


def test_machine_with_every_kind_of_state_is_right() -> None:
    inner = _machine("Inner", Inner={"Type": "Pass", "End": True})
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}]
    machine = _machine(
        "Train",
        Train={**TASK, "Next": "Pause", "Catch": catch, "Retry": [{"ErrorEquals": ["States.Timeout"]}]},
        Pause={"Type": "Wait", "Seconds": 60, "Next": "Ready"},
        Ready={
            "Type": "Choice",
            "Choices": [{"And": [{"Variable": "$.a", "IsPresent": True}], "Next": "Both"}],
            "Default": "Pause",
        },
        Both={"Type": "Parallel", "Branches": [inner, inner], "Next": "Each"},
        Each={"Type": "Map", "ItemProcessor": inner, "Next": "Done"},
        Done=END,
        Failed={"Type": "Fail"},
    )

    assert _found(machine) == []


@pytest.mark.parametrize(
    ("machine", "problem"),
    [
        ("", "MISSING_DESCRIPTION: The definition is empty."),
        ("{", "INVALID_JSON_DESCRIPTION: Expecting property name"),
        ("[]", "'States' must be an object"),
        ({"StartAt": "A", "States": {}}, "'States' must be an object"),
        ({"States": {"A": END}}, "'StartAt' is required"),
        (_machine("B", A=END), "Missing 'StartAt' target: B at /StartAt"),
        (_machine(A={**TASK, "Next": "B"}, C=END), "Missing 'Next' target: B at /States/A/Next"),
        (
            _machine(A={**TASK, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}], "End": True}),
            "Missing 'Catch[0]/Next' target: B",
        ),
        (_machine(A={"Type": "Choice", "Choices": [{"Next": "B"}]}, C=END), "Missing 'Choices[0]/Next' target: B"),
        (_machine(A={"Type": "Choice", "Choices": [{"Next": "C"}], "Default": "B"}, C=END), "Missing 'Default' target"),
        (_machine(A=END, B=END), 'State "B" is not reachable. at /States/B'),
        (_machine(A=TASK, B=END), "needs either 'Next' or 'End'. at /States/A"),
        (_machine(A={**TASK, "Next": "B", "End": True}, B=END), "needs either 'Next' or 'End'"),
        (_machine(A={**TASK, "End": False}), "'End' must be true"),
        (_machine(A={**END, "Next": "B"}, B=END), "must not have the field 'Next'"),
        (_machine(A={"Type": "Choice", "Choices": [], "Default": "B"}, B=END), "at least one choice"),
        (
            _machine(A={"Type": "Choice", "Choices": [{}], "Default": "B"}, B=END),
            "'Next' is required. at /States/A/Cho",
        ),
        (_machine(A={**TASK, "Catch": [{"Next": "B"}], "Next": "B"}, B=END), "'ErrorEquals' is required"),
        (_machine(A={**TASK, "Retry": [{}], "End": True}), "'ErrorEquals' is required. at /States/A/Retry[0]"),
        (_machine(A={"Type": "Job", "End": True}), "'Type' must be one of"),
        (_machine(A="Pass"), "A state must be an object"),
        (_machine(A={"Type": "Task", "End": True}), "INVALID_RESOURCE"),
        (_machine(A={"Type": "Wait", "End": True}), "exactly one of Seconds"),
        (_machine(A={"Type": "Wait", "Seconds": 1, "Timestamp": "x", "End": True}), "exactly one of Seconds"),
        (_machine(A={**TASK, "Next": "A"}), "MISSING_END_STATE"),
        (_machine(A={"Type": "Parallel", "Branches": [], "End": True}), "at least one branch"),
        (_machine(A={"Type": "Map", "End": True}), "at /States/A/Iterator/States"),
    ],
)
def test_wrong_machine_is_found_out(machine: Any, problem: str) -> None:
    assert any(problem in found for found in _found(machine)), _found(machine)


def test_branch_does_not_reach_out_of_itself() -> None:
    branch = _machine("Inner", Inner={"Type": "Pass", "Next": "Done"})
    machine = _machine(A={"Type": "Parallel", "Branches": [branch], "Next": "Done"}, Done=END)

    at = "/States/A/Branches[0]/States/Inner/Next"
    assert f"MISSING_TRANSITION_TARGET: Missing 'Next' target: Done at {at}" in _found(machine)
