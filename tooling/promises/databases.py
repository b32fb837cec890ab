"""Databases: available, out of the internet's reach, encrypted, backed up, protected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tooling.promises.promise import Answer, Promise, broken, kept, left_out, waiting

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack

_TYPES = ("aws_db_instance",)
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status
_ON_THEIR_WAY = frozenset(
    {
        *("backing-up", "configuring-enhanced-monitoring", "configuring-iam-database-auth", "configuring-log-exports"),
        *("creating", "maintenance", "modifying", "rebooting", "renaming", "resetting-master-credentials", "starting"),
        *("storage-config-upgrade", "storage-initialization", "storage-optimization", "upgrading"),
    }
)


def _described(live: LiveStack, database: LiveResource) -> dict[str, Any]:
    client = live.client("rds", database.region)
    found = client.describe_db_instances(DBInstanceIdentifier=database["identifier"])
    return dict(found["DBInstances"][0])


def available(live: LiveStack, database: LiveResource) -> Answer:
    status = _described(live, database)["DBInstanceStatus"]
    if status == "available":
        return kept(status)
    if status in _ON_THEIR_WAY:
        return waiting(status, next="wait, then ask again")
    name = database["identifier"]
    events = f"aws rds describe-events --source-type db-instance --source-identifier {name} --region {database.region}"
    return broken(status, means="nobody can connect", next=f"what happened: {events}")


def private(live: LiveStack, database: LiveResource) -> Answer:
    if _described(live, database)["PubliclyAccessible"]:
        return broken("publicly accessible", means="its name resolves to a public address")
    return kept("no public address")


def encrypted(live: LiveStack, database: LiveResource) -> Answer:
    return kept("encrypted") if _described(live, database)["StorageEncrypted"] else broken("storage is not encrypted")


def backed_up(live: LiveStack, database: LiveResource) -> Answer:
    if database.attributes.get("replicate_source_db"):
        return left_out("a replica: its source is backed up")
    days = int(_described(live, database)["BackupRetentionPeriod"])
    if days:
        return kept(f"{days} days")
    if not database.attributes.get("backup_retention_period"):
        return left_out("off by the stack's own settings")
    return broken("no automated backups", means="there is no point in time to go back to")


def protected(live: LiveStack, database: LiveResource) -> Answer:
    if _described(live, database).get("DeletionProtection"):
        return kept("deletion protection is on")
    if not database.attributes.get("deletion_protection"):
        return left_out("off by the stack's own settings")
    return broken("deletion protection is off", means="one call deletes the database")


PROMISES = (
    Promise("database-available", "databases are available", _TYPES, available),
    Promise("database-private", "databases have no public address", _TYPES, private),
    Promise("database-encrypted", "databases are encrypted", _TYPES, encrypted),
    Promise("database-backed-up", "databases are backed up", _TYPES, backed_up),
    Promise("database-protected", "databases are protected from deletion", _TYPES, protected),
)
