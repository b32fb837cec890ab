"""Permissions to deploy, what the last apply was denied, quotas, mail, alarms."""

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
    for kind in ("REGIONAL", "EDGE"):
        client("apigateway").create_rest_api(name=name, endpointConfiguration={"types": [kind]})

    found = patient.asked("quotas", KEFIR)

    assert found["quota of Lambda runs at once"].saw == "1000"
    used, _, most = found["quota of user pools"].saw.partition(" of ")
    assert int(used) >= 1
    assert most == "1000 used"
    assert found["quota of tables"].saw.endswith(" of 2500 used")
    assert found["quota of regional APIs"].saw == "2 of 600 used"
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


MAIL: dict[str, dict[str, Any]] = {"aws_sesv2_email_identity.domain": {"email_identity": "shop.example.com"}}


@pytest.mark.requirement("FD-SES-02")
def test_the_sandbox_is_told_with_the_steps_out_of_it_until_aws_lets_out(patient: Patient, client: Client) -> None:
    client("sesv2").create_email_identity(EmailIdentity="shop.example.com")

    before = patient.asked("mail", MAIL)["sandbox of SES in us-east-1"]
    client("sesv2").put_account_details(
        MailType="TRANSACTIONAL", WebsiteURL="https://shop.example.com", ProductionAccessEnabled=True
    )
    after = patient.asked("mail", MAIL)

    assert (before.status, before.means) == ("warned", "mail goes to verified addresses only")
    assert before.saw.startswith("still in it: 200 e-mails a day and 1 a second")
    assert "aws sesv2 put-account-details --region us-east-1 --production-access-enabled" in before.next
    assert "--quota-code L-804C8AE8 --desired-value 100000" in before.next
    assert after["sandbox of SES in us-east-1"].status == "ok"
    assert after["identity shop.example.com"].saw == "verified, signed by DKIM"


def test_an_identity_that_is_gone_is_an_error(patient: Patient) -> None:
    found = patient.asked("mail", {"aws_sesv2_email_identity.domain": {"email_identity": "gone.example.com"}})

    gone = found["identity gone.example.com"]
    assert (gone.status, gone.saw) == ("failed", "is not there any more")


def test_sending_that_somebody_switched_off_is_an_error_with_the_call_that_switches_it_on(
    patient: Patient, client: Client
) -> None:
    client("sesv2").put_account_sending_attributes(SendingEnabled=False)
    found = patient.asked("mail", MAIL)["sending in us-east-1"]
    client("sesv2").put_account_sending_attributes(SendingEnabled=True)

    assert (found.status, found.saw) == ("failed", "is switched off")
    assert found.next == "aws sesv2 put-account-sending-attributes --region us-east-1 --sending-enabled"


def alarm(client: Client, name: str, *topics: str) -> None:
    client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        MetricName="Errors",
        Namespace="AWS/Lambda",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=list(topics),
    )


@pytest.fixture
def topic(client: Client, name: str) -> dict[str, dict[str, Any]]:
    arn = client("sns").create_topic(Name=name)["TopicArn"]
    alarm(client, name, arn)
    return {
        "aws_sns_topic.alerts": {"arn": arn, "name": name},
        "aws_cloudwatch_metric_alarm.errors": {"alarm_name": name},
    }


@pytest.mark.requirement("KF-NX-08")
def test_a_topic_that_nobody_listens_to_is_pointed_out_until_somebody_does(
    patient: Patient, client: Client, topic: dict[str, dict[str, Any]], name: str
) -> None:
    before = patient.asked("alarms", topic)
    arn = topic["aws_sns_topic.alerts"]["arn"]
    client("sns").subscribe(TopicArn=arn, Protocol="email", Endpoint="team@example.com")
    after = patient.asked("alarms", topic)

    assert (before[f"topic {name}"].status, before[f"topic {name}"].saw) == ("warned", "nobody is subscribed")
    assert "envs/local/shop/terraform.tfvars" in before[f"topic {name}"].next
    assert (after[f"topic {name}"].status, after[f"topic {name}"].saw) == ("ok", "1 are told")
    assert after["alarms"].saw == "all 1 set something off"


def test_an_alarm_that_is_gone_is_an_error(
    patient: Patient, client: Client, topic: dict[str, dict[str, Any]], name: str
) -> None:
    client("cloudwatch").delete_alarms(AlarmNames=[name])

    found = patient.asked("alarms", topic)

    assert (found["alarms that are gone"].status, found["alarms that are gone"].saw) == ("failed", name)


def test_more_alarms_than_a_page_holds_are_all_looked_at(patient: Patient, client: Client, name: str) -> None:
    names = [f"{name}-{number}" for number in range(101)]
    for one in names:
        alarm(client, one)

    found = patient.asked("alarms", {f"aws_cloudwatch_metric_alarm.a{one}": {"alarm_name": one} for one in names})

    assert found["alarms"].saw.startswith("101 of 101 set nothing off")


def test_the_topic_of_somebody_else_that_an_alarm_leads_to_is_asked_as_well(
    patient: Patient, topic: dict[str, dict[str, Any]], name: str
) -> None:
    arn = topic["aws_sns_topic.alerts"]["arn"]

    found = patient.asked(
        "alarms", {"aws_cloudwatch_metric_alarm.errors": {"alarm_name": name, "alarm_actions": [arn]}}
    )

    assert (found[f"topic {name}"].status, found[f"topic {name}"].saw) == ("warned", "nobody is subscribed")


def test_an_alarm_that_sets_nothing_off_is_pointed_out(
    patient: Patient, client: Client, topic: dict[str, dict[str, Any]], name: str
) -> None:
    client("cloudwatch").disable_alarm_actions(AlarmNames=[name])

    found = patient.asked("alarms", topic)["alarms"]

    assert (found.status, found.saw) == ("warned", f"1 of 1 set nothing off: {name}")
