"""Step Functions: definitions are read before they are taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.stepfunctions.models import stepfunctions_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend
from tooling.emulator.states_language import problems

backend = Backend("stepfunctions")


@backend.answers("ValidateStateMachineDefinition")
def validate_definition(call: Call) -> Mapping[str, Any]:
    """aws_sfn_state_machine, plan: the provider asks before anything is created."""
    found = problems(call.params["definition"])
    most = call.params.get("maxResults") or 100
    told = [
        {"severity": "ERROR", "code": each.code, "message": each.message, "location": each.location}
        for each in found[:most]
    ]
    return {"result": "FAIL" if found else "OK", "diagnostics": told, "truncated": len(found) > most}


@backend.prepares("CreateStateMachine", "UpdateStateMachine")
def refuse_wrong_definition(call: Call) -> None:
    """aws_sfn_state_machine, create and update: moto takes any text."""
    # An update may leave the definition as it is.
    if "definition" in call.params and (found := problems(call.params["definition"])):
        said = ", ".join(str(problem) for problem in found)
        raise AwsError("InvalidDefinition", f"Invalid State Machine Definition: '{said}'")


@backend.answers("ListStateMachineVersions")
def list_versions(call: Call) -> Mapping[str, Any]:
    """aws_sfn_state_machine, read."""
    machine = stepfunctions_backends[call.account][call.region].describe_state_machine(call.params["stateMachineArn"])
    return {
        "stateMachineVersions": [
            {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}
            for _, version in sorted(machine.versions.items(), reverse=True)
        ]
    }
