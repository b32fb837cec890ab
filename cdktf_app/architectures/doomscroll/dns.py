"""Names of doomscroll: the zone of its domain, and the certificate of both of them."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.certificate import certificate_of
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
        origin_domain: Name of the load balancer, by which the distribution reaches it over HTTPS.
        certificate_arn: Certificate of the domain and of the load balancer's name.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: DnsProps) -> None:
        super().__init__(scope, construct_id)
        variables, tags = props.variables, props.deployment.tags
        domain_name = variables.domain_name.string
        self.origin_domain = f"origin.{domain_name}"
        self.zone = HostedZone(self, "zone", domain_name=domain_name, given=variables.hosted_zone_id, tags=tags)
        self.certificate_arn = certificate_of(
            self,
            domain_name=domain_name,
            alternatives=[self.origin_domain],
            zone_id=self.zone.id,
            tags=tags,
            given=variables.certificate_arn,
        )
