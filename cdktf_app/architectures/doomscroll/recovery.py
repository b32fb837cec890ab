"""Recovery: a test, every month, that a backup of the database can be restored."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.doomscroll.database import Database
from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.resource_backup import ResourceBackup, ResourceBackupProps, database
from cdktf_app.constructs.restore_testing import RestoreTesting, RestoreTestingProps
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class RecoveryProps:
    """Shape of the test.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        database: What is restored.
    """

    deployment: Deployment
    variables: Variables
    database: Database


class Recovery(Construct):
    """Daily backups by AWS Backup, which tests no others, and their test, with ``enable_restore_testing``."""

    def __init__(self, scope: Construct, construct_id: str, *, props: RecoveryProps) -> None:
        super().__init__(scope, construct_id)
        deployment, enabled = props.deployment, props.variables.enable_restore_testing
        key = ServiceKey(
            self,
            "vault_key",
            props=ServiceKeyProps(
                deployment=deployment,
                name="backup",
                description="Backups of the database",
                enabled=enabled.expression,
            ),
        )
        backups = ResourceBackup(
            self,
            "backup",
            props=ResourceBackupProps(
                deployment=deployment,
                enabled=enabled,
                backed_up=[database(props.database.primary)],
                keep_days=7,
                kms_key=key,
                force_destroy=props.variables.force_destroy.boolean,
            ),
        )
        RestoreTesting(
            self,
            "restore_testing",
            props=RestoreTestingProps(
                deployment=deployment,
                name="restore-test",
                enabled=enabled,
                database=props.database.primary,
                backups=backups,
            ),
        )
