"""AWS Config: how every resource of the account is and was configured, and whether that is as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_app.bindings.config import (
    ConfigConfigRule,
    ConfigConfigRuleSource,
    ConfigConfigurationRecorder,
    ConfigConfigurationRecorderRecordingGroup,
    ConfigConfigurationRecorderStatus,
    ConfigDeliveryChannel,
)
from cdktf_app.bindings.core import Construct, IResolvable
from cdktf_app.bindings.iam import IamRolePolicyAttachment
from cdktf_app.constructs.policy_document import Condition, Statement
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment

# What reads every kind of resource, kept up to date by AWS as there come more.
# https://docs.aws.amazon.com/config/latest/developerguide/security-iam-awsmanpol.html
_READ_ALL = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"


@dataclass(frozen=True, kw_only=True)
class ConfigRecorderProps:
    """Shape of a recorder.

    Attributes:
        deployment: Names, account, region and tags.
        name: Last part of its name.
        rules: AWS's own rules to check by: their identifiers by the name that each gets here.
        retain_data: Refuse, at plan, whatever would destroy the bucket. Default: True.
        force_destroy: Delete a bucket that is not empty, with its objects. Default: False.
    """

    deployment: Deployment
    name: str
    rules: Mapping[str, str]
    retain_data: bool = True
    force_destroy: bool | IResolvable = False


class ConfigRecorder(Construct):
    """Recorder of all kinds of resources, with its rules. An account has one in a region.

    Creates: recorder, its status, delivery channel, bucket, role, and a rule for each that is named.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ConfigRecorderProps) -> None:
        super().__init__(scope, construct_id)
        deployment = props.deployment
        name = deployment.name(props.name)
        bucket = PrivateBucket(
            self,
            "bucket",
            props=PrivateBucketProps(
                deployment=deployment,
                name=props.name,
                retain_data=props.retain_data,
                force_destroy=props.force_destroy,
            ),
        )
        role = self._role(props, bucket)
        recorder = ConfigConfigurationRecorder(
            self,
            "this",
            name=name,
            role_arn=role.arn,
            recording_group=ConfigConfigurationRecorderRecordingGroup(
                all_supported=True, include_global_resource_types=True
            ),
        )
        channel = ConfigDeliveryChannel(
            self,
            "channel",
            name=name,
            s3_bucket_name=bucket.name,
            # Config tries the bucket when the channel is made.
            depends_on=[recorder, role.policy],
        )
        ConfigConfigurationRecorderStatus(self, "status", name=recorder.name, is_enabled=True, depends_on=[channel])
        for rule, identifier in props.rules.items():
            ConfigConfigRule(
                self,
                rule.replace("-", "_"),
                name=deployment.name(rule),
                source=ConfigConfigRuleSource(owner="AWS", source_identifier=identifier),
                tags=deployment.tags,
                depends_on=[recorder],
            )

    def _role(self, props: ConfigRecorderProps, bucket: PrivateBucket) -> ServiceRole:
        role = ServiceRole(
            self,
            "role",
            props=ServiceRoleProps(
                deployment=props.deployment,
                name=props.name,
                service="config.amazonaws.com",
                conditions=[
                    Condition(test="StringEquals", variable="aws:SourceAccount", values=[props.deployment.account_id])
                ],
            ),
        )
        # https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html
        role.allow(Statement(sid="LookAtBucket", actions=["s3:GetBucketAcl"], resources=[bucket.arn]))
        role.allow(
            Statement(
                sid="WriteHistory",
                actions=["s3:PutObject"],
                resources=[f"{bucket.arn}/AWSLogs/{props.deployment.account_id}/*"],
                conditions=[
                    Condition(test="StringLike", variable="s3:x-amz-acl", values=["bucket-owner-full-control"])
                ],
            )
        )
        IamRolePolicyAttachment(self, "read_all", role=role.role.name, policy_arn=_READ_ALL)
        return role
