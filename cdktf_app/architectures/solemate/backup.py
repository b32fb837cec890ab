"""Backups of database and assets by AWS Backup."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.solemate.database import Database
from cdktf_app.architectures.solemate.storage import Storage
from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.resource_backup import ResourceBackup, ResourceBackupProps, bucket, database
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class BackupProps:
    """Shape of the backups.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        database: Backed up.
        storage: Its assets are backed up.
    """

    deployment: Deployment
    variables: Variables
    database: Database
    storage: Storage


class Backup(Construct):
    """Daily backups in a vault under a key of its own, with ``enable_aws_backup``."""

    def __init__(self, scope: Construct, construct_id: str, *, props: BackupProps) -> None:
        super().__init__(scope, construct_id)
        deployment, variables = props.deployment, props.variables
        key = ServiceKey(
            self,
            "backup_key",
            props=ServiceKeyProps(
                deployment=deployment,
                name="backup",
                description="Backups of database and assets",
                enabled=variables.enable_aws_backup.expression,
            ),
        )
        ResourceBackup(
            self,
            "backup",
            props=ResourceBackupProps(
                deployment=deployment,
                enabled=variables.enable_aws_backup,
                backed_up=[
                    database(props.database.primary),
                    bucket(props.storage.assets, deployment=deployment),
                ],
                kms_key=key,
                force_destroy=variables.force_destroy.boolean,
            ),
        )
