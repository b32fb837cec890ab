"""A TLS certificate of ACM's that DNS records prove, or one of another issuer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.acm import AcmCertificate, AcmCertificateValidation
from cdktf_app.bindings.core import Construct, TerraformResourceLifecycle
from cdktf_app.bindings.route53 import Route53Record
from cdktf_app.module_stack import Input

# What uses a certificate holds on to it: the next one has to be there before the old one goes.
_NEXT_ONE_FIRST = TerraformResourceLifecycle(create_before_destroy=True)
_TTL_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class ForeignCertificate:
    """A certificate of another issuer, to be imported; ACM does not renew it.

    Attributes:
        body: The certificate itself, in PEM; empty: there is none.
        private_key: Its key, in PEM, which Terraform keeps in its state.
        chain: The certificates up to the issuer's root, in PEM; may be empty.
    """

    body: Input
    private_key: Input
    chain: Input


def certificate_of(
    scope: Construct,
    *,
    domain_name: str,
    zone_id: str,
    tags: Mapping[str, str],
    given: Input | None = None,
    wanted: str = "true",
    alternatives: Sequence[str] = (),
    foreign: ForeignCertificate | None = None,
) -> str:
    """ARN of the certificate of a domain: the given one, or one that is made and validated beside ``scope``.

    Creates, if none is given: certificate, its validation records, the wait until ACM has seen them; or the import of a
    foreign one.

    Args:
        scope: Construct that gets ``certificate``, ``validation_record`` and ``validation``, or ``imported``.
        domain_name: The name.
        zone_id: Route 53 zone for the records.
        tags: Tags of the certificate.
        given: ARN of a certificate; empty: one is made. Default: one is made.
        wanted: Condition, as a Terraform expression, under which the domain exists.
        alternatives: Further names that it is for. Default: none.
        foreign: Certificate to import where none is given, instead of making one. Default: none.
    """
    missing = wanted if given is None else f'{wanted} && {given.expression} == ""'
    condition = missing if foreign is None else f'{missing} && {foreign.body.expression} == ""'
    exists = expressions.Existence(None if condition == "true" else condition)
    certificate = AcmCertificate(
        scope,
        "certificate",
        count=exists.count,
        domain_name=domain_name,
        subject_alternative_names=list(alternatives) or None,
        validation_method="DNS",
        tags=tags,
        lifecycle=_NEXT_ONE_FIRST,
    )
    add_records = _add_records if alternatives else _add_record
    validation = AcmCertificateValidation(
        scope,
        "validation",
        count=exists.count,
        certificate_arn=exists.attribute(certificate, "arn"),
        validation_record_fqdns=add_records(scope, certificate, exists, zone_id),
    )
    arn = (expressions.only if exists.condition else expressions.attribute)(validation, "certificate_arn")
    if foreign is not None:
        imported = expressions.only(_import(scope, foreign, only_if=missing, tags=tags), "arn")
        arn = expressions.Expression(f'{foreign.body.expression} != "" ? {imported} : {arn}')
    if given is not None:
        arn = expressions.Expression(f'{given.expression} != "" ? {given.expression} : {arn}')
    return expressions.string(arn)


def _add_record(
    scope: Construct, certificate: AcmCertificate, exists: expressions.Existence, zone_id: str
) -> list[str]:
    """The record that proves the one name of a certificate."""
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
        ttl=_TTL_SECONDS,
        allow_overwrite=True,
    )
    return exists.as_list(record, "fqdn")


def _add_records(
    scope: Construct, certificate: AcmCertificate, exists: expressions.Existence, zone_id: str
) -> list[str]:
    """The record of each name, by name."""
    by_name = "{ for option in %s.domain_validation_options : option.domain_name => option }"
    own = expressions.address(certificate)
    options = f"merge([for made in {own} : {by_name % 'made'}]...)" if exists.condition else by_name % own
    record = Route53Record(
        scope,
        "validation_record",
        for_each=expressions.each_of(options),
        zone_id=zone_id,
        name="${each.value.resource_record_name}",
        type="${each.value.resource_record_type}",
        records=["${each.value.resource_record_value}"],
        ttl=_TTL_SECONDS,
        allow_overwrite=True,
    )
    return expressions.strings(f"[for record in {expressions.address(record)} : record.fqdn]")


def _import(scope: Construct, foreign: ForeignCertificate, *, only_if: str, tags: Mapping[str, str]) -> AcmCertificate:
    chain = foreign.chain.expression
    return AcmCertificate(
        scope,
        "imported",
        count=expressions.count_if(f'{only_if} && {foreign.body.expression} != ""'),
        certificate_body=foreign.body.string,
        private_key=foreign.private_key.string,
        certificate_chain=expressions.string(f'{chain} != "" ? {chain} : null'),
        tags=tags,
        lifecycle=_NEXT_ONE_FIRST,
    )
