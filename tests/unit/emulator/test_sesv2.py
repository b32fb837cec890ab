"""SES version 2: identities, the suppression list, the account, configuration sets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

Client = Callable[..., Any]

ALL_BUT_EVENTS = {
    "DeliveryOptions": {"TlsPolicy": "REQUIRE"},
    "ReputationOptions": {"ReputationMetricsEnabled": True},
    "SendingOptions": {"SendingEnabled": False},
    "SuppressionOptions": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
}
TO_CLOUDWATCH = {
    "Enabled": True,
    "MatchingEventTypes": ["BOUNCE", "COMPLAINT"],
    "CloudWatchDestination": {
        "DimensionConfigurations": [
            {"DimensionName": "kind", "DimensionValueSource": "MESSAGE_TAG", "DefaultDimensionValue": "none"}
        ]
    },
}


@pytest.fixture
def ses(client: Client) -> Any:
    return client("sesv2")


@pytest.fixture
def domain(ses: Any, request: pytest.FixtureRequest) -> str:
    name = f"{request.node.name.replace('_', '-')}.example.com"
    ses.create_email_identity(EmailIdentity=name, Tags=[{"Key": "team", "Value": "a"}])
    return str(name)


@pytest.fixture
def configuration_set(ses: Any, request: pytest.FixtureRequest) -> str:
    name = str(request.node.name)
    ses.create_configuration_set(ConfigurationSetName=name, **ALL_BUT_EVENTS, Tags=[{"Key": "team", "Value": "a"}])
    return name


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:ses:us-east-1:555555555555:{kind}/{name}"


def test_domain_has_three_keys_that_stay_the_same(ses: Any) -> None:
    chosen = {"NextSigningKeyLength": "RSA_2048_BIT"}
    made = ses.create_email_identity(EmailIdentity="keys.example.com", DkimSigningAttributes=chosen)

    read = ses.get_email_identity(EmailIdentity="keys.example.com")

    assert len(set(read["DkimAttributes"]["Tokens"])) == 3
    assert read["DkimAttributes"] == made["DkimAttributes"]
    assert read["DkimAttributes"]["CurrentSigningKeyLength"] == "RSA_2048_BIT"
    assert read["DkimAttributes"]["LastKeyGenerationTimestamp"].tzinfo is not None
    assert (read["IdentityType"], read["VerifiedForSendingStatus"]) == ("DOMAIN", True)


def test_address_has_no_keys(ses: Any) -> None:
    ses.create_email_identity(EmailIdentity="keyless@example.com")

    read = ses.get_email_identity(EmailIdentity="keyless@example.com")

    assert (read["IdentityType"], read["DkimAttributes"]["SigningEnabled"]) == ("EMAIL_ADDRESS", False)
    assert "Tokens" not in read["DkimAttributes"]


def test_length_of_the_keys_changes(ses: Any, domain: str) -> None:
    ses.put_email_identity_dkim_signing_attributes(
        EmailIdentity=domain,
        SigningAttributesOrigin="AWS_SES",
        SigningAttributes={"NextSigningKeyLength": "RSA_1024_BIT"},
    )

    assert ses.get_email_identity(EmailIdentity=domain)["DkimAttributes"]["NextSigningKeyLength"] == "RSA_1024_BIT"


def test_domain_with_a_key_of_its_own_has_no_others(ses: Any, domain: str) -> None:
    own = {"DomainSigningSelector": "mine", "DomainSigningPrivateKey": "c2VjcmV0"}

    answer = ses.put_email_identity_dkim_signing_attributes(
        EmailIdentity=domain, SigningAttributesOrigin="EXTERNAL", SigningAttributes=own
    )

    assert answer["DkimTokens"] == ["mine"]
    assert ses.get_email_identity(EmailIdentity=domain)["DkimAttributes"]["SigningAttributesOrigin"] == "EXTERNAL"


def test_identity_uses_a_configuration_set_that_is_there(ses: Any, domain: str, configuration_set: str) -> None:
    ses.put_email_identity_configuration_set_attributes(EmailIdentity=domain, ConfigurationSetName=configuration_set)
    chosen = ses.get_email_identity(EmailIdentity=domain)["ConfigurationSetName"]
    ses.put_email_identity_configuration_set_attributes(EmailIdentity=domain)

    assert chosen == configuration_set
    assert "ConfigurationSetName" not in ses.get_email_identity(EmailIdentity=domain)
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.put_email_identity_configuration_set_attributes(EmailIdentity=domain, ConfigurationSetName="nosuch")
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.create_email_identity(EmailIdentity="other.example.com", ConfigurationSetName="nosuch")


def test_mail_from_domain_is_set_and_dropped(ses: Any, domain: str) -> None:
    ses.put_email_identity_mail_from_attributes(
        EmailIdentity=domain, MailFromDomain=f"bounce.{domain}", BehaviorOnMxFailure="REJECT_MESSAGE"
    )
    chosen = ses.get_email_identity(EmailIdentity=domain)["MailFromAttributes"]

    ses.put_email_identity_mail_from_attributes(EmailIdentity=domain)

    assert (chosen["MailFromDomain"], chosen["BehaviorOnMxFailure"]) == (f"bounce.{domain}", "REJECT_MESSAGE")
    dropped = ses.get_email_identity(EmailIdentity=domain)["MailFromAttributes"]
    assert dropped == {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}


def test_mail_from_domain_of_somebody_else_is_refused(ses: Any, domain: str) -> None:
    with pytest.raises(ses.exceptions.BadRequestException, match="not subdomain"):
        ses.put_email_identity_mail_from_attributes(EmailIdentity=domain, MailFromDomain="bounce.example.org")


def test_feedback_is_forwarded_until_it_is_switched_off(ses: Any, domain: str) -> None:
    before = ses.get_email_identity(EmailIdentity=domain)["FeedbackForwardingStatus"]

    ses.put_email_identity_feedback_attributes(EmailIdentity=domain)

    assert before is True
    assert ses.get_email_identity(EmailIdentity=domain)["FeedbackForwardingStatus"] is False


def test_tags_of_an_identity_change(ses: Any, domain: str) -> None:
    arn = _arn("identity", domain)
    made = ses.list_tags_for_resource(ResourceArn=arn)["Tags"]

    ses.tag_resource(ResourceArn=arn, Tags=[{"Key": "cost", "Value": "1"}])
    ses.untag_resource(ResourceArn=arn, TagKeys=["team"])

    assert made == [{"Key": "team", "Value": "a"}]
    assert ses.get_email_identity(EmailIdentity=domain)["Tags"] == [{"Key": "cost", "Value": "1"}]


def test_identity_is_made_once_and_leaves_nothing(ses: Any, client: Client, domain: str) -> None:
    with pytest.raises(ses.exceptions.AlreadyExistsException):
        ses.create_email_identity(EmailIdentity=domain)
    ses.put_email_identity_feedback_attributes(EmailIdentity=domain)

    ses.delete_email_identity(EmailIdentity=domain)

    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_email_identity(EmailIdentity=domain)
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.delete_email_identity(EmailIdentity=domain)
    client("ses").verify_domain_identity(Domain=domain)
    again = ses.get_email_identity(EmailIdentity=domain)
    assert (again["FeedbackForwardingStatus"], again["Tags"]) == (True, [])


def test_identity_of_version_1_is_read(ses: Any, client: Client) -> None:
    client("ses").verify_domain_identity(Domain="old.example.com")

    assert ses.get_email_identity(EmailIdentity="old.example.com")["IdentityType"] == "DOMAIN"


def test_account_begins_in_the_sandbox_and_leaves_it_when_asked(client: Client) -> None:
    ses = client("sesv2", region="eu-central-1")
    before = ses.get_account()

    ses.put_account_details(
        MailType="TRANSACTIONAL", WebsiteURL="https://example.com", ProductionAccessEnabled=True, UseCaseDescription="u"
    )

    assert before["ProductionAccessEnabled"] is False
    assert (before["SendQuota"]["Max24HourSend"], before["SendQuota"]["MaxSendRate"]) == (200, 1)
    assert ses.get_account()["ProductionAccessEnabled"] is True


def test_sending_is_switched_off_and_on(client: Client) -> None:
    ses = client("sesv2", region="eu-west-2")
    told = [ses.get_account()["SendingEnabled"]]

    for wanted in (False, True):
        ses.put_account_sending_attributes(SendingEnabled=wanted)
        told.append(ses.get_account()["SendingEnabled"])

    assert told == [True, False, True]


def test_quota_of_the_account_is_what_was_granted(client: Client) -> None:
    ses, quotas = client("sesv2", region="eu-west-3"), client("service-quotas", region="eu-west-3")

    quotas.request_service_quota_increase(ServiceCode="ses", QuotaCode="L-804C8AE8", DesiredValue=50000)
    quotas.request_service_quota_increase(ServiceCode="ses", QuotaCode="L-CDEF9B6B", DesiredValue=14)

    quota = ses.get_account()["SendQuota"]
    assert (quota["Max24HourSend"], quota["MaxSendRate"]) == (50000, 14)


def test_reasons_of_the_account_are_set(client: Client) -> None:
    ses = client("sesv2", region="eu-west-2")

    ses.put_account_suppression_attributes(SuppressedReasons=["BOUNCE"])
    some = ses.get_account()["SuppressionAttributes"]
    ses.put_account_suppression_attributes()

    assert some == {"SuppressedReasons": ["BOUNCE"]}
    assert ses.get_account()["SuppressionAttributes"] == {"SuppressedReasons": []}


def test_suppressed_address_is_dated_and_taken_off(ses: Any) -> None:
    started = datetime.now(UTC).replace(microsecond=0)
    ses.put_suppressed_destination(EmailAddress="gone@example.com", Reason="BOUNCE")

    read = ses.get_suppressed_destination(EmailAddress="gone@example.com")["SuppressedDestination"]
    ses.delete_suppressed_destination(EmailAddress="gone@example.com")

    assert read["Reason"] == "BOUNCE"
    assert started <= read["LastUpdateTime"] <= datetime.now(UTC)
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_suppressed_destination(EmailAddress="gone@example.com")
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.delete_suppressed_destination(EmailAddress="gone@example.com")


def test_suppressed_addresses_are_listed_by_reason_and_time(client: Client) -> None:
    ses = client("sesv2", region="eu-west-1")
    ses.put_suppressed_destination(EmailAddress="bounce@example.com", Reason="BOUNCE")
    ses.put_suppressed_destination(EmailAddress="complaint@example.com", Reason="COMPLAINT")
    now = datetime.now(UTC)

    def listed(**filters: Any) -> list[str]:
        found = ses.list_suppressed_destinations(**filters)["SuppressedDestinationSummaries"]
        return [each["EmailAddress"] for each in found]

    assert listed() == ["bounce@example.com", "complaint@example.com"]
    assert listed(Reasons=["COMPLAINT"]) == ["complaint@example.com"]
    assert listed(EndDate=now - timedelta(days=14)) == []
    assert len(listed(EndDate=now + timedelta(minutes=1))) == 2
    assert listed(StartDate=now + timedelta(minutes=1)) == []
    assert len(listed(StartDate=now - timedelta(days=14))) == 2


def test_suppressed_addresses_come_in_pages(client: Client) -> None:
    ses = client("sesv2", region="eu-north-1")
    for number in range(3):
        ses.put_suppressed_destination(EmailAddress=f"{number}@example.com", Reason="BOUNCE")

    first = ses.list_suppressed_destinations(PageSize=2)
    second = ses.list_suppressed_destinations(PageSize=2, NextToken=first["NextToken"])

    pages = [[each["EmailAddress"] for each in page["SuppressedDestinationSummaries"]] for page in (first, second)]
    assert pages == [["0@example.com", "1@example.com"], ["2@example.com"]]
    assert "NextToken" not in second


def test_configuration_set_comes_back_as_sent(ses: Any, configuration_set: str) -> None:
    read = ses.get_configuration_set(ConfigurationSetName=configuration_set)

    assert {key: read[key] for key in ALL_BUT_EVENTS} == ALL_BUT_EVENTS
    assert read["Tags"] == [{"Key": "team", "Value": "a"}]


def test_configuration_set_of_a_name_alone_sends_and_measures_nothing(ses: Any) -> None:
    ses.create_configuration_set(ConfigurationSetName="plain")

    read = ses.get_configuration_set(ConfigurationSetName="plain")

    assert (read["SendingOptions"], read["ReputationOptions"]) == (
        {"SendingEnabled": True},
        {"ReputationMetricsEnabled": False},
    )
    assert "DeliveryOptions" not in read


def test_options_of_a_configuration_set_change_one_by_one(ses: Any, configuration_set: str) -> None:
    ses.put_configuration_set_delivery_options(ConfigurationSetName=configuration_set, TlsPolicy="OPTIONAL")
    ses.put_configuration_set_reputation_options(ConfigurationSetName=configuration_set)
    ses.put_configuration_set_sending_options(ConfigurationSetName=configuration_set, SendingEnabled=True)
    ses.put_configuration_set_suppression_options(ConfigurationSetName=configuration_set, SuppressedReasons=["BOUNCE"])

    read = ses.get_configuration_set(ConfigurationSetName=configuration_set)

    assert {key: read[key] for key in ALL_BUT_EVENTS} == {
        "DeliveryOptions": {"TlsPolicy": "OPTIONAL"},
        "ReputationOptions": {"ReputationMetricsEnabled": False},
        "SendingOptions": {"SendingEnabled": True},
        "SuppressionOptions": {"SuppressedReasons": ["BOUNCE"]},
    }


def test_event_destination_is_kept_changed_and_deleted(ses: Any, configuration_set: str) -> None:
    names = {"ConfigurationSetName": configuration_set, "EventDestinationName": "to"}

    def listed() -> list[dict[str, Any]]:
        found = ses.get_configuration_set_event_destinations(ConfigurationSetName=configuration_set)
        return list(found["EventDestinations"])

    ses.create_configuration_set_event_destination(**names, EventDestination=TO_CLOUDWATCH)
    made = listed()
    ses.update_configuration_set_event_destination(
        **names, EventDestination={"MatchingEventTypes": ["SEND"], "SnsDestination": {"TopicArn": "arn:aws:sns:::t"}}
    )
    (changed,) = listed()
    ses.delete_configuration_set_event_destination(**names)

    assert made == [{"Name": "to", **TO_CLOUDWATCH}]
    assert (changed["Enabled"], changed["MatchingEventTypes"]) == (False, ["SEND"])
    assert "CloudWatchDestination" not in changed
    assert listed() == []


def test_event_destination_is_made_once_for_a_set_and_a_receiver(ses: Any, configuration_set: str) -> None:
    names = {"ConfigurationSetName": configuration_set, "EventDestinationName": "once"}
    ses.create_configuration_set_event_destination(**names, EventDestination=TO_CLOUDWATCH)

    with pytest.raises(ses.exceptions.AlreadyExistsException):
        ses.create_configuration_set_event_destination(**names, EventDestination=TO_CLOUDWATCH)
    with pytest.raises(ses.exceptions.BadRequestException, match="exactly one"):
        ses.update_configuration_set_event_destination(**names, EventDestination={"MatchingEventTypes": ["SEND"]})
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.delete_configuration_set_event_destination(**{**names, "EventDestinationName": "nosuch"})
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.create_configuration_set_event_destination(
            **{**names, "ConfigurationSetName": "nosuch"}, EventDestination=TO_CLOUDWATCH
        )


def test_configuration_set_is_made_once_and_leaves_nothing(ses: Any, client: Client, configuration_set: str) -> None:
    with pytest.raises(ses.exceptions.AlreadyExistsException):
        ses.create_configuration_set(ConfigurationSetName=configuration_set)
    ses.create_configuration_set_event_destination(
        ConfigurationSetName=configuration_set, EventDestinationName="to", EventDestination=TO_CLOUDWATCH
    )

    ses.delete_configuration_set(ConfigurationSetName=configuration_set)

    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_configuration_set(ConfigurationSetName=configuration_set)
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.delete_configuration_set(ConfigurationSetName=configuration_set)
    client("ses").create_configuration_set(ConfigurationSet={"Name": configuration_set})
    found = ses.get_configuration_set_event_destinations(ConfigurationSetName=configuration_set)
    assert found["EventDestinations"] == []
    assert ses.get_configuration_set(ConfigurationSetName=configuration_set)["Tags"] == []


def test_configuration_set_of_version_1_is_read(ses: Any, client: Client) -> None:
    client("ses").create_configuration_set(ConfigurationSet={"Name": "old"})

    assert ses.get_configuration_set(ConfigurationSetName="old")["SendingOptions"] == {"SendingEnabled": True}
