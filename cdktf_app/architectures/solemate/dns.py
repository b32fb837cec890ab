"""Names of solemate: the zone of its domain, and the certificate of all of them."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.certificate import ForeignCertificate, certificate_of
from cdktf_app.constructs.hosted_zone import HostedZone
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class DnsProps:
    """Shape of the names.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
    """

    deployment: Deployment
    variables: Variables


class Dns(Construct):
    """Zone and certificate, its own or given ones.

    Attributes:
        zone: Zone of the domain.
        api_domain: Name of the load balancer.
        certificate_arn: Certificate of the shop's names and of the load balancer's.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: DnsProps) -> None:
        super().__init__(scope, construct_id)
        variables, tags = props.variables, props.deployment.tags
        domain_name = variables.domain_name.string
        self.api_domain = f"api.{domain_name}"
        self.zone = HostedZone(self, "zone", domain_name=domain_name, given=variables.hosted_zone_id, tags=tags)
        further = expressions.literal([self.api_domain])
        self.certificate_arn = certificate_of(
            self,
            domain_name=domain_name,
            alternatives=expressions.strings(f"concat({variables.alternative_names.expression}, {further})"),
            zone_id=self.zone.id,
            tags=tags,
            given=variables.certificate_arn,
            foreign=ForeignCertificate(
                body=variables.certificate_body,
                private_key=variables.certificate_private_key,
                chain=variables.certificate_chain,
            ),
        )
