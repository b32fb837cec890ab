"""Mail: the domain and the address that it comes from, what becomes of it, and its templates."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plan.doomscroll.conftest import REQUIRED, Planned
from tests.support.edges import RECORD
from tests.support.planner import BARE
from tests.support.plans import Plan, Resource

DESTINATION, SET = "aws_sesv2_configuration_set_event_destination", "aws_sesv2_configuration_set"
IDENTITY, SUPPRESSION, TEMPLATE = (
    "aws_sesv2_email_identity",
    "aws_sesv2_account_suppression_attributes",
    "aws_ses_template",
)
SPF = "v=spf1 include:amazonses.com ~all"
TEMPLATES = {
    "StreakReminder": (
        "Your {{streak_days}}-day streak ends tonight",
        "Hi {{name}},\n\nyour streak of {{streak_days}} days ends at midnight. Keep it: {{url}}\n",
        "<p>Hi {{name}},</p><p>your streak of {{streak_days}} days ends at midnight. "
        '<a href="{{url}}">Keep it</a>.</p>',
    ),
    "WeeklyDigest": (
        "Your week: {{minutes_saved}} minutes not scrolled",
        "Hi {{name}},\n\nthis week you did not scroll for {{minutes_saved}} minutes. All of it: {{url}}\n",
        "<p>Hi {{name}},</p><p>this week you did not scroll for {{minutes_saved}} minutes. "
        '<a href="{{url}}">All of it</a>.</p>',
    ),
    "WelcomeEmail": (
        "Welcome, {{name}}",
        "Hi {{name}},\n\nyour account is ready. Start here: {{url}}\n",
        '<p>Hi {{name}},</p><p>your account is ready. <a href="{{url}}">Start here</a>.</p>',
    ),
}


@pytest.fixture(params=["dev", "prod", "local", "chosen", "minimal"])
def everywhere(request: pytest.FixtureRequest, plan: Planned, chosen: Plan, minimal: Plan) -> Plan:
    """Each stack, as committed, and the module with no default left and with nothing else."""
    apart = {"chosen": chosen, "minimal": minimal}
    return apart[request.param] if request.param in apart else plan(request.param)


def domain(plan: Plan) -> str:
    return plan.input("domain_name") or "yourdomain.com"


def suffix(plan: Plan) -> str:
    return plan.input("name_suffix") or ""


def texts(plan: Plan, name: str) -> Resource:
    return plan.one(RECORD, name=name, type="TXT", ttl=300)


def templates(plan: Plan) -> dict[str, tuple[str, str, str]]:
    """Subject, text and HTML of each, by name."""
    return {each["name"]: (each["subject"], each["text"], each["html"]) for each in plan.all(TEMPLATE)}


@pytest.mark.requirement("FD-SES-01")
def test_mail_is_sent_from_us_east_1(everywhere: Plan) -> None:
    kinds = {each.type for each in everywhere.resources if each.type.startswith(("aws_ses_", "aws_sesv2_"))}

    assert IDENTITY in kinds
    for kind in kinds:
        assert {everywhere.provider(each) for each in everywhere.all(kind)} == {"aws"}
    assert everywhere.providers["aws"]["expressions"]["region"] == {"constant_value": "us-east-1"}
    assert everywhere.variables["region"]["default"] == "us-east-1"


@pytest.mark.requirement("FD-SES-06")
def test_the_domain_is_verified(everywhere: Plan) -> None:
    identity = everywhere.one(IDENTITY, email_identity=domain(everywhere))

    assert identity.block == "aws_sesv2_email_identity.domain"


@pytest.mark.requirement("FD-SES-03")
def test_the_senders_address_is_verified(every: Plan, minimal: Plan) -> None:
    assert minimal.variables["verify_sender_address"]["default"] is True
    for plan in (every, minimal):
        sender = f"noreply@{domain(plan)}"
        assert [each["email_identity"] for each in plan.all(IDENTITY)] == [domain(plan), sender]


@pytest.mark.requirement("FD-SES-03")
def test_the_domain_alone_will_do_for_the_sender(chosen: Plan) -> None:
    assert [each["email_identity"] for each in chosen.all(IDENTITY)] == ["calm.example"]


@pytest.mark.requirement("FD-SES-04")
def test_mails_are_signed_with_keys_in_dns(everywhere: Plan) -> None:
    identity = everywhere.one(IDENTITY, email_identity=domain(everywhere))
    (signing,) = identity["dkim_signing_attributes"]
    records = everywhere.all(RECORD, type="CNAME")
    keys = [each for each in records if each.block == "aws_route53_record.domain_dkim"]

    assert signing["next_signing_key_length"] == "RSA_2048_BIT"
    # Known before SES has made them.
    assert [each.index for each in keys] == [0, 1, 2]
    for record in keys:
        for argument in ("name", "records"):
            references = everywhere.references(record, argument)
            assert f"{identity.block}.dkim_signing_attributes[0].tokens" in references
            assert "count.index" in references
        assert record["ttl"] == 300
    assert "var.domain_name" in everywhere.references(keys[0], "name")


@pytest.mark.requirement("FD-SES-05")
def test_receivers_are_told_to_reject_what_is_not_signed(everywhere: Plan) -> None:
    name = domain(everywhere)

    assert texts(everywhere, f"_dmarc.{name}")["records"] == [f"v=DMARC1; p=reject; rua=mailto:dmarc@{name}"]


@pytest.mark.requirement("FD-SES-07")
def test_receivers_are_told_who_sends(every: Plan, chosen: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert texts(plan, domain(plan))["records"] == [SPF]
    # DNS keeps one set for a name.
    assert sorted(texts(chosen, "calm.example")["records"]) == ["google-site-verification=abc", SPF]


@pytest.mark.requirement("FD-SES-10")
def test_what_becomes_of_mails_is_counted_in_cloudwatch(every: Plan, minimal: Plan) -> None:
    assert minimal.variables["enable_ses_configuration_set"]["default"] is True
    for plan in (every, minimal):
        own, destination = plan.one(SET), plan.one(DESTINATION)
        (events,) = destination["event_destination"]
        name = f"fckdoomscroll-config-set{suffix(plan)}"

        assert own["configuration_set_name"] == name
        assert own["delivery_options"][0]["tls_policy"] == "REQUIRE"
        assert own["reputation_options"][0]["reputation_metrics_enabled"] is True
        assert plan.referred(destination, "configuration_set_name", SET) == own
        assert (destination["configuration_set_name"], destination["event_destination_name"]) == (name, "cloudwatch")
        assert events["enabled"] is True
        assert sorted(events["matching_event_types"]) == ["BOUNCE", "COMPLAINT", "SEND"]
        assert events["cloud_watch_destination"] == [
            {
                "dimension_configuration": [
                    {
                        "dimension_name": "ses:configuration-set",
                        "dimension_value_source": "MESSAGE_TAG",
                        "default_dimension_value": name,
                    }
                ]
            }
        ]
        # Whoever sends does not have to name it.
        for identity in plan.all(IDENTITY):
            assert plan.referred(identity, "configuration_set_name", SET) == own
            assert identity["configuration_set_name"] == name


@pytest.mark.requirement("FD-SES-10")
def test_production_has_the_documents_configuration_set(prod: Plan) -> None:
    assert prod.one(SET)["configuration_set_name"] == "fckdoomscroll-config-set"


@pytest.mark.requirement("FD-SES-10")
def test_the_configuration_set_is_optional(chosen: Plan) -> None:
    assert not {SET, DESTINATION} & chosen.types()


@pytest.mark.requirement("FD-SES-11", "FD-SES-12", "FD-SES-13")
@pytest.mark.parametrize("inputs", [{}, {"name_suffix": "-other"}])
def test_templates_are_kept_where_that_is_wanted(plan: Planned, inputs: dict[str, Any]) -> None:
    made = plan(BARE, **REQUIRED, enable_ses_templates=True, **inputs)

    end = inputs.get("name_suffix", "")
    assert templates(made) == {f"{name}{end}": content for name, content in TEMPLATES.items()}


@pytest.mark.requirement("FD-SES-11", "FD-SES-12", "FD-SES-13")
def test_production_has_the_documents_templates(prod: Plan) -> None:
    assert templates(prod) == TEMPLATES


@pytest.mark.requirement("FD-SES-11", "FD-SES-12", "FD-SES-13")
def test_templates_are_optional(development: Plan, minimal: Plan) -> None:
    assert minimal.variables["enable_ses_templates"]["default"] is False
    assert TEMPLATE not in development.types() | minimal.types()


@pytest.mark.requirement("FD-SES-14")
def test_who_bounces_or_complains_gets_no_more_mail(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        (own,) = plan.one(SET)["suppression_options"]
        assert sorted(own["suppressed_reasons"]) == ["BOUNCE", "COMPLAINT"]


@pytest.mark.requirement("FD-SES-14")
def test_the_accounts_list_is_looked_after_by_one_stack(every: Plan, minimal: Plan, chosen: Plan) -> None:
    assert minimal.variables["manage_ses_account"]["default"] is True
    for plan in (every, minimal):
        assert sorted(plan.one(SUPPRESSION)["suppressed_reasons"]) == ["BOUNCE", "COMPLAINT"]
    assert SUPPRESSION not in chosen.types()


@pytest.mark.requirement("FD-SES-08", "FD-SES-09")
def test_production_asks_for_what_it_sends(prod: Plan, development: Plan, chosen: Plan) -> None:
    quota = "aws_servicequotas_service_quota"
    # Codes of SES: mails a second, and mails in 24 hours.
    rate, daily = "L-CDEF9B6B", "L-804C8AE8"

    for plan, asked in ((prod, {rate: 14, daily: 50000}), (development, {}), (chosen, {rate: 20, daily: 70000})):
        assert {each["quota_code"]: each["value"] for each in plan.all(quota)} == asked
        assert {each["service_code"] for each in plan.all(quota)} <= {"ses"}
