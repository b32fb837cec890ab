"""The site: a private bucket behind CloudFront, under the document's domain."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.rewind.standby import Standby
from cdktf_app.architectures.rewind.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.s3 import (
    S3BucketWebsiteConfiguration,
    S3BucketWebsiteConfigurationErrorDocument,
    S3BucketWebsiteConfigurationIndexDocument,
)
from cdktf_app.constructs.certificate import certificate_of
from cdktf_app.constructs.distribution_parts import CLOUDFRONT_ZONE, read_by
from cdktf_app.constructs.hosted_zone import HostedZone
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.constructs.site_distribution import SiteDistribution, SiteDistributionProps, StandbyBucket
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class SiteProps:
    """Shape of the site.

    Attributes:
        deployment: Names, account and tags.
        variables: The module's inputs.
        standby: The second region.
        retain_data: Refuse, at plan, whatever would destroy the bucket.
    """

    deployment: Deployment
    variables: Variables
    standby: Standby
    retain_data: bool


class Site(Construct):
    """Zone, certificate, bucket, distribution, and the records of the domain."""

    def __init__(self, scope: Construct, construct_id: str, *, props: SiteProps) -> None:
        super().__init__(scope, construct_id)
        variables = props.variables
        domain_name = variables.domain_name.string
        self.zone = HostedZone(
            self, "zone", domain_name=domain_name, given=variables.hosted_zone_id, tags=props.deployment.tags
        )
        self.bucket = PrivateBucket(
            self,
            "bucket",
            props=PrivateBucketProps(
                deployment=props.deployment,
                name="frontend-bucket",
                public_read_if=f'{variables.frontend_access.expression} == "public"',
                retain_data=props.retain_data,
                force_destroy=variables.force_destroy.boolean,
            ),
        )
        S3BucketWebsiteConfiguration(
            self,
            "website",
            bucket=self.bucket.bucket.id,
            index_document=S3BucketWebsiteConfigurationIndexDocument(suffix="index.html"),
            # Routes of the app are no files; the app itself answers them.
            error_document=S3BucketWebsiteConfigurationErrorDocument(key="index.html"),
        )
        self.distribution = SiteDistribution(
            self,
            "distribution",
            props=SiteDistributionProps(
                deployment=props.deployment,
                name="site",
                domain_name=domain_name,
                certificate_arn=certificate_of(
                    self,
                    domain_name=domain_name,
                    zone_id=self.zone.id,
                    tags=props.deployment.tags,
                    given=variables.certificate_arn,
                ),
                bucket=self.bucket,
                standby=StandbyBucket(condition=props.standby.condition, bucket=props.standby.site),
            ),
        )
        for bucket in (self.bucket, props.standby.site):
            bucket.allow(read_by(self.distribution.distribution.arn))
        self.zone.point_at(self, name=domain_name, target=self.distribution.domain_name, target_zone_id=CLOUDFRONT_ZONE)
