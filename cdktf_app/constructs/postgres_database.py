"""A PostgreSQL database of RDS, in private subnets, which takes no connection without TLS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct, IResolvable, TerraformResourceLifecycle
from cdktf_app.bindings.rds import DbInstance, DbParameterGroup, DbParameterGroupParameter, DbSubnetGroup
from cdktf_app.constructs.log_group import LogGroup, LogGroupProps, LogSettings
from cdktf_app.constructs.policy_document import Condition, Statement
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

PORT = 5432
# Environment variables of an application that connects, and the field of the secret that each is from.
LOGIN_VARIABLES: Mapping[str, str] = {
    "DATABASE_HOST": "host",
    "DATABASE_NAME": "dbname",
    "DATABASE_PASSWORD": "password",
    "DATABASE_PORT": "port",
    "DATABASE_USER": "username",
}
_MONITORING_SECONDS = 60
_INSIGHTS_DAYS = 7
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
_AUTHORITY = "rds-ca-rsa2048-g1"


@dataclass(frozen=True, kw_only=True)
class DatabaseStorage:
    """The storage of a database, in GiB.

    Attributes:
        type: Kind of volume: ``gp2``, ``gp3``.
        first: What there is at first.
        most: What RDS may let it grow to.
        iops: Operations a second, 0 for what comes with the storage. Default: what comes with it.
        throughput: MiB a second, 0 for what comes with the storage. Default: what comes with it.
    """

    type: str
    first: float
    most: float
    iops: Input | None = None
    throughput: Input | None = None


@dataclass(frozen=True, kw_only=True)
class GivenPassword:
    """A password that is neither in the plan nor in the state.

    Attributes:
        value: Ephemeral input that holds it.
        version: Input that is raised to have a new one set: Terraform cannot see that the value is another.
    """

    value: Input
    version: Input


@dataclass(frozen=True, kw_only=True)
class PostgresDatabaseProps:
    """Shape of a database.

    Attributes:
        deployment: Names, account, region and tags.
        name: Last part of its identifier.
        engine_version: Input with the version; a major version alone leaves the rest to RDS.
        instance_class: Class of each instance (``db.t4g.micro``).
        storage: Its storage.
        database: Name of the database in it.
        username: Name of the master user.
        password: Password of the master user. RDS could keep one itself, but then refuses read replicas.
            https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations
        subnet_ids: Private subnets in two zones.
        subnet_description: What the group of these subnets is for.
        security_group_ids: Who may connect.
        max_connections: Most connections at once, as text.
        parameters: Parameters of PostgreSQL beside that, which take effect without a restart. Default: none.
        multi_az: Keep a standby in the other zone, which RDS chooses.
        backup_days: Days that it can be restored to any moment of.
        backup_window: When the daily backup is taken, in UTC.
        maintenance_window: When RDS may restart it, in UTC.
        replicas: Input with the number of read replicas.
        observed: Keep Performance Insights and enhanced monitoring, seven days of it. Default: False.
        logs: Retention and encryption of PostgreSQL's log.
        deletion_protection: Let RDS refuse its deletion.
        final_snapshot: Input: take a snapshot before it is destroyed.
        retain_data: Refuse, at plan, whatever would destroy it. Default: True.
    """

    deployment: Deployment
    name: str
    engine_version: Input
    instance_class: str
    storage: DatabaseStorage
    database: str
    username: str
    password: GivenPassword
    subnet_ids: Sequence[str]
    subnet_description: str
    security_group_ids: Sequence[str]
    max_connections: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    multi_az: bool | IResolvable
    backup_days: float
    backup_window: str
    maintenance_window: str
    replicas: Input
    observed: bool = False
    logs: LogSettings
    deletion_protection: bool | IResolvable
    final_snapshot: Input
    retain_data: bool = True


class PostgresDatabase(Construct):
    """RDS instance for PostgreSQL, encrypted, with backups and its log in CloudWatch; read replicas where asked for.

    Creates: instance, replicas, parameter group, subnet group, log groups; a role where it is observed.

    Attributes:
        identifier: Its identifier, known before it exists.
        arn: Its ARN, likewise.
        backups_arn: ARN of all snapshots that AWS Backup takes in this account and region.
        subnet_group: Name of the group of its subnets.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: PostgresDatabaseProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        deployment = props.deployment
        self.port = PORT
        self.identifier = deployment.name(props.name)
        self.arn = deployment.arn("rds", f"db:{self.identifier}")
        # AWS Backup names its snapshots after jobs, not after databases.
        self.backups_arn = deployment.arn("rds", "snapshot:awsbackup:*")
        self.subnet_group = deployment.name(f"{props.name}-subnets")
        self._deployment = deployment
        self._replica_name = f"{props.name}-replica"
        self._replicas = props.replicas
        self._parameters = self._parameter_group(props)
        shared = self._of_every_instance(props)
        self.subnets = DbSubnetGroup(
            self,
            "subnets",
            name=self.subnet_group,
            description=props.subnet_description,
            subnet_ids=list(props.subnet_ids),
            tags=deployment.tags,
        )
        self.instance = DbInstance(
            self,
            "this",
            identifier=self.identifier,
            engine="postgres",
            engine_version=props.engine_version.string,
            allocated_storage=props.storage.first,
            db_name=props.database,
            username=props.username,
            password_wo=props.password.value.string,
            password_wo_version=props.password.version.number,
            port=PORT,
            db_subnet_group_name=expressions.string(expressions.attribute(self.subnets, "name")),
            # Never a zone: RDS refuses one beside a standby.
            multi_az=props.multi_az,
            backup_retention_period=props.backup_days,
            backup_window=props.backup_window,
            deletion_protection=props.deletion_protection,
            skip_final_snapshot=expressions.boolean(f"!{props.final_snapshot.expression}"),
            final_snapshot_identifier=f"{self.identifier}-final",
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if props.retain_data else None,
            depends_on=[self._log_group("log", self.identifier, props)],
            **shared,
        )
        replica = f"{self._replica_name}-${{count.index + 1}}"
        self.replica = DbInstance(
            self,
            "replica",
            count=props.replicas.number,
            identifier=deployment.name(replica),
            replicate_source_db=expressions.string(expressions.attribute(self.instance, "identifier")),
            # Nothing is lost with a replica: fewer of them is a change like any other.
            deletion_protection=False,
            skip_final_snapshot=True,
            depends_on=[self._log_group("replica_log", deployment.name(replica), props, copies=props.replicas)],
            **shared,
        )

    @property
    def address(self) -> str:
        """Name of the host, which stays the same when the standby takes over."""
        return expressions.string(expressions.attribute(self.instance, "address"))

    @property
    def endpoint(self) -> str:
        """Host and port."""
        return expressions.string(expressions.attribute(self.instance, "endpoint"))

    @property
    def replica_endpoints(self) -> list[str]:
        """Host and port of each replica."""
        return expressions.strings(expressions.every(self.replica, "endpoint"))

    @property
    def replica_identifiers(self) -> expressions.Expression:
        """List of the replicas' identifiers, known before they exist."""
        name = self._deployment.name(f"{self._replica_name}-${{index + 1}}")
        return expressions.Expression(f'[for index in range({self._replicas.expression}) : "{name}"]')

    @property
    def login(self) -> Mapping[str, expressions.Literal]:
        """How to connect to it, the password included: the content of a secret, by fields as RDS itself names them."""
        return {
            "username": self._props.username,
            "password": self._props.password.value.expression,
            "host": self.address,
            "port": PORT,
            "dbname": self._props.database,
        }

    @property
    def dimensions(self) -> Mapping[str, expressions.Expression]:
        """What CloudWatch knows its metrics by."""
        return {"DBInstanceIdentifier": expressions.attribute(self.instance, "identifier")}

    def _of_every_instance(self, props: PostgresDatabaseProps) -> dict[str, Any]:
        """What the database and its replicas have in common."""
        observed: dict[str, Any] = {}
        if props.observed:
            observed = {
                "performance_insights_enabled": True,
                "performance_insights_retention_period": _INSIGHTS_DAYS,
                "monitoring_interval": _MONITORING_SECONDS,
                "monitoring_role_arn": self._monitoring_role(props).arn,
            }
        return {
            "instance_class": props.instance_class,
            "storage_type": props.storage.type,
            "max_allocated_storage": props.storage.most,
            "iops": _unless_zero(props.storage.iops),
            "storage_throughput": _unless_zero(props.storage.throughput),
            "storage_encrypted": True,
            "ca_cert_identifier": _AUTHORITY,
            "parameter_group_name": expressions.string(expressions.attribute(self._parameters, "name")),
            "vpc_security_group_ids": list(props.security_group_ids),
            "publicly_accessible": False,
            "maintenance_window": props.maintenance_window,
            "auto_minor_version_upgrade": True,
            "apply_immediately": False,
            "copy_tags_to_snapshot": True,
            "enabled_cloudwatch_logs_exports": ["postgresql"],
            "tags": props.deployment.tags,
            **observed,
        }

    def _parameter_group(self, props: PostgresDatabaseProps) -> DbParameterGroup:
        major = f'split(".", {props.engine_version.expression})[0]'
        restarting = {"max_connections": props.max_connections, "rds.force_ssl": "1"}
        return DbParameterGroup(
            self,
            "parameters",
            # A new major version has a group of its own, made before the instance leaves the old one.
            name=props.deployment.name(f"{props.name}-postgres${{{major}}}"),
            family=f"postgres${{{major}}}",
            description=f"PostgreSQL of {self.identifier}",
            parameter=[
                *(
                    DbParameterGroupParameter(name=name, value=value, apply_method="pending-reboot")
                    for name, value in restarting.items()
                ),
                *(
                    DbParameterGroupParameter(name=name, value=value, apply_method="immediate")
                    for name, value in props.parameters.items()
                ),
            ],
            tags=props.deployment.tags,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )

    def _monitoring_role(self, props: PostgresDatabaseProps) -> ServiceRole:
        """Role that RDS writes the figures of the operating system in, of these instances only.

        https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
        """
        self._props = props
        deployment = props.deployment
        role = ServiceRole(
            self,
            "monitoring",
            props=ServiceRoleProps(
                deployment=deployment,
                name=f"{props.name}-monitoring",
                service="monitoring.rds.amazonaws.com",
                conditions=[
                    Condition(test="StringEquals", variable="aws:SourceAccount", values=[deployment.account_id]),
                    Condition(
                        test="ArnLike",
                        variable="aws:SourceArn",
                        values=[
                            self.arn,
                            deployment.arn("rds", f"db:{deployment.name(f'{self._replica_name}-*')}"),
                        ],
                    ),
                ],
            ),
        )
        group = deployment.arn("logs", "log-group:RDSOSMetrics")
        role.allow(
            Statement(
                sid="KeepFigures",
                actions=["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
                resources=[group],
            )
        )
        role.allow(
            Statement(
                sid="WriteFigures",
                actions=[
                    "logs:CreateLogStream",
                    "logs:DescribeLogStreams",
                    "logs:GetLogEvents",
                    "logs:PutLogEvents",
                ],
                resources=[f"{group}:log-stream:*"],
            )
        )
        return role

    def _log_group(
        self, construct_id: str, identifier: str, props: PostgresDatabaseProps, *, copies: Input | None = None
    ) -> Any:
        group = LogGroup(
            self,
            construct_id,
            props=LogGroupProps(
                # The identifier is a whole name already.
                deployment=replace(props.deployment, prefix="", suffix=""),
                service="rds/instance",
                name=f"{identifier}/postgresql",
                settings=props.logs,
                copies=copies,
            ),
        )
        return group.log_group


def _unless_zero(value: Input | None) -> float | None:
    if value is None:
        return None
    return expressions.number(f"{value.expression} > 0 ? {value.expression} : null")
