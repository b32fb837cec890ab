"""A CloudFront distribution that serves a single-page app from a private bucket."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.cloudfront import (
    CloudfrontDistribution,
    CloudfrontDistributionCustomErrorResponse,
    CloudfrontDistributionDefaultCacheBehavior,
    CloudfrontDistributionOrigin,
    CloudfrontDistributionRestrictions,
    CloudfrontDistributionRestrictionsGeoRestriction,
    CloudfrontDistributionViewerCertificate,
    CloudfrontOriginAccessControl,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.policy_document import Condition, Statement
from cdktf_app.constructs.private_bucket import PrivateBucket
from cdktf_app.deployment import Deployment

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
_CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
_SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"
_INDEX = "index.html"
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
        self._access = CloudfrontOriginAccessControl(
            self,
            "access",
            name=props.deployment.name(props.name),
            description="Lets the distribution, and nothing else, read the bucket.",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
        )
        standby = props.standby
        self.distribution = CloudfrontDistribution(
            self,
            "this",
            comment=props.deployment.name(props.name),
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            price_class="PriceClass_100",
            aliases=[props.domain_name],
            default_root_object=_INDEX,
            origin=[
                CloudfrontDistributionOrigin(
                    origin_id=_SITE,
                    domain_name=props.bucket.bucket.bucket_regional_domain_name,
                    origin_access_control_id=self._access.id,
                )
            ],
            default_cache_behavior=CloudfrontDistributionDefaultCacheBehavior(
                target_origin_id=(
                    expressions.string(f'{standby.condition} ? "{_EITHER}" : "{_SITE}"') if standby else _SITE
                ),
                viewer_protocol_policy="redirect-to-https",
                allowed_methods=["GET", "HEAD", "OPTIONS"],
                cached_methods=["GET", "HEAD"],
                compress=True,
                cache_policy_id=_CACHING_OPTIMIZED,
                response_headers_policy_id=_SECURITY_HEADERS,
            ),
            # A private bucket answers 403, not 404, for a key that is not there.
            custom_error_response=[
                CloudfrontDistributionCustomErrorResponse(
                    error_code=code, response_code=200, response_page_path=f"/{_INDEX}", error_caching_min_ttl=10
                )
                for code in (403, 404)
            ],
            restrictions=CloudfrontDistributionRestrictions(
                geo_restriction=CloudfrontDistributionRestrictionsGeoRestriction(restriction_type="none")
            ),
            viewer_certificate=CloudfrontDistributionViewerCertificate(
                acm_certificate_arn=props.certificate_arn,
                minimum_protocol_version="TLSv1.2_2021",
                ssl_support_method="sni-only",
            ),
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


def read_by(distribution_arn: str) -> Statement:
    """What a bucket's policy says to let one distribution, and nobody else, read it."""
    return Statement(
        sid="ReadByDistribution",
        actions=["s3:GetObject"],
        resources=["/*"],
        principals={"Service": ["cloudfront.amazonaws.com"]},
        conditions=[Condition(test="StringEquals", variable="AWS:SourceArn", values=[distribution_arn])],
    )
