"""A domain name of the user's own for an HTTP API, if there is one."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.apigatewayv2 import (
    Apigatewayv2ApiMapping,
    Apigatewayv2DomainName,
    Apigatewayv2DomainNameDomainNameConfiguration,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.route53 import Route53Record, Route53RecordAlias
from cdktf_app.constructs.certificate import certificate_of
from cdktf_app.constructs.http_api import HttpApi
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class ApiDomainProps:
    """Shape of a domain.

    Attributes:
        deployment: Tags.
        api: What answers there.
        domain_name: The name. Empty: no domain, and nothing of this is made.
        hosted_zone_id: Route 53 zone for its records.
        certificate_arn: Certificate of the name. Empty: one is made, and validated through the zone.
    """

    deployment: Deployment
    api: HttpApi
    domain_name: Input
    hosted_zone_id: Input
    certificate_arn: Input


class ApiDomain(Construct):
    """Custom domain, TLS 1.2 or later, with its certificate and DNS records.

    Creates, if there is a name: domain, mapping, alias record; certificate with validation if none is given.

    Attributes:
        url: Where the API answers, HTTPS: at the domain, or without one at the API's own endpoint.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ApiDomainProps) -> None:
        super().__init__(scope, construct_id)
        name = props.domain_name.expression
        wanted = expressions.count_if(f'{name} != ""')
        certificate = certificate_of(
            self,
            domain_name=props.domain_name.string,
            zone_id=props.hosted_zone_id.string,
            tags=props.deployment.tags,
            given=props.certificate_arn,
            wanted=f'{name} != ""',
        )
        self.domain = Apigatewayv2DomainName(
            self,
            "this",
            count=wanted,
            domain_name=props.domain_name.string,
            domain_name_configuration=Apigatewayv2DomainNameDomainNameConfiguration(
                certificate_arn=certificate,
                endpoint_type="REGIONAL",
                security_policy="TLS_1_2",
            ),
            tags=props.deployment.tags,
        )
        Apigatewayv2ApiMapping(
            self,
            "mapping",
            count=wanted,
            api_id=props.api.id,
            domain_name=expressions.string(expressions.only(self.domain, "id")),
            stage=props.api.stage.id,
        )
        target = f"{expressions.address(self.domain)}[*].domain_name_configuration[0]"
        Route53Record(
            self,
            "record",
            count=wanted,
            zone_id=props.hosted_zone_id.string,
            name=props.domain_name.string,
            type="A",
            alias=Route53RecordAlias(
                name=expressions.string(f"one({target}.target_domain_name)"),
                zone_id=expressions.string(f"one({target}.hosted_zone_id)"),
                evaluate_target_health=False,
            ),
        )
        self.url = expressions.string(
            f'{name} != "" ? "https://${{{name}}}" : {expressions.attribute(props.api.api, "api_endpoint")}'
        )
