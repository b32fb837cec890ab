"""Names: the zone of the domain, and the certificate, ACM's own or another issuer's."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import tftest

from tests.plan.solemate.conftest import REQUIRED, Planned
from tests.support.edges import (
    CERTIFICATE,
    DISTRIBUTION,
    RECORD,
    VALIDATION,
    ZONE,
    assert_certificate_is_made,
    assert_serves,
)
from tests.support.kept import Kept, key_of
from tests.support.planner import BARE
from tests.support.plans import Plan
from tooling.workspace import exclusive

GIVEN_CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"
GIVEN_ZONE = "Z0123456789EXAMPLE"
ISSUE = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=solemate.com")
PLACEHOLDERS = ("staging-cert", "production-cert", "12345678-1234-1234-1234-123456789012")


@pytest.fixture(scope="session")
def given(plan: Planned) -> Plan:
    """The module with a zone and a certificate that are there."""
    return plan(BARE, **REQUIRED, hosted_zone_id=GIVEN_ZONE, certificate_arn=GIVEN_CERTIFICATE)


@pytest.fixture(scope="session")
def foreign(planning_folder: Path, kept: Kept) -> dict[str, str]:
    """A certificate of another issuer, and its key, in PEM: the same in every run, so that its plan can be too."""
    file = planning_folder / "foreign.json"
    with exclusive(file.with_suffix(".lock")):
        if not file.is_file():
            file.write_bytes(kept.made(key_of("a certificate of another issuer", ISSUE), issued))
    pair: dict[str, str] = json.loads(file.read_text())
    return pair


def issued() -> bytes:
    with TemporaryDirectory() as folder:
        key, certificate = Path(folder, "foreign.key"), Path(folder, "foreign.pem")
        subprocess.run([*ISSUE, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
        pair = {"certificate_body": certificate.read_text(), "certificate_private_key": key.read_text()}
    return json.dumps(pair).encode()


@pytest.fixture(scope="session")
def imported(plan: Planned, foreign: dict[str, str]) -> Plan:
    """The module with that certificate."""
    return plan(BARE, **REQUIRED, **foreign, certificate_chain=foreign["certificate_body"])


def names(plan: Plan) -> list[str]:
    domain = plan.input("domain_name") or "solemate.com"
    return [domain, *(plan.input("alternative_names") or []), f"api.{domain}"]


@pytest.mark.requirement("SM-FR5-03", "SM-CF-03", "SM-ENV-08", "SM-ENV-14")
def test_acm_issues_the_certificate_of_all_names(every: Plan, chosen: Plan, minimal: Plan) -> None:
    for plan in (every, chosen, minimal):
        assert_certificate_is_made(plan, names(plan))
        assert_serves(plan, plan.one(VALIDATION).block)
        assert (plan.input("certificate_arn") or "") == ""


@pytest.mark.requirement("SM-FR5-03", "SM-CF-03")
def test_a_certificate_that_is_there_is_used(given: Plan) -> None:
    (viewer,) = given.one(DISTRIBUTION)["viewer_certificate"]
    (listener,) = given.all("aws_lb_listener", port=443)

    assert viewer["acm_certificate_arn"] == listener["certificate_arn"] == GIVEN_CERTIFICATE
    assert not {CERTIFICATE, VALIDATION} & given.types()


@pytest.mark.requirement("SM-CF-03", "SM-ENV-08", "SM-ENV-14")
@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_a_placeholder_of_the_document_is_refused(plan: Planned, placeholder: str) -> None:
    with pytest.raises(tftest.TerraformTestError, match="placeholder of the document's"):
        plan(BARE, **REQUIRED, certificate_arn=f"arn:aws:acm:us-east-1:123456789012:certificate/{placeholder}")


@pytest.mark.requirement("SM-CF-03", "SM-ENV-08", "SM-ENV-14")
def test_no_stack_has_a_placeholder(every: Plan) -> None:
    for each in PLACEHOLDERS:
        assert not every.places_of(each)


@pytest.mark.requirement("SM-FR5-03")
@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"certificate_arn": GIVEN_CERTIFICATE.replace("us-east-1", "eu-west-1")}, "one of us-east-1"),
        ({"certificate_arn": "certificate"}, "the ARN of an ACM certificate"),
        ({"region": "eu-west-1"}, "region must be us-east-1"),
        ({"certificate_body": "no certificate", "certificate_private_key": "key"}, "begin with -----BEGIN CERTIFICATE"),
        ({"certificate_private_key": "key"}, "certificate_private_key together"),
        ({"certificate_chain": "-----BEGIN CERTIFICATE-----"}, "chain needs certificate_body"),
        ({"alternative_names": ["www.example.com"]}, "end with the domain name"),
    ],
)
def test_rejects_a_certificate_that_would_not_do(plan: Planned, inputs: dict[str, Any], message: str) -> None:
    with pytest.raises(tftest.TerraformTestError, match=message):
        plan(BARE, **REQUIRED, **inputs)


@pytest.mark.requirement("SM-FR5-03")
def test_rejects_two_certificates(plan: Planned, foreign: dict[str, str]) -> None:
    with pytest.raises(tftest.TerraformTestError, match="certificate_arn or certificate_body, not both"):
        plan(BARE, **REQUIRED, **foreign, certificate_arn=GIVEN_CERTIFICATE)


@pytest.mark.requirement("SM-INT-02")
def test_a_certificate_of_another_issuer_is_imported(imported: Plan, foreign: dict[str, str]) -> None:
    certificate = imported.one(CERTIFICATE)

    assert certificate["certificate_body"] == foreign["certificate_body"]
    assert certificate["private_key"] == foreign["certificate_private_key"]
    assert certificate["certificate_chain"] == foreign["certificate_body"]
    assert imported.is_sensitive(certificate.address, ("private_key",))
    # Nothing that ACM would have to find in DNS.
    assert VALIDATION not in imported.types()
    assert not [each for each in imported.all(RECORD) if each.block.endswith(".validation_record")]
    assert_serves(imported, certificate.block)


@pytest.mark.requirement("SM-INT-02")
def test_a_certificate_needs_no_chain(plan: Planned, foreign: dict[str, str]) -> None:
    assert plan(BARE, **REQUIRED, **foreign).one(CERTIFICATE).values.get("certificate_chain") is None


@pytest.mark.requirement("SM-INT-01")
def test_the_domain_is_to_be_delegated_to_the_zone_that_is_made(every: Plan) -> None:
    zone = every.one(ZONE)

    assert zone["name"] == every.input("domain_name")
    assert zone["vpc"] == []
    assert all(every.referred(each, "zone_id", ZONE) == zone for each in every.all(RECORD))
    assert {zone.block, f"{zone.block}.name_servers"} & every.output_references("name_servers")
    assert "name_servers" in every.output_names


@pytest.mark.requirement("SM-INT-01")
def test_a_zone_that_is_there_is_used(given: Plan) -> None:
    assert ZONE not in given.types()
    assert {each["zone_id"] for each in given.all(RECORD)} == {GIVEN_ZONE}
    assert given.outputs["name_servers"] == []
