"""A CloudFront distribution in front of an application: its load balancer and the bucket of its assets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cdktf_app import expressions
from cdktf_app.bindings.cloudfront import (
    CloudfrontDistribution,
    CloudfrontDistributionOrigin,
    CloudfrontDistributionOriginCustomHeader,
    CloudfrontDistributionOriginCustomOriginConfig,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.distribution_parts import (
    ALL_VIEWER,
    CACHING_DISABLED,
    CACHING_OPTIMIZED,
    INDEX,
    PRICE_CLASS,
    SECURITY_HEADERS,
    bucket_origin,
    everywhere,
    read_by,
    signed_access,
    viewer_certificate,
)
from cdktf_app.constructs.private_bucket import PrivateBucket
from cdktf_app.constructs.web_acl import RequestHeader
from cdktf_app.deployment import Deployment

_READ = ("GET", "HEAD", "OPTIONS")
_ALL_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
# Says through which distribution a request came. No secret, and no proof: who knows the load balancer can send it too.
_PASSED_ON_BY = "x-passed-on-by"


class Origin(StrEnum):
    """Who answers."""

    ASSETS = "assets"
    """The bucket, by way of the cache."""
    APP = "app"
    """The load balancer, each time anew."""

    @property
    def other(self) -> Origin:
        return Origin.APP if self is Origin.ASSETS else Origin.ASSETS


@dataclass(frozen=True, kw_only=True)
class AppDistributionProps:
    """Shape of a distribution.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        aliases: Names that it answers to.
        certificate_arn: Certificate of these names, in us-east-1, where CloudFront wants it.
        assets: Bucket of the assets.
        app_domain: Name of the load balancer that its certificate is for.
        default: Who answers what no path says.
        paths: Paths that the other one answers, the first that fits, as a Terraform expression.
        web_acl_arn: Web ACL of the scope CLOUDFRONT.
        headers_policy_id: Response headers policy of every answer. Default: AWS's own security headers.
    """

    deployment: Deployment
    name: str
    aliases: Sequence[str]
    certificate_arn: str
    assets: PrivateBucket
    app_domain: str
    default: Origin
    paths: str
    web_acl_arn: str
    headers_policy_id: str = SECURITY_HEADERS


class AppDistribution(Construct):
    """Distribution over HTTPS, to its visitors and to the load balancer, behind a web ACL.

    Creates: distribution, origin access control; the bucket lets it, and nobody else, read.

    Attributes:
        mark: Header of every request that it passes on to the load balancer.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: AppDistributionProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.name(props.name)
        self.mark = RequestHeader(name=_PASSED_ON_BY, value=name)
        self.distribution = CloudfrontDistribution(
            self,
            "this",
            comment=name,
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            price_class=PRICE_CLASS,
            aliases=list(props.aliases),
            # The application knows what its own root is.
            default_root_object=INDEX if props.default is Origin.ASSETS else None,
            web_acl_id=props.web_acl_arn,
            origin=[
                bucket_origin(Origin.ASSETS.value, props.assets, signed_access(self, name=name)),
                CloudfrontDistributionOrigin(
                    origin_id=Origin.APP.value,
                    domain_name=props.app_domain,
                    custom_origin_config=CloudfrontDistributionOriginCustomOriginConfig(
                        http_port=80,
                        https_port=443,
                        origin_protocol_policy="https-only",
                        origin_ssl_protocols=["TLSv1.2"],
                    ),
                    custom_header=[
                        CloudfrontDistributionOriginCustomHeader(name=self.mark.name, value=self.mark.value)
                    ],
                ),
            ],
            default_cache_behavior=_behavior(props.default, props.headers_policy_id),
            restrictions=everywhere(),
            viewer_certificate=viewer_certificate(props.certificate_arn),
            tags=props.deployment.tags,
        )
        self.distribution.add_override(
            "dynamic.ordered_cache_behavior",
            {
                "for_each": expressions.string(props.paths),
                "content": {
                    "path_pattern": "${ordered_cache_behavior.value}",
                    **_behavior(props.default.other, props.headers_policy_id),
                },
            },
        )
        props.assets.allow(read_by(self.distribution.arn))

    @property
    def id(self) -> str:
        return self.distribution.id

    @property
    def domain_name(self) -> str:
        """The name that CloudFront made up."""
        return self.distribution.domain_name


def _behavior(origin: Origin, headers_policy_id: str) -> dict[str, object]:
    """How an origin's answers are had and kept: what the default's block and those of paths have in common."""
    is_app = origin is Origin.APP
    return {
        "target_origin_id": origin.value,
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": list(_ALL_METHODS if is_app else _READ),
        "cached_methods": ["GET", "HEAD"],
        "compress": True,
        "cache_policy_id": CACHING_DISABLED if is_app else CACHING_OPTIMIZED,
        # Else the application would see neither cookies nor the name that was asked for.
        **({"origin_request_policy_id": ALL_VIEWER} if is_app else {}),
        "response_headers_policy_id": headers_policy_id,
    }
