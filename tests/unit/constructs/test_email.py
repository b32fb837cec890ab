"""Mail: who may send in the domain's name, what becomes of it, and its templates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.email_events import AccountSuppression, EmailEvents, EmailEventsProps
from cdktf_app.constructs.email_identity import EmailAddress, EmailDomain, EmailDomainProps
from cdktf_app.constructs.email_templates import EmailTemplate, EmailTemplates
from cdktf_app.constructs.hosted_zone import HostedZone
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]


@pytest.fixture
def domain(part: Construct) -> EmailDomain:
    zone = HostedZone(part, "zone", domain_name="example.com", given=Input("zone_id"), tags={})
    props = EmailDomainProps(
        domain_name="example.com",
        zone=zone,
        reports_to="reports",
        extra_texts=Input("texts"),
        configuration_set="mails",
        tags={"Owner": "me"},
    )
    return EmailDomain(part, "domain", props=props)


@pytest.fixture
def events(part: Construct, deployment: Deployment) -> EmailEvents:
    props = EmailEventsProps(deployment=deployment, name="mails", enabled=Input("wanted"))
    return EmailEvents(part, "events", props=props)


@pytest.mark.usefixtures("domain")
def test_a_domain_signs_its_mails_with_keys_that_anybody_can_look_up(synthesize: Synthesize) -> None:
    module = synthesize()

    identity = module.the("aws_sesv2_email_identity")
    assert identity["email_identity"] == "example.com"
    assert identity["configuration_set_name"] == "mails"
    assert identity["dkim_signing_attributes"] == {"next_signing_key_length": "RSA_2048_BIT"}
    record = module.resource("aws_route53_record", "domain_dkim")
    token = "${aws_sesv2_email_identity.domain.dkim_signing_attributes[0].tokens[count.index]}"
    assert (record["count"], record["type"]) == (3, "CNAME")
    assert record["name"] == f"{token}._domainkey.example.com"
    assert record["records"] == [f"{token}.dkim.amazonses.com"]


@pytest.mark.usefixtures("domain")
def test_receivers_are_told_to_refuse_mails_of_others(synthesize: Synthesize) -> None:
    module = synthesize()

    spf, dmarc = (module.resource("aws_route53_record", f"domain_{kind}") for kind in ("spf", "dmarc"))
    assert (spf["name"], spf["type"]) == ("example.com", "TXT")
    # One set for all texts of the name.
    assert spf["records"] == '${concat(["v=spf1 include:amazonses.com ~all"], var.texts)}'
    assert (dmarc["name"], dmarc["type"]) == ("_dmarc.example.com", "TXT")
    assert dmarc["records"] == ["v=DMARC1; p=reject; rua=mailto:reports@example.com"]


def test_an_address_is_verified_where_that_is_wanted(part: Construct, synthesize: Synthesize) -> None:
    EmailAddress(part, "me", address="me@example.com", configuration_set="mails", wanted=Input("wanted"), tags={})

    identity = synthesize().the("aws_sesv2_email_identity")
    assert identity["count"] == "${var.wanted ? 1 : 0}"
    assert (identity["email_identity"], identity["configuration_set_name"]) == ("me@example.com", "mails")


def test_mails_are_counted_and_addresses_that_refuse_them_remembered(
    events: EmailEvents, synthesize: Synthesize
) -> None:
    module = synthesize()

    made = module.the("aws_sesv2_configuration_set")
    assert made["count"] == "${var.wanted ? 1 : 0}"
    assert made["configuration_set_name"] == "app-${var.environment}-mails"
    assert made["delivery_options"] == {"tls_policy": "REQUIRE"}
    assert made["suppression_options"] == {"suppressed_reasons": ["BOUNCE", "COMPLAINT"]}
    destination = module.the("aws_sesv2_configuration_set_event_destination")
    assert destination["count"] == "${var.wanted ? 1 : 0}"
    assert destination["configuration_set_name"] == events.name
    assert destination["event_destination"] == {
        "enabled": True,
        "matching_event_types": ["SEND", "BOUNCE", "COMPLAINT"],
        "cloud_watch_destination": {
            "dimension_configuration": [
                {
                    "dimension_name": "ses:configuration-set",
                    "dimension_value_source": "MESSAGE_TAG",
                    "default_dimension_value": "app-${var.environment}-mails",
                }
            ]
        },
    }
    assert events.name == "${one(aws_sesv2_configuration_set.events[*].configuration_set_name)}"


def test_the_accounts_own_list_is_looked_after_where_that_is_wanted(part: Construct, synthesize: Synthesize) -> None:
    AccountSuppression(part, "account", managed=Input("managed"))

    made = synthesize().the("aws_sesv2_account_suppression_attributes")
    assert (made["count"], made["suppressed_reasons"]) == ("${var.managed ? 1 : 0}", ["BOUNCE", "COMPLAINT"])


def test_templates_have_the_documents_names_with_the_environments_end(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    template = EmailTemplate(
        construct_id="hello", name="HelloEmail", subject="Hello", text="Hi {{name}}", html="<p>Hi {{name}}</p>"
    )
    EmailTemplates(part, "template", deployment=deployment, templates=[template], enabled=Input("wanted"))

    made = synthesize().resource("aws_ses_template", "template_hello")
    assert made["count"] == "${var.wanted ? 1 : 0}"
    assert {name: made[name] for name in ("name", "subject", "text", "html")} == {
        "name": "HelloEmail",
        "subject": "Hello",
        "text": "Hi {{name}}",
        "html": "<p>Hi {{name}}</p>",
    }
