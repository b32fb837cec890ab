"""Why is the domain not found: delegation of its zone, its records, its certificates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tooling.doctor.examination import Diagnosis, NothingThere, Part, looked
from tooling.errors import ToolError
from tooling.live import failed, ok, skipped

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding, LiveResource

# What a browser asks for; others (DKIM, MX, validation) are not resolved by the machine's own resolver.
_ADDRESSES = ("A", "AAAA", "CNAME")


def records(examination: Examination) -> Iterator[Finding]:
    """Every record of the state is in its zone."""
    zones: dict[str, list[dict[str, Any]] | str] = {}
    sound, lost = 0, []
    for record in examination.live.of("aws_route53_record"):
        zone = str(record["zone_id"])
        if zone not in zones:
            zones[zone] = _zone(examination, zone)
        found = zones[zone]
        key = (_name(record), str(record["type"]))
        if isinstance(found, str) or key not in {(_plain(one["Name"]), one["Type"]) for one in found}:
            lost.append(f"{key[1]} {key[0]}" + (f" ({found})" if isinstance(found, str) else ""))
        else:
            sound += 1
    if lost:
        yield failed(
            "records",
            f"{len(lost)} are not in their zone: {', '.join(sorted(lost))}",
            means="the names lead nowhere, and a certificate that is validated by one is not renewed",
            next=f"groundplan plan {examination.command}, then apply",
        )
    elif sound:
        yield ok("records", f"all {sound} are in their zone")


def names(examination: Examination) -> Iterator[Finding]:
    """The names that visitors use have addresses, so the zone is delegated."""
    zones = {str(one["zone_id"]): one for one in examination.live.of("aws_route53_zone")}
    # A name of a private zone is found in its VPC only; one with a star is none that anybody asks for.
    private = {identifier for identifier, zone in zones.items() if zone.attributes.get("vpc")}
    wanted = {
        _name(one): zones.get(str(one["zone_id"]))
        for one in examination.live.of("aws_route53_record")
        if one["type"] in _ADDRESSES and str(one["zone_id"]) not in private and not set(_name(one)) & set("_*")
    }
    for host in sorted(wanted):
        zone = wanted[host]
        servers = ", ".join(sorted(map(str, zone.attributes.get("name_servers") or ()))) if zone else ""
        domain = _plain(str(zone.attributes.get("name") or host)) if zone else host
        try:
            found = examination.outside.resolve(host)
        except NothingThere as error:
            yield skipped(f"name {host}", str(error))
        except ToolError as error:
            yield failed(
                f"name {host}",
                str(error),
                means="the domain's registrar does not name the zone's servers, or did so a short time ago",
                next=f"enter at the registrar the name servers{f': {servers}' if servers else ' of its zone'}; "
                f"look with: dig NS {domain}",
            )
        else:
            yield ok(f"name {host}", ", ".join(found))


def certificates(examination: Examination) -> Iterator[Finding]:
    """Each certificate is issued; a pending one waits for a record that it names."""
    for one in examination.live.of("aws_acm_certificate"):
        name = f"certificate of {one['domain_name']}"
        yield from looked(name, _certificate(examination, name, one))


def _certificate(examination: Examination, name: str, one: LiveResource) -> Iterator[Finding]:
    with examination.live.asking(name, hint=f"groundplan plan {examination.command}, then apply"):
        client = examination.client("acm", one.region)
        found = client.describe_certificate(CertificateArn=str(one["arn"]))["Certificate"]
    if found["Status"] == "ISSUED":
        yield ok(name, "issued", address=one.address)
        return
    waits = [
        f"{option['ResourceRecord']['Name']} {option['ResourceRecord']['Type']} {option['ResourceRecord']['Value']}"
        for option in found.get("DomainValidationOptions", [])
        if option.get("ResourceRecord") and option.get("ValidationStatus") != "SUCCESS"
    ]
    reason = f", {found['FailureReason']}" if found.get("FailureReason") else ""
    yield failed(
        name,
        f"{found['Status']}{reason}",
        means="nothing is served over HTTPS by this name",
        next=f"publish {'; '.join(waits)}" if waits else f"groundplan plan {examination.command}, then apply",
        address=one.address,
    )


def _zone(examination: Examination, zone: str) -> list[dict[str, Any]] | str:
    """The records of a zone, or why there are none."""
    client = examination.client("route53")
    with examination.live.asking(f"the zone {zone}"):
        try:
            pages = client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone)
            return [one for page in pages for one in page["ResourceRecordSets"]]
        except client.exceptions.NoSuchHostedZone:
            return f"the zone {zone} is gone"


def _name(record: LiveResource) -> str:
    """The whole name of a record; its ``name`` may leave out the zone."""
    return _plain(str(record.attributes.get("fqdn") or record["name"]))


def _plain(name: str) -> str:
    return name.rstrip(".").lower().replace("\\052", "*")


DIAGNOSIS = Diagnosis(
    "dns",
    "why is the domain not found",
    ("aws_route53_record", "aws_acm_certificate", "aws_route53_zone"),
    (Part("records", records), Part("names", names), Part("certificates", certificates)),
)
