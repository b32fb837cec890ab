"""A CloudFront distribution that serves a single-page app from a private bucket."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.cloudfront import (
    CloudfrontDistribution,
    CloudfrontDistributionCustomErrorResponse,
    CloudfrontDistributionDefaultCacheBehavior,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.distribution_parts import (
    CACHING_OPTIMIZED,
    INDEX,
    PRICE_CLASS,
    SECURITY_HEADERS,
    bucket_origin,
    everywhere,
    signed_access,
    viewer_certificate,
)
from cdktf_app.constructs.private_bucket import PrivateBucket
from cdktf_app.deployment import Deployment

_SITE = "site"
_STANDBY = "standby"
_EITHER = "site-or-standby"
# The first bucket's region does not answer, or answers with an error of its own.
_FAILOVER_CODES = (500, 502, 503, 504)


@dataclass(frozen=True, kw_only=True)
class StandbyBucket:
    """A copy of the site's bucket, asked when the first does not answer.

    Attributes:
        condition: Terraform expression under which there is one.
        bucket: The copy, which may exist under that condition only.
    """

    condition: str
    bucket: PrivateBucket


@dataclass(frozen=True, kw_only=True)
class SiteDistributionProps:
    """Shape of a distribution.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        domain_name: Name that it answers to.
        certificate_arn: Certificate of the name, in us-east-1, where CloudFront wants it.
        bucket: Where the site is.
        standby: A copy of the bucket. Default: none.
    """

    deployment: Deployment
    name: str
    domain_name: str
    certificate_arn: str
    bucket: PrivateBucket
    standby: StandbyBucket | None = None


class SiteDistribution(Construct):
    """Distribution over HTTPS with AWS's security headers; a path that is no file gets the app itself.

    Creates: distribution, origin access control.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: SiteDistributionProps) -> None:
        super().__init__(scope, construct_id)
        self._access = signed_access(self, name=props.deployment.name(props.name))
        standby = props.standby
        self.distribution = CloudfrontDistribution(
            self,
            "this",
            comment=props.deployment.name(props.name),
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            price_class=PRICE_CLASS,
            aliases=[props.domain_name],
            default_root_object=INDEX,
            origin=[bucket_origin(_SITE, props.bucket, self._access)],
            default_cache_behavior=CloudfrontDistributionDefaultCacheBehavior(
                target_origin_id=(
                    expressions.string(f'{standby.condition} ? "{_EITHER}" : "{_SITE}"') if standby else _SITE
                ),
                viewer_protocol_policy="redirect-to-https",
                allowed_methods=["GET", "HEAD", "OPTIONS"],
                cached_methods=["GET", "HEAD"],
                compress=True,
                cache_policy_id=CACHING_OPTIMIZED,
                response_headers_policy_id=SECURITY_HEADERS,
            ),
            # A private bucket answers 403, not 404, for a key that is not there.
            custom_error_response=[
                CloudfrontDistributionCustomErrorResponse(
                    error_code=code, response_code=200, response_page_path=f"/{INDEX}", error_caching_min_ttl=10
                )
                for code in (403, 404)
            ],
            restrictions=everywhere(),
            viewer_certificate=viewer_certificate(props.certificate_arn),
            tags=props.deployment.tags,
        )
        if standby:
            self._ask_standby(standby)

    @property
    def id(self) -> str:
        return self.distribution.id

    @property
    def domain_name(self) -> str:
        """The name that CloudFront made up."""
        return self.distribution.domain_name

    def _ask_standby(self, standby: StandbyBucket) -> None:
        copy = standby.bucket.bucket
        expressions.block_if(
            self.distribution,
            "origin",
            standby.condition,
            {
                "origin_id": _STANDBY,
                "domain_name": expressions.string(expressions.only(copy, "bucket_regional_domain_name")),
                "origin_access_control_id": self._access.id,
            },
        )
        expressions.block_if(
            self.distribution,
            "origin_group",
            standby.condition,
            {
                "origin_id": _EITHER,
                "failover_criteria": {"status_codes": list(_FAILOVER_CODES)},
                "member": [{"origin_id": _SITE}, {"origin_id": _STANDBY}],
            },
        )
