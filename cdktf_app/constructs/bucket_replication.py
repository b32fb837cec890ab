"""A copy of a bucket in another region, which S3 keeps up to date."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.s3 import (
    S3BucketReplicationConfigurationA,
    S3BucketReplicationConfigurationRule,
    S3BucketReplicationConfigurationRuleDeleteMarkerReplication,
    S3BucketReplicationConfigurationRuleDestination,
    S3BucketReplicationConfigurationRuleFilter,
)
from cdktf_app.constructs.policy_document import Condition, Statement
from cdktf_app.constructs.private_bucket import PrivateBucket
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class BucketReplicationProps:
    """Shape of a replication.

    Attributes:
        deployment: Names, account and tags.
        name: Last part of the role's name.
        source: Bucket that is copied; versioned.
        destination: Bucket that gets the copies; versioned.
    """

    deployment: Deployment
    name: str
    source: PrivateBucket
    destination: PrivateBucket


class BucketReplication(Construct):
    """Replication of every object and of every deletion, and the role that S3 does it in."""

    def __init__(self, scope: Construct, construct_id: str, *, props: BucketReplicationProps) -> None:
        super().__init__(scope, construct_id)
        role = ServiceRole(
            self,
            "role",
            props=ServiceRoleProps(
                deployment=props.deployment,
                name=props.name,
                service="s3.amazonaws.com",
                conditions=[
                    Condition(test="StringEquals", variable="aws:SourceAccount", values=[props.deployment.account_id])
                ],
            ),
        )
        role.allow(
            Statement(
                sid="SeeSource",
                actions=["s3:GetReplicationConfiguration", "s3:ListBucket"],
                resources=[props.source.arn],
            )
        )
        role.allow(
            Statement(
                sid="ReadSource",
                actions=[
                    "s3:GetObjectVersionAcl",
                    "s3:GetObjectVersionForReplication",
                    "s3:GetObjectVersionTagging",
                ],
                resources=[f"{props.source.arn}/*"],
            )
        )
        role.allow(
            Statement(
                sid="WriteCopies",
                actions=["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
                resources=[f"{props.destination.arn}/*"],
            )
        )
        S3BucketReplicationConfigurationA(
            self,
            "this",
            bucket=props.source.bucket.id,
            role=role.arn,
            rule=[
                S3BucketReplicationConfigurationRule(
                    id="everything",
                    status="Enabled",
                    priority=0,
                    filter=S3BucketReplicationConfigurationRuleFilter(prefix=""),
                    delete_marker_replication=S3BucketReplicationConfigurationRuleDeleteMarkerReplication(
                        status="Enabled"
                    ),
                    destination=S3BucketReplicationConfigurationRuleDestination(
                        bucket=props.destination.bucket.arn, storage_class="STANDARD"
                    ),
                )
            ],
            # S3 refuses to copy between buckets that keep no versions.
            depends_on=[props.source.versioning, props.destination.versioning],
        )
