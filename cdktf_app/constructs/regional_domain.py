"""A domain name of a REST API in one region, which may be one of several behind the same name."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.bindings.apigateway import (
    ApiGatewayBasePathMapping,
    ApiGatewayDomainName,
    ApiGatewayDomainNameEndpointConfiguration,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.route53 import Route53Record, Route53RecordAlias, Route53RecordFailoverRoutingPolicy
from cdktf_app.constructs.certificate import certificate_of
from cdktf_app.constructs.rest_api import RestApi
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class RegionalDomainProps:
    """Shape of a domain.

    Attributes:
        deployment: Region and tags.
        domain_name: The name.
        zone_id: Route 53 zone for its records.
        api: What answers there.
        role: ``PRIMARY``, or ``SECONDARY``, which answers when the primary is not healthy.
        health_check_id: How the primary's health is told. Default: it counts as healthy.
    """

    deployment: Deployment
    domain_name: str
    zone_id: str
    api: RestApi
    role: str
    health_check_id: str | None = None


class RegionalDomain(Construct):
    """Domain with TLS 1.2 or later, its certificate, the mapping to the API, and its failover record."""

    def __init__(self, scope: Construct, construct_id: str, *, props: RegionalDomainProps) -> None:
        super().__init__(scope, construct_id)
        domain = ApiGatewayDomainName(
            self,
            "this",
            domain_name=props.domain_name,
            regional_certificate_arn=certificate_of(
                self, domain_name=props.domain_name, zone_id=props.zone_id, tags=props.deployment.tags
            ),
            endpoint_configuration=ApiGatewayDomainNameEndpointConfiguration(types=["REGIONAL"]),
            security_policy="TLS_1_2",
            tags=props.deployment.tags,
        )
        ApiGatewayBasePathMapping(
            self,
            "mapping",
            api_id=props.api.id,
            stage_name=props.api.stage.stage_name,
            domain_name=domain.domain_name,
        )
        Route53Record(
            self,
            "record",
            zone_id=props.zone_id,
            name=props.domain_name,
            type="A",
            set_identifier=props.role.lower(),
            failover_routing_policy=Route53RecordFailoverRoutingPolicy(type=props.role),
            health_check_id=props.health_check_id,
            alias=Route53RecordAlias(
                name=domain.regional_domain_name, zone_id=domain.regional_zone_id, evaluate_target_health=True
            ),
        )
