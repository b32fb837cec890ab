"""A TLS certificate of ACM's that a DNS record proves."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_app import expressions
from cdktf_app.bindings.acm import AcmCertificate, AcmCertificateValidation
from cdktf_app.bindings.core import Construct, TerraformResourceLifecycle
from cdktf_app.bindings.route53 import Route53Record
from cdktf_app.module_stack import Input


def certificate_of(
    scope: Construct,
    *,
    domain_name: str,
    zone_id: str,
    tags: Mapping[str, str],
    given: Input | None = None,
    wanted: str = "true",
) -> str:
    """ARN of the certificate of a domain: the given one, or one that is made and validated beside ``scope``.

    Creates, if none is given: certificate, its validation record, the wait until ACM has seen it.

    Args:
        scope: Construct that gets ``certificate``, ``validation_record`` and ``validation``.
        domain_name: The name.
        zone_id: Route 53 zone for the record.
        tags: Tags of the certificate.
        given: ARN of a certificate; empty: one is made. Default: one is made.
        wanted: Condition, as a Terraform expression, under which the domain exists.
    """
    condition = wanted if given is None else f'{wanted} && {given.expression} == ""'
    exists = expressions.Existence(None if condition == "true" else condition)
    certificate = AcmCertificate(
        scope,
        "certificate",
        count=exists.count,
        domain_name=domain_name,
        validation_method="DNS",
        tags=tags,
        # What uses a certificate holds on to it: the next one has to be there before the old one goes.
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
    )
    one = f"{expressions.address(certificate)}{'[0]' if exists.condition else ''}"
    option = f"one({one}.domain_validation_options)"
    record = Route53Record(
        scope,
        "validation_record",
        count=exists.count,
        zone_id=zone_id,
        name=expressions.string(f"{option}.resource_record_name"),
        type=expressions.string(f"{option}.resource_record_type"),
        records=[expressions.string(f"{option}.resource_record_value")],
        ttl=300,
        allow_overwrite=True,
    )
    validation = AcmCertificateValidation(
        scope,
        "validation",
        count=exists.count,
        certificate_arn=exists.attribute(certificate, "arn"),
        validation_record_fqdns=exists.as_list(record, "fqdn"),
    )
    arn = exists.attribute(validation, "certificate_arn")
    if given is None:
        return arn
    return expressions.string(
        f'{given.expression} != "" ? {given.expression} : {expressions.only(validation, "certificate_arn")}'
    )
