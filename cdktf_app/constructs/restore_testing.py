"""A test, every month, that what AWS Backup keeps of a database can be restored."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.backup import (
    BackupRestoreTestingPlan,
    BackupRestoreTestingPlanRecoveryPointSelection,
    BackupRestoreTestingSelection,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.postgres_database import PostgresDatabase
from cdktf_app.constructs.resource_backup import ResourceBackup
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

# How AWS Backup begins the identifier of a database that it restores for a test.
_RESTORED = "awsbackup-restore-test-*"


@dataclass(frozen=True, kw_only=True)
class RestoreTestingProps:
    """Shape of the test.

    Attributes:
        deployment: Names, account, region and tags.
        name: Last part of its name.
        enabled: Whether there is one.
        database: What is restored, beside itself and for an hour.
        backups: Where it is restored from.
        schedule: When, UTC. Default: the first of every month at six, an hour after the backup.
    """

    deployment: Deployment
    name: str
    enabled: Input
    database: PostgresDatabase
    backups: ResourceBackup
    schedule: str = "cron(0 6 1 * ? *)"


class RestoreTesting(Construct):
    """Restore testing plan of AWS Backup, which deletes what it has restored.

    Creates, if ``enabled``: plan, selection, and a role that may restore this database only.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: RestoreTestingProps) -> None:
        super().__init__(scope, construct_id)
        count = expressions.count_if(props.enabled.expression)
        # These names have neither hyphens nor dots.
        name = expressions.string(f'replace("{props.deployment.name(props.name)}", "-", "_")')
        self.plan = BackupRestoreTestingPlan(
            self,
            "this",
            count=count,
            name=name,
            schedule_expression=props.schedule,
            recovery_point_selection=[
                BackupRestoreTestingPlanRecoveryPointSelection(
                    algorithm="LATEST_WITHIN_WINDOW",
                    include_vaults=[props.backups.vault_arn],
                    recovery_point_types=["SNAPSHOT"],
                    selection_window_days=7,
                )
            ],
            tags=props.deployment.tags,
        )
        BackupRestoreTestingSelection(
            self,
            "selection",
            count=count,
            name=name,
            restore_testing_plan_name=expressions.string(expressions.only(self.plan, "name")),
            protected_resource_type="RDS",
            protected_resource_arns=[props.database.arn],
            iam_role_arn=self._role(props).arn,
            # Else it goes to the default network of the account, if there is one.
            restore_metadata_overrides={"dbSubnetGroupName": props.database.subnet_group},
            validation_window_hours=1,
        )

    def _role(self, props: RestoreTestingProps) -> ServiceRole:
        """Role that restores into databases of the test's own, and deletes no others.

        https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForRestores.html
        """
        deployment, database = props.deployment, props.database
        restored = deployment.arn("rds", f"db:{_RESTORED}")
        role = ServiceRole(
            self,
            "role",
            props=ServiceRoleProps(
                deployment=deployment,
                name=props.name,
                service="backup.amazonaws.com",
                enabled=props.enabled.expression,
            ),
        )
        role.allow(
            Statement(
                sid="Restore",
                actions=["rds:RestoreDBInstanceFromDBSnapshot"],
                resources=[
                    restored,
                    database.backups_arn,
                    deployment.arn("rds", f"subgrp:{database.subnet_group}"),
                    deployment.arn("rds", "pg:default.*"),
                    deployment.arn("rds", "og:default:*"),
                ],
            )
        )
        role.allow(
            Statement(
                sid="EndTest",
                actions=["rds:AddTagsToResource", "rds:DeleteDBInstance", "rds:ListTagsForResource"],
                resources=[restored],
            )
        )
        role.allow(
            Statement(
                sid="Look",
                actions=["rds:DescribeDBInstances", "rds:DescribeDBSnapshots"],
                resources=[database.arn, restored, database.backups_arn],
            )
        )
        return role
