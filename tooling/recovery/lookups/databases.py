"""RDS."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import each
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_db_instance")
@needs("identifier")
def _database(wanted: Wanted) -> Iterator[Found]:
    # The id is none of those that one chooses: it never changes, even if the identifier does.
    asked = {"DBInstanceIdentifier": wanted.values["identifier"]}
    for database in each(wanted.client("rds"), "describe_db_instances", "DBInstances", **asked):
        if database["DBInstanceStatus"] != "deleting":
            # The time is told once the database is up.
            created = database.get("InstanceCreateTime")
            yield Found(database["DbiResourceId"], tags_in(database.get("TagList")), created)


@finds("aws_db_parameter_group")
@needs("name")
def _parameter_group(wanted: Wanted) -> Iterator[Found]:
    asked = {"DBParameterGroupName": wanted.values["name"]}
    for group in each(wanted.client("rds"), "describe_db_parameter_groups", "DBParameterGroups", **asked):
        yield Found(group["DBParameterGroupName"], _tags(wanted, group["DBParameterGroupArn"]))


@finds("aws_db_subnet_group")
@needs("name")
def _subnet_group(wanted: Wanted) -> Iterator[Found]:
    asked = {"DBSubnetGroupName": wanted.values["name"]}
    for group in each(wanted.client("rds"), "describe_db_subnet_groups", "DBSubnetGroups", **asked):
        yield Found(group["DBSubnetGroupName"], _tags(wanted, group["DBSubnetGroupArn"]))


@finds("aws_db_instance_automated_backups_replication")
@needs("source_db_instance_arn")
def _replicated_backups(wanted: Wanted) -> Iterator[Found]:
    source, kind = wanted.values["source_db_instance_arn"], "DBInstanceAutomatedBackups"
    for backup in each(wanted.client("rds"), "describe_db_instance_automated_backups", kind):
        if backup.get("DBInstanceArn") == source:
            yield Found(backup["DBInstanceAutomatedBackupsArn"], within=True)


def _tags(wanted: Wanted, arn: str) -> dict[str, str]:
    return tags_in(wanted.client("rds").list_tags_for_resource(ResourceName=arn)["TagList"])
