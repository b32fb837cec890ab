"""The database: PostgreSQL with a standby, and the secret that says how to connect to it."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.solemate.networking import Networking
from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.postgres_database import (
    DatabaseStorage,
    GivenPassword,
    PostgresDatabase,
    PostgresDatabaseProps,
)
from cdktf_app.constructs.secret import Secret, SecretProps
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
        secret: How to connect to it.
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
                    type="gp2",
                    first=variables.db_allocated_storage.number,
                    most=variables.db_max_allocated_storage.number,
                ),
                database="solemate",
                username="solemate",
                password=GivenPassword(value=variables.master_password, version=variables.master_password_version),
                subnet_ids=networking.network.private_subnet_ids,
                subnet_description="Subnet group for database",
                security_group_ids=[networking.database.id],
                max_connections=variables.db_max_connections.string,
                multi_az=variables.multi_az.boolean,
                backup_days=variables.db_backup_retention_days.number,
                backup_window=variables.db_backup_window.string,
                maintenance_window=variables.db_maintenance_window.string,
                replicas=variables.read_replica_count,
                observed=True,
                logs=props.logs,
                deletion_protection=variables.deletion_protection.boolean,
                final_snapshot=variables.final_snapshot,
                retain_data=props.retain_data,
            ),
        )
        self.secret = Secret(
            self,
            "database_secret",
            props=SecretProps(
                deployment=props.deployment,
                name="database",
                description="How the application connects to the database",
                content=self.primary.login,
                version=variables.master_password_version.number,
                # A restored database has another host.
                written_with=[expressions.attribute(self.primary.instance, "id")],
                force_destroy=variables.force_destroy,
            ),
        )
