"""The database: PostgreSQL with a standby, and copies of its backups in a second region."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.doomscroll.network import Networking
from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.rds import DbInstanceAutomatedBackupsReplication
from cdktf_app.conditional_part import ConditionalPart
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.postgres_database import (
    DatabaseStorage,
    GivenPassword,
    PostgresDatabase,
    PostgresDatabaseProps,
)
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class DatabaseProps:
    """Shape of the database.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        networking: Subnets and security groups.
        logs: Retention and encryption of its log.
        retain_data: Refuse, at plan, whatever would destroy it.
    """

    deployment: Deployment
    variables: Variables
    networking: Networking
    logs: LogSettings
    retain_data: bool


class Database(Construct):
    """PostgreSQL.

    Attributes:
        primary: The database and its replicas.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: DatabaseProps) -> None:
        super().__init__(scope, construct_id)
        variables, networking = props.variables, props.networking
        self.primary = PostgresDatabase(
            self,
            "database",
            props=PostgresDatabaseProps(
                deployment=props.deployment,
                name="db",
                engine_version=variables.engine_version,
                instance_class=variables.db_instance_class.string,
                storage=DatabaseStorage(
                    type="gp3",
                    first=variables.db_allocated_storage.number,
                    most=variables.db_max_allocated_storage.number,
                    iops=variables.db_iops,
                    throughput=variables.db_storage_throughput,
                ),
                database="fckdoomscroll",
                username="fckadmin",
                password=GivenPassword(value=variables.db_password, version=variables.db_password_version),
                subnet_ids=networking.network.private_subnet_ids,
                subnet_description="Private subnets of both zones",
                security_group_ids=[networking.rds.id],
                max_connections=variables.db_max_connections.string,
                parameters={
                    # Milliseconds.
                    "log_min_duration_statement": "1000",
                    "log_statement": "ddl",
                },
                multi_az=variables.multi_az.boolean,
                backup_days=variables.db_backup_retention_days.number,
                backup_window=variables.db_backup_window.string,
                maintenance_window=variables.db_maintenance_window.string,
                replicas=variables.read_replica_count,
                logs=props.logs,
                deletion_protection=variables.deletion_protection.boolean,
                final_snapshot=variables.final_snapshot,
                retain_data=props.retain_data,
            ),
        )


class CrossRegionBackup(ConditionalPart):
    """Copies of the database's backups in a second region, with ``enable_cross_region_backup``.

    Args:
        deployment: Names, account and tags of the first region.
        variables: The module's inputs.
        database: What is backed up.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        variables: Variables,
        database: Database,
    ) -> None:
        super().__init__(scope, construct_id, condition=variables.enable_cross_region_backup.expression, alias="backup")
        # A key of AWS's own is known in its own region only.
        key = ServiceKey(
            self,
            "backup_key",
            props=ServiceKeyProps(
                deployment=deployment.in_region(variables.backup_region.string),
                name="database-backups",
                description="Copies of the backups of the database",
            ),
        )
        key.grant_database_backups()
        DbInstanceAutomatedBackupsReplication(
            self,
            "backups",
            source_db_instance_arn=expressions.string(expressions.attribute(database.primary.instance, "arn")),
            kms_key_id=key.arn,
            retention_period=variables.db_backup_retention_days.number,
        )
