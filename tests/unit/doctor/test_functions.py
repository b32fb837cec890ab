"""Why does a function answer 500: its last errors, its environment, its role."""

from __future__ import annotations

import io
import json
import time
import zipfile
from typing import Any

import pytest

from tests.unit.doctor.conftest import ACCOUNT, Client, Patient

CHECK = "function-errors"
VARIABLES = {
    "BUCKET_NAME": "photos",
    "STAGE": "dev",
    "TABLE_NAME": "table",
    "USER_POOL_CLIENT_ID": "client",
    "USER_POOL_ID": "pool",
}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem"], "Resource": "*"}],
}


def trusting(service: str) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def function(client: Client, name: str) -> dict[str, dict[str, Any]]:
    """A function that is whole, as its state says it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.mjs", "export const handler = async () => ({})")
    role = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trusting("lambda.amazonaws.com"))["Role"]
    client("iam").put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(POLICY))
    client("logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
    client("lambda").create_function(
        FunctionName=name,
        Runtime="nodejs20.x",
        Role=role["Arn"],
        Handler="index.handler",
        Code={"ZipFile": packed.getvalue()},
        Environment={"Variables": VARIABLES},
    )
    return {
        "aws_lambda_function.own": {
            "function_name": name,
            "environment": [{"variables": VARIABLES}],
            "logging_config": [{"log_group": f"/aws/lambda/{name}"}],
        },
        "aws_iam_role_policy.own": {"role": name, "policy": json.dumps(POLICY)},
    }


def write(client: Client, name: str, *lines: str) -> None:
    group, now = f"/aws/lambda/{name}", int(time.time() * 1000)
    client("logs").create_log_stream(logGroupName=group, logStreamName="one")
    events = [{"timestamp": now + number, "message": line} for number, line in enumerate(lines)]
    client("logs").put_log_events(logGroupName=group, logStreamName="one", logEvents=events)


@pytest.mark.requirement("KF-TRB-06", "KF-TRB-07", "KF-TRB-08")
def test_a_sound_function_has_no_errors_all_variables_and_its_role(
    client: Client, function: dict[str, dict[str, Any]], patient: Patient, name: str
) -> None:
    write(client, name, "START", '{"level": "INFO", "message": "no errors here"}')

    found = patient.asked(CHECK, function)

    assert {one.status for one in found.values()} == {"ok"}
    assert found[f"errors of {name}"].saw == "none in the last day"
    assert found[f"environment of {name}"].saw == f"has {', '.join(VARIABLES)}"
    assert found[f"role of {name}"].saw == f"{name} is allowed all it was given"


@pytest.mark.requirement("KF-TRB-06")
def test_the_last_errors_of_a_function_are_shown(
    client: Client, function: dict[str, dict[str, Any]], patient: Patient, name: str
) -> None:
    write(client, name, "START", *(f"ERROR TypeError: number {number}" for number in range(5)), "Task timed out", "END")

    found = patient.asked(CHECK, function)[f"errors of {name}"]

    assert found.status == "warned"
    assert found.saw.startswith("6 in the last day")
    assert [line.strip().partition(" ")[2] for line in found.saw.splitlines()[1:]] == [
        "ERROR TypeError: number 3",
        "ERROR TypeError: number 4",
        "Task timed out",
    ]
    assert found.next == (
        f"read around it: groundplan logs tail /aws/lambda/{name} --env local --stack shop --since '1h ago'"
    )


@pytest.mark.requirement("KF-TRB-07")
def test_variables_that_are_gone_or_empty_are_named(
    client: Client, function: dict[str, dict[str, Any]], patient: Patient, name: str
) -> None:
    left = {key: value for key, value in VARIABLES.items() if key != "TABLE_NAME"} | {"STAGE": ""}
    client("lambda").update_function_configuration(FunctionName=name, Environment={"Variables": left})

    found = patient.asked(CHECK, function)[f"environment of {name}"]

    assert (found.status, found.saw) == ("failed", "lacks TABLE_NAME; empty: STAGE")


@pytest.mark.requirement("KF-TRB-08")
def test_statements_that_the_role_lost_are_named(
    client: Client, function: dict[str, dict[str, Any]], patient: Patient, name: str
) -> None:
    denied = {"Effect": "Deny", "Action": "dynamodb:PutItem", "Resource": "*"}
    policy = {**POLICY, "Statement": [*POLICY["Statement"], denied]}
    client("iam").put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(policy))
    client("iam").update_assume_role_policy(RoleName=name, PolicyDocument=trusting("ec2.amazonaws.com"))

    found = patient.asked(CHECK, function)[f"role of {name}"]

    assert found.status == "failed"
    assert found.saw == f"{name} is not allowed sts:AssumeRole for lambda.amazonaws.com; dynamodb:PutItem"


def test_a_role_that_is_gone_is_an_answer(
    client: Client, function: dict[str, dict[str, Any]], patient: Patient, name: str
) -> None:
    client("iam").delete_role_policy(RoleName=name, PolicyName="own")
    client("iam").delete_role(RoleName=name)

    found = patient.asked(CHECK, function)[f"role of {name}"]

    assert (found.status, found.saw) == ("failed", f"the role {name} is not there")
    assert found.next == "put it back: groundplan plan --env local --stack shop, then apply"


def test_a_policy_that_was_taken_off_the_role_is_named(
    client: Client, function: dict[str, dict[str, Any]], patient: Patient, name: str
) -> None:
    policy = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    attached = {**function, "aws_iam_role_policy_attachment.logs": {"role": name, "policy_arn": policy}}
    before = patient.asked(CHECK, attached)[f"role of {name}"]
    client("iam").create_policy(PolicyName=name, PolicyDocument=json.dumps(POLICY))
    own = f"arn:aws:iam::{ACCOUNT}:policy/{name}"
    client("iam").attach_role_policy(RoleName=name, PolicyArn=own)
    attached["aws_iam_role_policy_attachment.logs"]["policy_arn"] = own
    after = patient.asked(CHECK, attached)[f"role of {name}"]

    assert before.saw == f"{name} is not allowed what the policy {policy} allows: it is not attached"
    assert after.status == "ok"


def test_a_function_and_its_log_that_are_gone_hide_no_other(
    client: Client, function: dict[str, dict[str, Any]], patient: Patient, name: str
) -> None:
    gone = {"function_name": f"a-{name}", "environment": [], "logging_config": []}
    write(client, name, "ERROR TypeError: still told")

    found = patient.asked(CHECK, {"aws_lambda_function.gone": gone, **function})

    assert found[f"errors of a-{name}"].saw == f"the log group /aws/lambda/a-{name} is not there"
    assert found[f"errors of {name}"].saw.startswith("1 in the last day")
    for what in ("environment", "role", "state"):
        assert found[f"{what} of a-{name}"].saw.endswith(f"the function a-{name} is not there any more")
        assert found[f"{what} of a-{name}"].status == "failed"
    assert found[f"role of {name}"].status == "ok"
    assert found["state of the functions"].saw == "Lambda runs 1 of them"


def test_a_variable_that_was_applied_empty_is_no_failure_that_an_apply_mends(
    client: Client, function: dict[str, dict[str, Any]], patient: Patient, name: str
) -> None:
    variables = {**VARIABLES, "STAGE": ""}
    client("lambda").update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    function["aws_lambda_function.own"]["environment"] = [{"variables": variables}]

    found = patient.asked(CHECK, function)[f"environment of {name}"]

    assert (found.status, found.saw) == ("warned", "empty: STAGE")
    assert "envs/local/shop/terraform.tfvars" in found.next
