"""How the first region hands over to the second: copies of the site, and the API's name in DNS."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.rewind.backend import Backend
from cdktf_app.architectures.rewind.site import Site
from cdktf_app.architectures.rewind.standby import Standby
from cdktf_app.architectures.rewind.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.conditional_part import ConditionalPart
from cdktf_app.constructs.api_health import ApiHealth, ApiHealthProps
from cdktf_app.constructs.bucket_replication import BucketReplication, BucketReplicationProps
from cdktf_app.constructs.regional_domain import RegionalDomain, RegionalDomainProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class FailoverProps:
    """Shape of the handing over.

    Attributes:
        deployment: Names, account, region and tags of the first region.
        variables: The module's inputs.
        site: The site in the first region.
        home: The back end in the first region.
        standby: The second region.
        away: The back end there.
    """

    deployment: Deployment
    variables: Variables
    site: Site
    home: Backend
    standby: Standby
    away: Backend


class Failover(ConditionalPart):
    """Replication of the site's bucket, health of the API, and its name with one record a region.

    Attributes:
        domain_name: Name of the API in both regions.
        health: Health of the first region's API.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: FailoverProps) -> None:
        super().__init__(scope, construct_id, condition=props.standby.condition)
        self.domain_name = f"api.{props.variables.domain_name.string}"
        BucketReplication(
            self,
            "site_copies",
            props=BucketReplicationProps(
                deployment=props.deployment,
                name="site-copies",
                source=props.site.bucket,
                destination=props.standby.site,
            ),
        )
        self.health = ApiHealth(
            self,
            "api_health",
            props=ApiHealthProps(deployment=props.deployment, api=props.home.api, alarm=props.home.alarm),
        )
        RegionalDomain(
            self,
            "api_domain",
            props=RegionalDomainProps(
                deployment=props.deployment,
                domain_name=self.domain_name,
                zone_id=props.site.zone.id,
                api=props.home.api,
                role="PRIMARY",
                health_check_id=self.health.check.id,
            ),
        )
        RegionalDomain(
            props.standby,
            "standby_api_domain",
            props=RegionalDomainProps(
                deployment=props.standby.deployment,
                domain_name=self.domain_name,
                zone_id=props.site.zone.id,
                api=props.away.api,
                role="SECONDARY",
            ),
        )
