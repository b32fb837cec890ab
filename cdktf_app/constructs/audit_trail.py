"""A CloudTrail trail: who did what in the account, in every region."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.bindings.cloudtrail import Cloudtrail
from cdktf_app.bindings.core import Construct, IResolvable
from cdktf_app.constructs.log_group import LogGroup, LogGroupProps, LogSettings
from cdktf_app.constructs.policy_document import Condition, Statement
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment

_SERVICE = "cloudtrail.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class AuditTrailProps:
    """Shape of a trail.

    Attributes:
        deployment: Names, account, region and tags.
        name: Last part of its name.
        logs: Retention and encryption of the copy in CloudWatch, which can be searched; the bucket keeps all of it.
        retain_data: Refuse, at plan, whatever would destroy the bucket. Default: True.
        force_destroy: Delete a bucket that is not empty, with its objects. Default: False.
    """

    deployment: Deployment
    name: str
    logs: LogSettings
    retain_data: bool = True
    force_destroy: bool | IResolvable = False


class AuditTrail(Construct):
    """Trail of the management events of all regions, with digests that show a change of what was written.

    Creates: trail, key, bucket, log group and the role that it is written in.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: AuditTrailProps) -> None:
        super().__init__(scope, construct_id)
        deployment = props.deployment
        name = deployment.name(props.name)
        self._arn = deployment.arn("cloudtrail", f"trail/{name}")
        key = ServiceKey(
            self,
            "key",
            props=ServiceKeyProps(
                deployment=deployment, name=props.name, description=f"Encrypts what the trail {name} writes."
            ),
        )
        key.grant_trail(self._arn)
        self.bucket = self._bucket(props)
        group = LogGroup(
            self,
            "logs",
            props=LogGroupProps(deployment=deployment, service="cloudtrail", name=props.name, settings=props.logs),
        )
        role = self._role(props, group)
        self.trail = Cloudtrail(
            self,
            "this",
            name=name,
            s3_bucket_name=self.bucket.name,
            kms_key_id=key.arn,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_logging=True,
            enable_log_file_validation=True,
            cloud_watch_logs_group_arn=f"{group.arn}:*",
            cloud_watch_logs_role_arn=role.arn,
            tags=deployment.tags,
            # CloudTrail tries both when the trail is made.
            depends_on=[self.bucket.policy, role.policy],
        )

    def _bucket(self, props: AuditTrailProps) -> PrivateBucket:
        """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html."""
        by_this_trail = Condition(test="StringEquals", variable="aws:SourceArn", values=[self._arn])
        owned_here = Condition(test="StringEquals", variable="s3:x-amz-acl", values=["bucket-owner-full-control"])
        return PrivateBucket(
            self,
            "bucket",
            props=PrivateBucketProps(
                deployment=props.deployment,
                name=props.name,
                statements=[
                    Statement(
                        sid="AWSCloudTrailAclCheck",
                        actions=["s3:GetBucketAcl"],
                        resources=[""],
                        principals={"Service": [_SERVICE]},
                        conditions=[by_this_trail],
                    ),
                    Statement(
                        sid="AWSCloudTrailWrite",
                        actions=["s3:PutObject"],
                        resources=[f"/AWSLogs/{props.deployment.account_id}/*"],
                        principals={"Service": [_SERVICE]},
                        conditions=[owned_here, by_this_trail],
                    ),
                ],
                retain_data=props.retain_data,
                force_destroy=props.force_destroy,
            ),
        )

    def _role(self, props: AuditTrailProps, group: LogGroup) -> ServiceRole:
        role = ServiceRole(
            self,
            "role",
            # Without conditions: CloudTrail does not say for which trail it asks.
            # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cw_role_policy.html
            props=ServiceRoleProps(deployment=props.deployment, name=props.name, service=_SERVICE),
        )
        role.allow(
            Statement(
                sid="WriteLogs",
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[group.streams_arn],
            )
        )
        return role
