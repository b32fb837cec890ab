"""Daily backups by AWS Backup, apart from what a service does for its own recovery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cdktf_app import expressions
from cdktf_app.bindings.backup import (
    BackupPlan,
    BackupPlanRule,
    BackupPlanRuleLifecycle,
    BackupSelection,
    BackupVault,
)
from cdktf_app.bindings.core import Construct, IResolvable
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.postgres_database import PostgresDatabase
from cdktf_app.constructs.private_bucket import PrivateBucket
from cdktf_app.constructs.service_key import ServiceKey, via_backup
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.constructs.single_table import SingleTable
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True)
class BackedUp:
    """Something that is backed up.

    Attributes:
        arn: Its ARN, known before it exists.
        statements: What a role needs to back it up, and nothing else.
    """

    arn: str
    statements: Sequence[Statement]


def table(backed_up: SingleTable) -> BackedUp:
    """A DynamoDB table."""
    return BackedUp(
        backed_up.arn,
        [
            Statement(
                sid="StartBackups",
                actions=[
                    "dynamodb:CreateBackup",
                    "dynamodb:DescribeTable",
                    "dynamodb:ListTagsOfResource",
                    "dynamodb:StartAwsBackupJob",
                ],
                resources=[backed_up.arn],
            ),
            Statement(
                sid="EndBackups",
                actions=["dynamodb:DeleteBackup", "dynamodb:DescribeBackup"],
                resources=[f"{backed_up.arn}/backup/*"],
            ),
        ],
    )


def database(backed_up: PostgresDatabase) -> BackedUp:
    """A database of RDS.

    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
    """
    return BackedUp(
        backed_up.arn,
        [
            Statement(
                sid="TakeSnapshots",
                actions=[
                    "rds:AddTagsToResource",
                    "rds:CreateDBSnapshot",
                    "rds:DescribeDBInstances",
                    "rds:DescribeDBSnapshots",
                    "rds:ListTagsForResource",
                ],
                resources=[backed_up.arn, backed_up.backups_arn],
            ),
            Statement(sid="EndSnapshots", actions=["rds:DeleteDBSnapshot"], resources=[backed_up.backups_arn]),
        ],
    )


def bucket(backed_up: PrivateBucket, *, deployment: Deployment) -> BackedUp:
    """A bucket that keeps versions. AWS Backup follows its changes by rules and inventories that it makes for that.

    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForS3Backup.html
    """
    return BackedUp(
        backed_up.arn,
        [
            Statement(
                sid="FollowBucket",
                actions=[
                    "s3:GetBucketAcl",
                    "s3:GetBucketLocation",
                    "s3:GetBucketNotification",
                    "s3:GetBucketTagging",
                    "s3:GetBucketVersioning",
                    "s3:GetInventoryConfiguration",
                    "s3:ListBucket",
                    "s3:ListBucketVersions",
                    "s3:PutBucketNotification",
                    "s3:PutInventoryConfiguration",
                ],
                resources=[backed_up.arn],
            ),
            Statement(
                sid="ReadObjects",
                actions=[
                    "s3:GetObject",
                    "s3:GetObjectAcl",
                    "s3:GetObjectTagging",
                    "s3:GetObjectVersion",
                    "s3:GetObjectVersionAcl",
                    "s3:GetObjectVersionTagging",
                ],
                resources=[f"{backed_up.arn}/*"],
            ),
            Statement(
                sid="FollowChanges",
                actions=[
                    "events:DeleteRule",
                    "events:DescribeRule",
                    "events:DisableRule",
                    "events:EnableRule",
                    "events:ListTargetsByRule",
                    "events:PutRule",
                    "events:PutTargets",
                    "events:RemoveTargets",
                ],
                resources=[deployment.arn("events", "rule/AwsBackupManagedRule*")],
            ),
            # They have no resources to name.
            Statement(sid="MeasureBucket", actions=["cloudwatch:GetMetricData", "events:ListRules"], resources=["*"]),
        ],
    )


@dataclass(frozen=True, kw_only=True)
class ResourceBackupProps:
    """Shape of the backups.

    Attributes:
        deployment: Names, account, region and tags.
        enabled: Whether there are any.
        backed_up: What is backed up: at most one of each kind.
        schedule: When, UTC. Default: every day at five.
        keep_days: Age at which a backup is deleted. Default: 35.
        kms_key: Key of the vault, which exists if the backups do. Default: AWS's own.
        force_destroy: Delete the vault with the backups in it. Default: False.
    """

    deployment: Deployment
    enabled: Input
    backed_up: Sequence[BackedUp]
    schedule: str = "cron(0 5 * * ? *)"
    keep_days: int = 35
    kms_key: ServiceKey | None = None
    force_destroy: bool | IResolvable = False


class ResourceBackup(Construct):
    """AWS Backup plan.

    Creates, if ``enabled``: vault, plan, selection, and a role that may back up these resources only.

    Attributes:
        vault_arn: ARN of the vault, known before it exists.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ResourceBackupProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.name("backup")
        count = expressions.count_if(props.enabled.expression)
        self.vault_arn = props.deployment.arn("backup", f"backup-vault:{name}")
        vault = BackupVault(
            self,
            "vault",
            count=count,
            name=name,
            kms_key_arn=props.kms_key.arn if props.kms_key else None,
            force_destroy=props.force_destroy,
            tags=props.deployment.tags,
        )
        self.plan = BackupPlan(
            self,
            "this",
            count=count,
            name=name,
            rule=[
                BackupPlanRule(
                    rule_name="daily",
                    target_vault_name=expressions.string(expressions.only(vault, "name")),
                    schedule=props.schedule,
                    lifecycle=BackupPlanRuleLifecycle(delete_after=props.keep_days),
                )
            ],
            tags=props.deployment.tags,
        )
        BackupSelection(
            self,
            "selection",
            count=count,
            name=name,
            plan_id=expressions.string(expressions.only(self.plan, "id")),
            iam_role_arn=self._role(props).arn,
            resources=[each.arn for each in props.backed_up],
        )

    def _role(self, props: ResourceBackupProps) -> ServiceRole:
        role = ServiceRole(
            self,
            "role",
            props=ServiceRoleProps(
                deployment=props.deployment,
                name="backup",
                service="backup.amazonaws.com",
                enabled=props.enabled.expression,
            ),
        )
        for each in props.backed_up:
            for statement in each.statements:
                role.allow(statement)
        role.allow(
            Statement(
                sid="FillVault",
                actions=["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
                resources=[self.vault_arn],
            )
        )
        if props.kms_key:
            props.kms_key.grant_backups()
            vault_key = via_backup(deployment=props.deployment, key_arn=props.kms_key.arn)
            # Without backups the key has no ARN, and a policy takes no null.
            role.allow(replace(vault_key, only_if=props.enabled.expression))
        return role
