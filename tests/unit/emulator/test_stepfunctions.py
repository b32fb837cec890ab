"""Step Functions: a wrong definition fails before and at creation; versions are listed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]

ROLE = "arn:aws:iam::555555555555:role/states"
RIGHT = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
WRONG = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}})


@pytest.fixture
def states(client: Client) -> Any:
    return client("stepfunctions")


@pytest.fixture
def machine(states: Any, request: pytest.FixtureRequest) -> str:
    made = states.create_state_machine(name=request.node.name, definition=RIGHT, roleArn=ROLE, publish=True)
    return str(made["stateMachineArn"])


def test_right_definition_is_valid(states: Any) -> None:
    answer = states.validate_state_machine_definition(definition=RIGHT)

    assert (answer["result"], answer["diagnostics"], answer["truncated"]) == ("OK", [], False)


def test_wrong_definition_gets_diagnostics(states: Any) -> None:
    answer = states.validate_state_machine_definition(definition=WRONG)

    assert (answer["result"], answer["truncated"]) == ("FAIL", False)
    assert answer["diagnostics"][0] == {
        "severity": "ERROR",
        "code": "MISSING_TRANSITION_TARGET",
        "message": "Missing 'Next' target: B",
        "location": "/States/A/Next",
    }


def test_diagnostics_are_cut_where_asked(states: Any) -> None:
    answer = states.validate_state_machine_definition(definition=WRONG, maxResults=1)

    assert (len(answer["diagnostics"]), answer["truncated"]) == (1, True)


def test_machine_with_wrong_definition_is_not_made(states: Any) -> None:
    with pytest.raises(states.exceptions.InvalidDefinition, match="Missing 'Next' target: B at /States/A/Next"):
        states.create_state_machine(name="wrong", definition=WRONG, roleArn=ROLE)

    assert "wrong" not in [each["name"] for each in states.list_state_machines()["stateMachines"]]


def test_machine_is_not_changed_to_wrong_definition(states: Any, machine: str) -> None:
    with pytest.raises(states.exceptions.InvalidDefinition):
        states.update_state_machine(stateMachineArn=machine, definition=WRONG)

    assert states.describe_state_machine(stateMachineArn=machine)["definition"] == RIGHT


def test_logging_and_tracing_come_back_as_sent(states: Any, machine: str) -> None:
    group = "arn:aws:logs:us-east-1:555555555555:log-group:/aws/vendedlogs/states/m:*"
    logging = {
        "level": "ALL",
        "includeExecutionData": False,
        "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}],
    }

    states.update_state_machine(
        stateMachineArn=machine, loggingConfiguration=logging, tracingConfiguration={"enabled": True}
    )

    told = states.describe_state_machine(stateMachineArn=machine)
    assert (told["loggingConfiguration"], told["tracingConfiguration"]) == (logging, {"enabled": True})


def test_versions_are_listed_newest_first(states: Any, machine: str) -> None:
    states.update_state_machine(stateMachineArn=machine, roleArn=f"{ROLE}-2", publish=True)

    listed = states.list_state_machine_versions(stateMachineArn=machine)["stateMachineVersions"]

    assert [each["stateMachineVersionArn"] for each in listed] == [f"{machine}:2", f"{machine}:1"]


def test_versions_of_no_machine_are_refused(states: Any, machine: str) -> None:
    with pytest.raises(states.exceptions.StateMachineDoesNotExist):
        states.list_state_machine_versions(stateMachineArn=f"{machine}-none")
