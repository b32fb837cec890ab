"""The edge of solemate: CloudFront before assets and load balancer, web ACLs before both, and all the names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cdktf_app import expressions
from cdktf_app.architectures.solemate.dns import Dns
from cdktf_app.architectures.solemate.storage import Storage
from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.app_distribution import AppDistribution, AppDistributionProps, Origin
from cdktf_app.constructs.distribution_parts import CLOUDFRONT_ZONE
from cdktf_app.constructs.load_balancer import LoadBalancer
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.web_acl import WebAcl, WebAclProps
from cdktf_app.deployment import Deployment


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
    """Distribution, web ACLs, and the records of all names.

    Attributes:
        distribution: The distribution.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: EdgeProps) -> None:
        super().__init__(scope, construct_id)
        variables, dns, balancer = props.variables, props.dns, props.load_balancer
        names = (
            f"concat({expressions.literal([variables.domain_name.string])}, {variables.alternative_names.expression})"
        )
        limits = WebAclProps(
            deployment=props.deployment,
            name="cdn",
            scope="CLOUDFRONT",
            rate_limit=variables.waf_rate_limit.number,
            logs=props.logs,
        )
        before_distribution = WebAcl(self, "cdn_web_acl", props=limits)
        self.distribution = AppDistribution(
            self,
            "distribution",
            props=AppDistributionProps(
                deployment=props.deployment,
                name="cdn",
                aliases=expressions.strings(names),
                certificate_arn=dns.certificate_arn,
                assets=props.storage.assets,
                app_domain=dns.api_domain,
                default=Origin.ASSETS,
                paths=variables.dynamic_path_patterns.expression,
                web_acl_arn=before_distribution.arn,
            ),
        )
        before_balancer = WebAcl(
            self,
            "alb_web_acl",
            props=replace(limits, name="alb", scope="REGIONAL", counted_before=self.distribution.mark),
        )
        before_balancer.protect("alb_protection", balancer.arn)
        dns.zone.point_each_at(
            Construct(self, "site"),
            names=names,
            target=self.distribution.domain_name,
            target_zone_id=CLOUDFRONT_ZONE,
        )
        dns.zone.point_at(
            Construct(self, "api"), name=dns.api_domain, target=balancer.dns_name, target_zone_id=balancer.zone_id
        )
