"""ACM: certificates, found by the names that they are for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, finds

# Without this list ACM tells of RSA keys of 2048 bits only.
_KEYS = (
    "RSA_1024",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
)


@finds("aws_acm_certificate")
@needs("domain_name")
def certificate(wanted: Wanted) -> Iterator[Found]:
    """Any number of certificates may be for the same names."""
    client, domain = wanted.client("acm"), wanted.values["domain_name"]
    names = {domain, *(wanted.values.get("subject_alternative_names") or ())}
    for item in each(client, "list_certificates", "CertificateSummaryList", Includes={"keyTypes": list(_KEYS)}):
        arn = item["CertificateArn"]
        told = answer(client.describe_certificate, CertificateArn=arn) if item["DomainName"] == domain else None
        if told and {domain, *told["Certificate"].get("SubjectAlternativeNames", ())} == names:
            tags = answer(client.list_tags_for_certificate, CertificateArn=arn) or {}
            yield Found(arn, tags=tags_in(tags.get("Tags")), created=told["Certificate"].get("CreatedAt"))


@finds("aws_acm_certificate_validation")
@needs("certificate_arn")
def validation(wanted: Wanted) -> Iterator[Found]:
    """Nothing that is made, a wait: it is over when the certificate is issued, and its id is that time."""
    told = answer(wanted.client("acm").describe_certificate, CertificateArn=wanted.values["certificate_arn"])
    if told and (issued := told["Certificate"].get("IssuedAt")):
        yield Found(_as_go_writes(issued), within=True)


def _as_go_writes(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    fraction = f".{utc.microsecond:06}".rstrip("0").rstrip(".")
    return f"{utc:%Y-%m-%d %H:%M:%S}{fraction} +0000 UTC"
