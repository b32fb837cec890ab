"""What a cut creation left of certificates and DNS is found, though neither need have a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tooling.recovery.lookup import Found, Wanted, lookup_of

Client = Callable[..., Any]
Look = Callable[..., list[Found]]
MADE = datetime(2026, 1, 2, 3, 4, 5, 678900, UTC)


def reference(count: int) -> str:
    """A caller reference as the provider writes it."""
    return f"terraform-{MADE:%Y%m%d%H%M%S}6789{count:08x}"


@pytest.fixture
def dns(client: Client) -> Any:
    return client("route53")


def test_certificates_are_told_apart_by_all_their_names(client: Client, look: Look) -> None:
    # GIVEN a certificate for one name, and two for the same two names
    acm = client("acm", "us-west-2")
    asked = {"DomainName": "cert.example.com", "ValidationMethod": "DNS"}
    names = ["cert.example.com", "www.cert.example.com"]
    alone = acm.request_certificate(**asked)["CertificateArn"]
    both = {
        acm.request_certificate(**asked, SubjectAlternativeNames=names)["CertificateArn"],
        acm.request_certificate(
            **asked, SubjectAlternativeNames=names, Tags=[{"Key": "run", "Value": "2"}], IdempotencyToken="other"
        )["CertificateArn"],
    }

    # THEN the names tell which, in any order, in the region of the provider that makes it
    def found(**planned: Any) -> list[Found]:
        return look("aws_acm_certificate", domain_name="cert.example.com", **planned)

    assert [one.id for one in found(region="us-west-2", subject_alternative_names=None)] == [alone]
    two = found(region="us-west-2", subject_alternative_names=names[1:])
    assert {one.id for one in two} == both
    assert sorted((one.tags or {}).get("run", "") for one in two) == ["", "2"]
    assert all(one.created is not None and one.created.utcoffset() is not None for one in two)
    assert found(region="us-east-1", subject_alternative_names=None) == []


def acm_of_its_own() -> Any:
    """A client that asks nobody."""
    return boto3.client(
        "acm", region_name="us-east-1", aws_access_key_id="123456789012", aws_secret_access_key="unchecked"
    )


def ask(acm: Any, kind: str, planned: Mapping[str, Any]) -> list[Found]:
    lookup = lookup_of(kind)
    assert lookup is not None
    return list(lookup(Wanted(f"{kind}.it", kind, planned, "us-east-1", "123456789012", lambda _service: acm)))


def test_certificates_with_every_kind_of_key_are_asked_for() -> None:
    # GIVEN ACM, which tells of RSA keys only unless others are named
    acm, asked = acm_of_its_own(), list[Mapping[str, Any]]()
    acm.meta.events.register("provide-client-params.acm.ListCertificates", lambda params, **_: asked.append(params))

    # WHEN a certificate is looked for
    with Stubber(acm) as stub:
        stub.add_response("list_certificates", {"CertificateSummaryList": []})
        ask(acm, "aws_acm_certificate", {"domain_name": "cert.example.com"})

    # THEN those of a list are among the asked for
    (question,) = asked
    assert {"RSA_2048", "RSA_4096", "EC_prime256v1", "EC_secp384r1"} <= set(question["Includes"]["keyTypes"])


@pytest.mark.parametrize(
    ("issued", "ids"),
    [
        (None, []),
        (datetime(2026, 11, 22, 0, 5, 29, 0, UTC), ["2026-11-22 00:05:29 +0000 UTC"]),
        (datetime(2026, 11, 22, 0, 5, 29, 120000, UTC), ["2026-11-22 00:05:29.12 +0000 UTC"]),
    ],
)
def test_a_validation_is_over_when_the_certificate_is_issued(issued: datetime | None, ids: list[str]) -> None:
    acm, arn = acm_of_its_own(), "arn:aws:acm:us-east-1:123456789012:certificate/1"
    certificate = {"CertificateArn": arn} | ({"IssuedAt": issued} if issued else {})
    with Stubber(acm) as stub:
        stub.add_response("describe_certificate", {"Certificate": certificate}, {"CertificateArn": arn})

        found = ask(acm, "aws_acm_certificate_validation", {"certificate_arn": arn})

    assert found == [Found(each, within=True) for each in ids]


def test_a_validation_of_no_certificate_is_not_there(look: Look) -> None:
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"

    assert look("aws_acm_certificate_validation", certificate_arn=arn) == []


def test_zones_of_one_name_are_all_found(dns: Any, look: Look) -> None:
    # GIVEN a zone that Terraform made, one that somebody made by hand, and one of a longer name
    made, by_hand = (
        dns.create_hosted_zone(Name="zone.example.com", CallerReference=each)["HostedZone"]["Id"].rpartition("/")[2]
        for each in (reference(1), "by hand")
    )
    dns.create_hosted_zone(Name="a.zone.example.com", CallerReference=reference(2))
    tags = [{"Key": "a", "Value": "b"}]
    dns.change_tags_for_resource(ResourceType="hostedzone", ResourceId=made, AddTags=tags)

    # THEN both of the name are told, and the caller reference tells the time of the first
    found = {one.id: one for one in look("aws_route53_zone", name="Zone.example.com.")}
    assert {key: (one.tags, one.created) for key, one in found.items()} == {
        made: ({"a": "b"}, MADE),
        by_hand: ({}, None),
    }
    assert look("aws_route53_zone", name="zone.example.com", vpc=[{"vpc_id": "vpc-1"}]) == []


@pytest.fixture
def zone(dns: Any) -> str:
    name = f"records{datetime.now(UTC):%H%M%S%f}.example.com"
    answer = dns.create_hosted_zone(Name=name, CallerReference=name)["HostedZone"]
    return str(answer["Id"].rpartition("/")[2])


def put(dns: Any, zone: str, name: str, value: str, kind: str = "CNAME", **more: Any) -> str:
    full = f"{name}.{dns.get_hosted_zone(Id=zone)['HostedZone']['Name']}"
    record = {"Name": full, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}], **more}
    changes = [{"Action": "CREATE", "ResourceRecordSet": record}]
    dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    return full.rstrip(".")


def test_a_record_that_says_what_was_planned_is_ours(dns: Any, zone: str, look: Look) -> None:
    # GIVEN a record, another type of the name, and the name after it
    name = put(dns, zone, "www", "target.example.com")
    put(dns, zone, "wwwx", "target.example.com")
    planned = {"zone_id": zone, "name": name, "type": "CNAME"}

    # THEN one that says what was planned is taken, and one that says something else is only told of
    assert look("aws_route53_record", **planned, records=["target.example.com"]) == [
        Found(f"{zone}_{name}_CNAME", within=True)
    ]
    assert look("aws_route53_record", **planned, records=["elsewhere.example.com"]) == [Found(f"{zone}_{name}_CNAME")]
    assert look("aws_route53_record", **(planned | {"type": "A"}), records=["192.0.2.1"]) == []
    assert look("aws_route53_record", **(planned | {"name": "none"}), records=["target.example.com"]) == []


def test_a_record_is_found_by_a_name_within_its_zone(dns: Any, zone: str, look: Look) -> None:
    put(dns, zone, "*.api", "target.example.com")

    (found,) = look("aws_route53_record", zone_id=zone, name="*.API", type="CNAME", records=["target.example.com"])

    assert (found.id, found.within) == (f"{zone}_*.api_CNAME", True)


def test_records_that_fail_over_are_told_apart(dns: Any, zone: str, look: Look) -> None:
    name = ""
    for label, value in (("one", "192.0.2.1"), ("two", "192.0.2.2"), ("three", "192.0.2.3")):
        name = put(dns, zone, "api", value, "A", SetIdentifier=label, Weight=1)

    found = look("aws_route53_record", zone_id=zone, name=name, type="A", set_identifier="three", records=["192.0.2.3"])

    assert found == [Found(f"{zone}_{name}_A_three", within=True)]
    assert look("aws_route53_record", zone_id=zone, name=name, type="A", records=["192.0.2.3"]) == []


def test_a_record_that_proves_a_domain_keeps_the_dot_of_its_name(dns: Any, zone: str, look: Look) -> None:
    value = "_c.acm-validations.aws."
    name = put(dns, zone, "_d", value)

    (found,) = look("aws_route53_record", zone_id=zone, name=name, type="CNAME", records=[value])

    assert found.id == f"{zone}_{name}._CNAME"


def test_a_health_check_is_found_by_what_it_watches(dns: Any, look: Look) -> None:
    # GIVEN two checks of two hosts, and one that sums them up
    hosts = {
        host: dns.create_health_check(
            CallerReference=reference(count),
            HealthCheckConfig={"Type": "TCP", "FullyQualifiedDomainName": host, "Port": 443},
        )["HealthCheck"]["Id"]
        for count, host in enumerate(("one.example.com", "two.example.com"))
    }
    children = sorted(hosts.values())
    whole = dns.create_health_check(
        CallerReference=reference(9),
        HealthCheckConfig={"Type": "CALCULATED", "ChildHealthChecks": children, "HealthThreshold": 2},
    )["HealthCheck"]["Id"]

    # THEN each is found
    assert look("aws_route53_health_check", type="TCP", fqdn="two.example.com", port=443) == [
        Found(hosts["two.example.com"], tags={}, created=MADE)
    ]
    assert [one.id for one in look("aws_route53_health_check", type="CALCULATED", child_healthchecks=children)] == [
        whole
    ]
    assert look("aws_route53_health_check", type="CALCULATED", child_healthchecks=children[:1]) == []
