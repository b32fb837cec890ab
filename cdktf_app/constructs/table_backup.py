"""Daily backups of DynamoDB tables by AWS Backup, apart from the tables' own recovery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.constructs.single_table import SingleTable
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class TableBackupProps:
    """Shape of the backups.

    Attributes:
        deployment: Names, account and tags.
        enabled: Whether there are any.
        tables: What is backed up.
        schedule: When, UTC. Default: every day at five.
        keep_days: Age at which a backup is deleted. Default: 35.
        force_destroy: Delete the vault with the backups in it. Default: False.
    """

    deployment: Deployment
    enabled: Input
    tables: Sequence[SingleTable]
    schedule: str = "cron(0 5 * * ? *)"
    keep_days: int = 35
    force_destroy: bool | IResolvable = False


class TableBackup(Construct):
    """AWS Backup plan.

    Creates, if ``enabled``: vault, plan, selection, and a role that may back up these tables only.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: TableBackupProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.name("backup")
        count = expressions.count_if(props.enabled.expression)
        vault = BackupVault(
            self,
            "vault",
            count=count,
            name=name,
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
            resources=[table.arn for table in props.tables],
        )

    def _role(self, props: TableBackupProps) -> ServiceRole:
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
        role.allow(
            Statement(
                sid="StartBackups",
                actions=[
                    "dynamodb:CreateBackup",
                    "dynamodb:DescribeTable",
                    "dynamodb:ListTagsOfResource",
                    "dynamodb:StartAwsBackupJob",
                ],
                resources=[table.arn for table in props.tables],
            )
        )
        role.allow(
            Statement(
                sid="EndBackups",
                actions=["dynamodb:DeleteBackup", "dynamodb:DescribeBackup"],
                resources=[f"{table.arn}/backup/*" for table in props.tables],
            )
        )
        role.allow(
            Statement(
                sid="FillVault",
                actions=["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
                resources=[props.deployment.arn("backup", f"backup-vault:{props.deployment.name('backup')}")],
            )
        )
        return role
