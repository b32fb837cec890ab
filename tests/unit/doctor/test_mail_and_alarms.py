"""Why is mail not sent, and does anybody hear an alarm."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.doctor.conftest import Client, Patient

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


@pytest.mark.parametrize(("sent", "warned"), [(159, False), (160, True)])
def test_a_sending_quota_that_is_nearly_used_is_pointed_out(patient: Patient, sent: int, warned: bool) -> None:
    class Ses:
        def client(self, *_: object) -> Ses:
            return self

        def get_account(self) -> dict[str, Any]:
            quota = {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": float(sent)}
            return {"ProductionAccessEnabled": True, "SendingEnabled": True, "SendQuota": quota}

    found = patient.asked("mail", {"aws_sesv2_configuration_set.own": {"id": "own"}}, target=Ses())

    assert ("sending quota in us-east-1" in found) is warned


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
