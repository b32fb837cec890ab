"""Permissions to deploy, what the last apply was denied, quotas."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.doctor.conftest import ACCOUNT, Client, Patient
from tooling.doctor.permissions import judged
from tooling.emulator.identity import user_key
from tooling.target import Target

KEFIR = {
    "aws_lambda_function.own": {"function_name": "f"},
    "aws_dynamodb_table.table": {"name": "t"},
    "aws_cognito_user_pool.users": {"name": "u"},
    "aws_api_gateway_rest_api.rest": {"name": "r"},
}
DENIED = (
    "operation error IAM: CreateRole, https response error StatusCode: 403, api error AccessDenied: User: "
    "arn:aws:iam::1:user/ci is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::1:role/x because "
    "no identity-based policy allows the iam:CreateRole action"
)


class Deaf:
    """Service Quotas that knows no service."""

    def client(self, *_: object) -> Deaf:
        return self

    def get_paginator(self, _operation: str) -> Deaf:
        return self

    def paginate(self, **_: object) -> None:
        raise ClientError({"Error": {"Code": "NoSuchResourceException", "Message": "no"}}, "ListServiceQuotas")


def acting_as(target: Target, user: str) -> Target:
    return replace(target, environ={**target.environ, "AWS_ACCESS_KEY_ID": user_key(ACCOUNT, user)})


@pytest.mark.requirement("KF-TRB-03")
def test_who_may_do_everything_may_deploy(patient: Patient, target: Target) -> None:
    found = patient.asked("permissions", KEFIR, target=acting_as(target, "nobody-made-me"))

    assert found["caller"].saw == f"arn:aws:iam::{ACCOUNT}:user/nobody-made-me"
    assert found["permissions to deploy"].status == "ok"
    assert found["permissions to deploy"].saw == "all 5 actions that the stack begins with are allowed"


@pytest.mark.requirement("KF-TRB-03")
def test_what_an_identity_may_not_is_named(patient: Patient, target: Target, client: Client, name: str) -> None:
    client("iam").create_user(UserName=name)
    allowed = [
        {"Effect": "Allow", "Action": ["lambda:*", "iam:PassRole", "dynamodb:Create*"], "Resource": "*"},
        {"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"},
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    client("iam").put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document)

    found = patient.asked("permissions", KEFIR, target=acting_as(target, name))["permissions to deploy"]

    assert found.status == "failed"
    assert found.saw == (
        f"arn:aws:iam::{ACCOUNT}:user/{name} may not: apigateway:POST, cognito-idp:CreateUserPool, dynamodb:CreateTable"
    )


def test_permissions_are_told_before_anything_is_applied(patient: Patient, target: Target) -> None:
    patient.project.write("modules/shop/main.tf", 'resource "aws_sqs_queue" "own" {\n}\n')

    found = patient.asked("permissions", {}, target=acting_as(target, "nobody-made-me"))

    assert found["permissions to deploy"].saw == "all 1 actions that the stack begins with are allowed"


@pytest.mark.requirement("KF-TRB-05")
def test_what_the_last_apply_was_denied_is_listed(patient: Patient, target: Target) -> None:
    told = {"severity": "error", "summary": "creating IAM Role (x)", "detail": DENIED, "address": "aws_iam_role.x"}
    other = {"severity": "error", "summary": "creating queue", "detail": "api error QueueNameExists: it is there"}
    warning = {"severity": "warning", "summary": "AccessDenied", "detail": "not of interest"}
    lines = [json.dumps({"type": "diagnostic", "diagnostic": one}) for one in (told, other, warning, told)]
    patient.project.write(".groundplan/changesets/local/c1/shop/run-1.jsonl", "\n".join(["no json", *lines]))

    found = patient.asked("permissions", KEFIR, target=acting_as(target, "x"))["denied in the last apply"]

    assert (found.status, found.saw) == ("failed", "iam:CreateRole on arn:aws:iam::1:role/x (aws_iam_role.x)")
    assert "groundplan resume --env local --stack shop" in found.next
    assert "run-1.jsonl" in found.next


@pytest.mark.requirement("KF-TRB-05")
def test_an_apply_that_was_denied_nothing_is_sound(patient: Patient, target: Target) -> None:
    patient.project.write(".groundplan/changesets/local/c1/shop/run-1.jsonl", '{"type": "apply_complete"}\n')

    found = patient.asked("permissions", KEFIR, target=acting_as(target, "x"))["denied in the last apply"]

    assert found.status == "ok"
    assert found.saw.startswith("nothing, says ")


@pytest.mark.requirement("KF-TRB-04")
def test_quotas_of_what_the_stack_is_made_of_are_compared_with_what_is_used(
    patient: Patient, client: Client, name: str
) -> None:
    client("cognito-idp").create_user_pool(PoolName=name)
    client("apigatewayv2").create_api(Name=name, ProtocolType="HTTP")
    for kind in ("REGIONAL", "REGIONAL", "EDGE"):
        client("apigateway").create_rest_api(name=name, endpointConfiguration={"types": [kind]})

    found = patient.asked("quotas", KEFIR)

    assert found["quota of Lambda runs at once"].saw == "1000"
    used, _, most = found["quota of user pools"].saw.partition(" of ")
    assert int(used) >= 1
    assert most == "1000 used"
    assert found["quota of tables"].saw.endswith(" of 2500 used")
    assert found["quota of regional APIs"].saw == "3 of 600 used"
    assert "quota of VPCs" not in found


def test_a_quota_that_is_used_up_is_an_error_with_the_request_to_make(patient: Patient, client: Client) -> None:
    for _ in range(5):
        client("ec2").allocate_address(Domain="vpc")

    found = patient.asked("quotas", {"aws_eip.nat": {"id": "e"}})["quota of Elastic IP addresses"]

    assert (found.status, found.means) == ("failed", "the next one is refused")
    assert "--region us-east-1 --service-code ec2 --quota-code L-0263D0A3 --desired-value 10" in found.next


def test_a_service_whose_quotas_nobody_lists_is_left_out(patient: Patient) -> None:
    found = patient.asked("quotas", {"aws_eip.own": {"id": "e"}}, target=Deaf())["quota of Elastic IP addresses"]

    assert found.status == "skipped"
    assert "ListServiceQuotas was refused: NoSuchResourceException" in found.saw


def test_the_quota_of_another_region_of_the_stack_is_that_region_s(patient: Patient) -> None:
    found = patient.asked("quotas", {"aws_eip.standby": {"id": "e"}}, aliases={"aws_eip.standby": "failover"})

    assert {name: one.saw for name, one in found.items()} == {
        "quota of Elastic IP addresses in us-west-2": "0 of 5 used"
    }


def test_a_role_that_may_make_some_things_only_is_told_as_such(patient: Patient, client: Client, name: str) -> None:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}
    policy = {"Effect": "Allow", "Action": "sqs:CreateQueue", "Resource": "arn:aws:sqs:*:*:shop-*"}
    role = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))["Role"]

    def told(**resources: dict[str, Any]) -> tuple[str, str]:
        document = json.dumps({"Version": "2012-10-17", "Statement": [policy]})
        client("iam").put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)
        examination = patient.examination(resources)
        (found,) = [one for one in judged(examination, role["Arn"]) if one.name == "permissions to deploy"]
        return found.status, found.saw

    queue = {"aws_sqs_queue.own": {"name": "shop-work"}}
    narrow = told(**queue)
    both = told(**queue, **{"aws_sns_topic.own": {"name": "t"}})

    assert narrow == (
        "ok",
        "all 1 actions that the stack begins with are allowed, 1 of them on some resources or on conditions only",
    )
    assert both == ("failed", f"{role['Arn']} may not: sns:CreateTopic, sns:Subscribe")
