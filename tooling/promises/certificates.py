"""Certificates: issued, and valid for a while."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept, waiting

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack

# ACM renews 45 to 60 days ahead: https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
_RENEWED_BY_DAYS = 30


def issued(live: LiveStack, certificate: LiveResource) -> Answer:
    return issued_by_arn(live, certificate["arn"], certificate.region)


def issued_by_arn(live: LiveStack, arn: str, region: str) -> Answer:
    """The same for a certificate that something else names."""
    found = live.client("acm", region).describe_certificate(CertificateArn=arn)["Certificate"]
    status, domain = found["Status"], found["DomainName"]
    if status == "PENDING_VALIDATION":
        return waiting(
            f"{domain} waits for its validation record",
            means="nothing can be served under this name",
            next="is the zone delegated? its name servers: groundplan output, name_servers",
        )
    if status != "ISSUED":
        return broken(f"{domain}: {status.lower()}", means="browsers refuse the name")
    left = (found["NotAfter"].astimezone(UTC) - live.session.clock()).days if "NotAfter" in found else None
    if left is not None and left < _RENEWED_BY_DAYS:
        imported = found.get("Type") == "IMPORTED"
        means = "ACM renews nothing that was imported" if imported else "ACM could not renew it"
        next_step = "import the next one under the same ARN" if imported else "are its validation records still there?"
        return waiting(f"{domain} ends in {left} days", means=means, next=next_step)
    return kept(f"{domain} is issued")


PROMISES = (Promise("certificate-issued", "certificates are issued", ("aws_acm_certificate",), issued),)
