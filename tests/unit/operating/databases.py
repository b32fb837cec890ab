"""A database in the emulator and the state that knows it, with its secret."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.in_process import run_here
from tests.support.project import Answer, Project
from tooling.target import Target

STACK = "doomscroll"


@dataclass
class WithDatabase:
    """A project whose stack has a database, as the modules make one."""

    project: Project
    target: Target
    name: str

    @property
    def rds(self) -> Any:
        return self.target.client("rds")

    def run(self, *args: str, **environ: str) -> Answer:
        return run_here(self.project, *args, environ=environ)

    def db(self, verb: str, *args: str) -> Answer:
        return self.run("db", verb, "--stack", STACK, *args)

    def told(self, name: str = "") -> Any:
        return self.rds.describe_db_instances(DBInstanceIdentifier=name or self.name)["DBInstances"][0]

    def instances(self) -> list[str]:
        """Names of the instances that are this one or come of it."""
        found = self.rds.describe_db_instances()["DBInstances"]
        return sorted(one["DBInstanceIdentifier"] for one in found if one["DBInstanceIdentifier"].startswith(self.name))

    def manual_snapshots(self) -> list[Any]:
        found = self.rds.describe_db_snapshots(DBInstanceIdentifier=self.name, SnapshotType="manual")
        return list(found["DBSnapshots"])


def with_database(
    applied: Callable[..., Project],
    target: Target,
    name: str,
    *,
    confirm: bool = False,
    attributes: Mapping[str, Any] | None = None,
    more: Mapping[str, Mapping[str, Any]] | None = None,
    **settings: Any,
) -> WithDatabase:
    """A stack with a protected database of PostgreSQL in two zones, with its replica in the state as well.

    Args:
        attributes: More that the state says of the database.
        more: More resources of the state.
        settings: Other values that the database is made with.
    """
    rds = target.client("rds")
    group = f"{name}-parameters"
    rds.create_db_parameter_group(DBParameterGroupName=group, DBParameterGroupFamily="postgres16", Description="x")
    parameter = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "pending-reboot"}
    rds.modify_db_parameter_group(DBParameterGroupName=group, Parameters=[parameter])
    made = rds.create_db_instance(
        **{
            "DBInstanceIdentifier": name,
            "DBInstanceClass": "db.t4g.micro",
            "DBName": "fckdoomscroll",
            "Engine": "postgres",
            "EngineVersion": "16",
            "AllocatedStorage": 20,
            "MasterUsername": "fckadmin",
            "MasterUserPassword": "correct horse battery",
            "BackupRetentionPeriod": 7,
            "DeletionProtection": True,
            "MultiAZ": True,
            "StorageEncrypted": True,
            "DBParameterGroupName": group,
            "Tags": [{"Key": "Architecture", "Value": STACK}],
            **settings,
        }
    )["DBInstance"]
    login = {
        "username": "fckadmin",
        "password": "correct horse battery",
        "host": made["Endpoint"]["Address"],
        "port": 5432,
        "dbname": "fckdoomscroll",
    }
    secret = f"{name}/database"
    target.client("secretsmanager").create_secret(Name=secret, SecretString=json.dumps(login))
    resources = {
        "aws_db_instance.database": {
            "id": made["DbiResourceId"],
            "identifier": name,
            "replicate_source_db": "",
            **(attributes or {}),
        },
        "aws_db_instance.database_replica": {"identifier": f"{name}-replica", "replicate_source_db": name},
        "aws_secretsmanager_secret.database_secret": {"id": secret, "name": secret},
        **(more or {}),
    }
    return WithDatabase(applied(STACK, resources, confirm=confirm), target, name)
