"""Identities of SES: a domain that mail is sent from, with the records that prove it, and a single address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.route53 import Route53Record
from cdktf_app.bindings.ses import Sesv2EmailIdentity, Sesv2EmailIdentityDkimSigningAttributes
from cdktf_app.constructs.hosted_zone import HostedZone
from cdktf_app.module_stack import Input

# So many that SES can change one key while the others stand.
_DKIM_TOKENS = 3
_TTL_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class EmailDomainProps:
    """Shape of a domain that mail is sent from.

    Attributes:
        domain_name: The domain.
        zone: Zone for its records.
        reports_to: Name before the ``@`` of the address that gets reports of mail that fails DMARC.
        extra_texts: Texts of others at the domain's own name, of which DNS keeps one set.
        configuration_set: Name of the configuration set of its mails; null for none.
        tags: Tags of the identity.
    """

    domain_name: str
    zone: HostedZone
    reports_to: str
    extra_texts: Input
    configuration_set: str
    tags: Mapping[str, str]


class EmailDomain(Construct):
    """Verified domain whose mails are signed (DKIM), and which tells receivers to refuse others (SPF, DMARC).

    Creates: identity, three records of keys, records of SPF and DMARC.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: EmailDomainProps) -> None:
        super().__init__(scope, construct_id)
        self.identity = Sesv2EmailIdentity(
            self,
            "this",
            email_identity=props.domain_name,
            configuration_set_name=props.configuration_set,
            dkim_signing_attributes=Sesv2EmailIdentityDkimSigningAttributes(next_signing_key_length="RSA_2048_BIT"),
            tags=props.tags,
        )
        token = f"{self._tokens}[count.index]"
        Route53Record(
            self,
            "dkim",
            # Known before SES has made the tokens, as a count has to be.
            count=_DKIM_TOKENS,
            zone_id=props.zone.id,
            name=f"{expressions.string(token)}._domainkey.{props.domain_name}",
            type="CNAME",
            records=[f"{expressions.string(token)}.dkim.amazonses.com"],
            ttl=_TTL_SECONDS,
        )
        spf = expressions.literal(["v=spf1 include:amazonses.com ~all"])
        props.zone.add_texts(
            self,
            "spf",
            name=props.domain_name,
            texts=expressions.strings(f"concat({spf}, {props.extra_texts.expression})"),
        )
        props.zone.add_texts(
            self,
            "dmarc",
            name=f"_dmarc.{props.domain_name}",
            texts=[f"v=DMARC1; p=reject; rua=mailto:{props.reports_to}@{props.domain_name}"],
        )

    @property
    def dkim_tokens(self) -> list[str]:
        """The three tokens of the records."""
        return expressions.strings(self._tokens)

    @property
    def _tokens(self) -> str:
        return f"{expressions.attribute(self.identity, 'dkim_signing_attributes')}[0].tokens"


class EmailAddress(Construct):
    """Address that mail is sent from, verified by the link that it gets.

    Args:
        address: The address.
        configuration_set: Name of the configuration set of its mails; null for none.
        wanted: Switch under which it is verified.
        tags: Tags of the identity.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        address: str,
        configuration_set: str,
        wanted: Input,
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.identity = Sesv2EmailIdentity(
            self,
            "this",
            count=expressions.count_if(wanted.expression),
            email_identity=address,
            configuration_set_name=configuration_set,
            tags=tags,
        )
