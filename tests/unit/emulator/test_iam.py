"""IAM: what policies allow, asked beforehand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]
ACCOUNT = "555555555555"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::files/*"},
        {"Effect": "Deny", "Action": "s3:GetObjectAcl", "Resource": "*"},
    ],
}


def decisions(client: Client, source: str, **options: Any) -> dict[str, str]:
    actions = ["s3:GetObject", "s3:GetObjectAcl", "s3:PutObject"]
    answer = client("iam").simulate_principal_policy(PolicySourceArn=source, ActionNames=actions, **options)
    return {one["EvalActionName"]: one["EvalDecision"] for one in answer["EvaluationResults"]}


def test_policies_of_a_role_are_evaluated(client: Client) -> None:
    role = client("iam").create_role(RoleName="simulated", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    client("iam").put_role_policy(RoleName="simulated", PolicyName="own", PolicyDocument=json.dumps(POLICY))

    found = decisions(client, role, ResourceArns=["arn:aws:s3:::files/one"])
    elsewhere = decisions(client, role, ResourceArns=["arn:aws:s3:::others/one"])

    assert found == {"s3:GetObject": "allowed", "s3:GetObjectAcl": "explicitDeny", "s3:PutObject": "implicitDeny"}
    assert elsewhere["s3:GetObject"] == "implicitDeny"


def test_a_managed_policy_counts_as_well(client: Client) -> None:
    arn = client("iam").create_policy(PolicyName="simulated", PolicyDocument=json.dumps(POLICY))["Policy"]["Arn"]
    user = client("iam").create_user(UserName="simulated")["User"]["Arn"]
    client("iam").attach_user_policy(UserName="simulated", PolicyArn=arn)

    assert decisions(client, user, ResourceArns=["arn:aws:s3:::files/one"])["s3:GetObject"] == "allowed"


def test_what_is_allowed_on_some_resources_is_not_allowed_on_all(client: Client) -> None:
    user = client("iam").create_user(UserName="narrow")["User"]["Arn"]
    client("iam").put_user_policy(UserName="narrow", PolicyName="own", PolicyDocument=json.dumps(POLICY))

    assert decisions(client, user)["s3:GetObject"] == "implicitDeny"


def test_a_user_that_nobody_made_may_do_everything(client: Client) -> None:
    assert set(decisions(client, f"arn:aws:iam::{ACCOUNT}:user/alice").values()) == {"allowed"}


def test_a_role_that_is_not_there_is_refused(client: Client) -> None:
    with pytest.raises(client("iam").exceptions.NoSuchEntityException, match="nobody"):
        decisions(client, f"arn:aws:iam::{ACCOUNT}:role/nobody")
