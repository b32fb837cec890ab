"""What CloudFront's distributions have in common, whatever they serve."""

from __future__ import annotations

from cdktf_app.bindings.cloudfront import (
    CloudfrontDistributionOrigin,
    CloudfrontDistributionRestrictions,
    CloudfrontDistributionRestrictionsGeoRestriction,
    CloudfrontDistributionViewerCertificate,
    CloudfrontOriginAccessControl,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.policy_document import Condition, Statement
from cdktf_app.constructs.private_bucket import PrivateBucket

# CloudFront's own zone, the same for every distribution.
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"
INDEX = "index.html"
# North America and Europe, the cheapest.
PRICE_CLASS = "PriceClass_100"


def signed_access(scope: Construct, *, name: str) -> CloudfrontOriginAccessControl:
    """What a distribution signs its requests to a bucket with."""
    return CloudfrontOriginAccessControl(
        scope,
        "access",
        name=name,
        description="Lets the distribution, and nothing else, read the bucket.",
        origin_access_control_origin_type="s3",
        signing_behavior="always",
        signing_protocol="sigv4",
    )


def bucket_origin(
    origin_id: str, bucket: PrivateBucket, access: CloudfrontOriginAccessControl
) -> CloudfrontDistributionOrigin:
    return CloudfrontDistributionOrigin(
        origin_id=origin_id,
        domain_name=bucket.bucket.bucket_regional_domain_name,
        origin_access_control_id=access.id,
    )


def everywhere() -> CloudfrontDistributionRestrictions:
    """No country is shut out."""
    return CloudfrontDistributionRestrictions(
        geo_restriction=CloudfrontDistributionRestrictionsGeoRestriction(restriction_type="none")
    )


def viewer_certificate(arn: str) -> CloudfrontDistributionViewerCertificate:
    return CloudfrontDistributionViewerCertificate(
        acm_certificate_arn=arn, minimum_protocol_version="TLSv1.2_2021", ssl_support_method="sni-only"
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
