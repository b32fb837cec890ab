"""Names: the zone of the domain, and the certificate that the listener shows."""

from __future__ import annotations

import pytest
import tftest

from tests.plan.doomscroll.conftest import REQUIRED, Planned
from tests.support.edges import (
    CERTIFICATE,
    DISTRIBUTION,
    RECORD,
    VALIDATION,
    ZONE,
    assert_certificate_is_made,
    assert_serves,
)
from tests.support.planner import BARE
from tests.support.plans import Plan

GIVEN_CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"
GIVEN_ZONE = "Z0123456789EXAMPLE"


@pytest.fixture(scope="session")
def given(plan: Planned) -> Plan:
    """The module with a zone and a certificate that are there."""
    return plan(BARE, **REQUIRED, hosted_zone_id=GIVEN_ZONE, certificate_arn=GIVEN_CERTIFICATE)


@pytest.mark.requirement("FD-LIS-03")
def test_acm_issues_the_certificate_and_renews_it_by_dns(every: Plan, chosen: Plan, minimal: Plan) -> None:
    for plan in (every, chosen, minimal):
        domain = plan.input("domain_name") or "yourdomain.com"

        assert_certificate_is_made(plan, [domain, f"origin.{domain}"])
        assert_serves(plan, plan.one(VALIDATION).block)


@pytest.mark.requirement("FD-LIS-03")
def test_a_certificate_that_is_there_is_used(given: Plan) -> None:
    (viewer,) = given.one(DISTRIBUTION)["viewer_certificate"]
    (listener,) = given.all("aws_lb_listener", port=443)

    assert viewer["acm_certificate_arn"] == listener["certificate_arn"] == GIVEN_CERTIFICATE
    assert not {CERTIFICATE, VALIDATION} & given.types()


@pytest.mark.requirement("FD-LIS-03")
@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"certificate_arn": GIVEN_CERTIFICATE.replace("us-east-1", "eu-west-1")}, "one of us-east-1"),
        ({"certificate_arn": "certificate"}, "the ARN of an ACM certificate"),
        ({"region": "eu-west-1"}, "region must be us-east-1"),
        ({"domain_name": "https://yourdomain.com"}, "domain name must be a name"),
    ],
)
def test_rejects_a_certificate_that_would_not_do(plan: Planned, inputs: dict[str, str], message: str) -> None:
    with pytest.raises(tftest.TerraformTestError, match=message):
        plan(BARE, **REQUIRED, **inputs)


@pytest.mark.requirement("FD-OV-02")
def test_all_records_are_in_the_zone_of_the_domain(every: Plan) -> None:
    zone = every.one(ZONE)

    assert zone["name"] == every.input("domain_name")
    assert zone["vpc"] == []
    assert all(every.referred(each, "zone_id", ZONE) == zone for each in every.all(RECORD))


@pytest.mark.requirement("FD-OV-02")
def test_a_zone_that_is_there_is_used(given: Plan) -> None:
    assert ZONE not in given.types()
    assert {each["zone_id"] for each in given.all(RECORD)} == {GIVEN_ZONE}
