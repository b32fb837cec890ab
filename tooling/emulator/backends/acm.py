"""ACM: certificates that are imported again, under the ARN they have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.acm.models import acm_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import Backend

backend = Backend("acm")


@backend.answers("ImportCertificate")
def keep_what_belongs_to_the_arn(call: Call) -> Mapping[str, Any] | None:
    """aws_acm_certificate with certificate_body, update: moto would forget the tags, and who uses the certificate."""
    given, moto = call.params, acm_backends[call.account][call.region]
    arn = given.get("CertificateArn")
    if arn not in moto._certificates:
        return None
    old = moto.get_certificate(arn)
    moto.import_certificate(
        given["Certificate"], given["PrivateKey"], chain=given.get("CertificateChain"), arn=arn, tags=[]
    )
    new = moto.get_certificate(arn)
    new.tags, new.in_use_by = old.tags, old.in_use_by
    return {"CertificateArn": arn}
