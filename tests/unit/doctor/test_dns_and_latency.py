"""Is the domain found, and how long do answers take."""

from __future__ import annotations

import re

import pytest

from tests.unit.doctor.conftest import Client, Patient, Resources
from tests.unit.doctor.test_health_check import application
from tooling.doctor.outside import Internet


@pytest.fixture
def zone(client: Client, name: str) -> Resources:
    """A zone with the record of a site, as its state says it."""
    route53, domain = client("route53"), f"{name}.example.com"
    made = route53.create_hosted_zone(Name=domain, CallerReference=name)
    identifier = made["HostedZone"]["Id"].rpartition("/")[2]
    record = {"Name": domain, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    changes = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=identifier, ChangeBatch=changes)
    return {
        "aws_route53_zone.zone": {"zone_id": identifier, "name_servers": ["ns-1.example.net", "ns-2.example.net"]},
        "aws_route53_record.site": {"zone_id": identifier, "name": domain, "type": "A"},
    }


def test_a_domain_that_is_found_is_sound(patient: Patient, zone: Resources, name: str) -> None:
    found = patient.asked("dns", zone, outside=Internet({f"{name}.example.com": ("192.0.2.1", 443)}))

    assert found["records"].saw == "all 1 are in their zone"
    assert (found[f"name {name}.example.com"].status, found[f"name {name}.example.com"].saw) == ("ok", "192.0.2.1")


def test_a_record_that_somebody_took_out_is_named(patient: Patient, client: Client, zone: Resources, name: str) -> None:
    identifier = zone["aws_route53_zone.zone"]["zone_id"]
    record = {
        "Name": f"{name}.example.com",
        "Type": "A",
        "TTL": 60,
        "ResourceRecords": [{"Value": "192.0.2.1"}],
    }
    client("route53").change_resource_record_sets(
        HostedZoneId=identifier, ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]}
    )

    found = patient.asked("dns", zone)["records"]

    assert (found.status, found.saw) == ("failed", f"1 are not in their zone: A {name}.example.com")


def test_a_name_without_an_address_is_told_with_the_name_servers_to_enter(patient: Patient) -> None:
    # No resolver has an address for this: https://www.rfc-editor.org/rfc/rfc6761#section-6.4
    resources: Resources = {
        "aws_route53_zone.zone": {"zone_id": "Z1", "name_servers": ["ns-2.example.net", "ns-1.example.net"]},
        "aws_route53_record.site": {"zone_id": "Z1", "name": "shop.invalid", "type": "A"},
    }

    found = patient.asked("dns", resources, outside=Internet())["name shop.invalid"]

    assert found.status == "failed"
    assert "shop.invalid has no address" in found.saw
    assert found.next == (
        "enter at the registrar the name servers: ns-1.example.net, ns-2.example.net; look with: dig NS shop.invalid"
    )


def test_a_name_of_a_private_zone_or_with_a_star_is_not_looked_for_from_here(patient: Patient) -> None:
    resources: Resources = {
        "aws_route53_zone.inside": {"zone_id": "Z1", "name": "inside.invalid", "vpc": [{"vpc_id": "vpc-1"}]},
        "aws_route53_record.inside": {"zone_id": "Z1", "name": "db.inside.invalid", "type": "A"},
        "aws_route53_record.any": {"zone_id": "Z2", "name": "*.shop.invalid", "type": "A"},
    }

    found = patient.asked("dns", resources, outside=Internet())

    assert [name for name in found if name.startswith("name ")] == []


def test_a_record_is_known_by_its_whole_name(patient: Patient, client: Client, zone: Resources, name: str) -> None:
    short = {**zone["aws_route53_record.site"], "name": "", "fqdn": f"{name}.example.com"}

    found = patient.asked("dns", {**zone, "aws_route53_record.site": short})

    assert found["records"].saw == "all 1 are in their zone"


def test_a_certificate_that_is_gone_hides_no_other(patient: Patient, client: Client, name: str) -> None:
    arn = client("acm").request_certificate(DomainName=f"{name}.example.com")["CertificateArn"]
    client("acm").describe_certificate(CertificateArn=arn)

    found = patient.asked(
        "dns",
        {
            "aws_acm_certificate.a": {"arn": arn[:-12] + "000000000000", "domain_name": "gone.example.com"},
            "aws_acm_certificate.b": {"arn": arn, "domain_name": f"{name}.example.com"},
        },
    )

    assert found["certificate of gone.example.com"].status == "failed"
    assert f"certificate of {name}.example.com" in found


def test_a_certificate_that_is_issued_is_sound(patient: Patient, client: Client, name: str) -> None:
    domain = f"{name}.example.com"
    arn = client("acm").request_certificate(DomainName=domain, ValidationMethod="DNS")["CertificateArn"]
    client("acm").describe_certificate(CertificateArn=arn)

    found = patient.asked("dns", {"aws_acm_certificate.own": {"arn": arn, "domain_name": domain}})

    assert found[f"certificate of {domain}"].saw == "issued"


@pytest.mark.requirement("RW-NOTE-04")
def test_the_latency_of_each_region_and_address_is_measured(patient: Patient) -> None:
    measured = re.compile(r"(\d+) ms in the middle, (\d+) to (\d+) ms of 5")
    with application(200) as url:
        outputs = {"api_url": f"{url}/api/health", "table_name": "t"}
        found = patient.asked("latency", {"aws_sqs_queue.own": {"name": "q"}}, outputs=outputs)

    assert set(found) == {"AWS in us-east-1", "output api_url"}
    for one in found.values():
        assert one.status == "ok"
        match = measured.search(one.saw)
        assert match is not None
        middle, least, most = map(int, match.groups())
        assert least <= middle <= most
    assert found["output api_url"].saw.startswith(f"{url}/api/health: ")
    assert found["output api_url"].saw.endswith(", status 200")


def test_an_address_that_does_not_answer_is_an_error(patient: Patient) -> None:
    found = patient.asked("latency", {"aws_sqs_queue.own": {"name": "q"}}, outputs={"api_url": "http://127.0.0.1:1/"})

    assert found["output api_url"].status == "failed"
    assert "127.0.0.1:1 takes no connection from here" in found["output api_url"].saw
