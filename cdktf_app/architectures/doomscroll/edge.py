"""The edge of doomscroll: CloudFront before the load balancer, web ACLs before both, and both names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cdktf_app import expressions
from cdktf_app.architectures.doomscroll.dns import Dns
from cdktf_app.architectures.doomscroll.storage import Storage
from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.app_distribution import AppDistribution, AppDistributionProps, Origin
from cdktf_app.constructs.distribution_parts import CLOUDFRONT_ZONE
from cdktf_app.constructs.load_balancer import LoadBalancer
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.response_headers import ResponseHeaders, ResponseHeadersProps
from cdktf_app.constructs.web_acl import PathLimit, WebAcl, WebAclProps
from cdktf_app.deployment import Deployment

# Files of the build, which have a new name for each content (FD-OV-03).
_STATIC_PATHS = ("/_next/static/*", "/assets/*")


@dataclass(frozen=True, kw_only=True)
class EdgeProps:
    """Shape of the edge.

    Attributes:
        deployment: Names, account and tags.
        variables: The module's inputs.
        dns: Zone and certificate.
        storage: Bucket of the assets.
        load_balancer: Where the application answers.
        logs: Retention and encryption of what the web ACLs write.
    """

    deployment: Deployment
    variables: Variables
    dns: Dns
    storage: Storage
    load_balancer: LoadBalancer
    logs: LogSettings


class Edge(Construct):
    """Distribution with its headers, web ACLs, and the records of both names.

    Attributes:
        distribution: The distribution.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: EdgeProps) -> None:
        super().__init__(scope, construct_id)
        variables, dns, balancer = props.variables, props.dns, props.load_balancer
        domain_name = variables.domain_name.string
        headers = ResponseHeaders(
            self,
            "headers",
            props=ResponseHeadersProps(
                deployment=props.deployment,
                name="security-headers",
                content_security_policy=variables.content_security_policy.string,
            ),
        )
        limits = WebAclProps(
            deployment=props.deployment,
            name="cdn",
            scope="CLOUDFRONT",
            rate_limit=variables.waf_rate_limit.number,
            path_limits=[PathLimit(name="rate-api", prefix="/api/", rate_limit=variables.waf_api_rate_limit.number)],
            logs=props.logs,
        )
        before_distribution = WebAcl(self, "cdn_web_acl", props=limits)
        self.distribution = AppDistribution(
            self,
            "distribution",
            props=AppDistributionProps(
                deployment=props.deployment,
                name="cdn",
                aliases=[domain_name],
                certificate_arn=dns.certificate_arn,
                assets=props.storage.assets,
                app_domain=dns.origin_domain,
                default=Origin.APP,
                paths=expressions.literal(_STATIC_PATHS),
                web_acl_arn=before_distribution.arn,
                headers_policy_id=headers.id,
            ),
        )
        before_balancer = WebAcl(
            self,
            "alb_web_acl",
            props=replace(limits, name="alb", scope="REGIONAL", counted_before=self.distribution.mark),
        )
        before_balancer.protect("alb_protection", balancer.arn)
        dns.zone.point_at(
            Construct(self, "site"),
            name=domain_name,
            target=self.distribution.domain_name,
            target_zone_id=CLOUDFRONT_ZONE,
        )
        dns.zone.point_at(
            Construct(self, "origin"),
            name=dns.origin_domain,
            target=balancer.dns_name,
            target_zone_id=balancer.zone_id,
        )
