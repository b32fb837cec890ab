"""Copies of a stack's tables and databases that somebody asks for, beside those that are made by themselves."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.databases.model import databases, find_database, utc
from tooling.databases.snapshots import snapshots, take_snapshot
from tooling.errors import Exit, ToolError
from tooling.live import Finding, ok, warned
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack

TABLE = "aws_dynamodb_table"


@dataclass(frozen=True)
class Copy:
    """One copy that stays until somebody deletes it.

    Attributes:
        of: Table or database.
        kind: ``table`` or ``database``.
        name: Of the copy.
        id: What a restore is given: an ARN for a table, the name for a database.
        status: ``available`` once it can be restored from.
        taken: When.
    """

    of: str
    kind: str
    name: str
    id: str
    status: str
    taken: datetime | None


def keepers(live: LiveStack, only: Sequence[str] = ()) -> tuple[LiveResource, ...]:
    """What of a stack can be copied.

    Raises:
        ToolError: Exit 2: nothing, or nothing of such a name.
    """
    found = {_name(one): one for one in (*live.of(TABLE), *databases(live))}
    if unknown := [name for name in only if name not in found]:
        raise ToolError(
            f"there is no table or database '{unknown[0]}'",
            where=live.stack.name,
            hint=f"there are: {', '.join(sorted(found)) or 'none'}",
            exit_code=Exit.USAGE,
        )
    if not found:
        raise ToolError("has no table and no database to copy", where=live.stack.name, exit_code=Exit.USAGE)
    return tuple(one for name, one in sorted(found.items()) if name in only or not only)


def keep(live: LiveStack, of: Sequence[LiveResource]) -> tuple[Copy, ...]:
    """Copy each; a failure leaves the copies that were made before it."""
    return tuple(_copy_table(live, one) if one.type == TABLE else _copy_database(live, one) for one in of)


def kept(live: LiveStack, of: Sequence[LiveResource]) -> tuple[Copy, ...]:
    """Copies that somebody asked for, the newest of each first."""
    found: list[Copy] = []
    for one in of:
        if one.type == TABLE:
            found += _copies_of_table(live, one)
        else:
            database = find_database(live, _name(one))
            found += [
                Copy(database.identifier, "database", copy.name, copy.name, copy.status, copy.taken)
                for copy in snapshots(live, database)
                if copy.kind == "manual"
            ]
    return tuple(found)


def by_themselves(live: LiveStack, of: Sequence[LiveResource]) -> tuple[Finding, ...]:
    """What is kept without anybody asking: any moment of how many days."""
    return tuple(_of_table(live, one) if one.type == TABLE else _of_database(live, one) for one in of)


def _which(live: LiveStack) -> str:
    return f"--env {live.stack.env} --stack {live.stack.architecture}"


def _name(one: LiveResource) -> str:
    return str(one["name"] if one.type == TABLE else one["identifier"])


def _copy_table(live: LiveStack, one: LiveResource) -> Copy:
    name = f"{_name(one)[:200]}-{live.session.clock():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    progress = StackProgress(live.session.progress, live.stack.name, "backup")
    with asking_aws(progress, hint=f"what was made: groundplan backup list {_which(live)}"):
        made = live.client("dynamodb", one.region).create_backup(TableName=_name(one), BackupName=name)
    progress.end(name)
    return _table_copy(_name(one), made["BackupDetails"])


def _copy_database(live: LiveStack, one: LiveResource) -> Copy:
    taken = take_snapshot(live, find_database(live, _name(one)), reason="backup create")
    return Copy(taken.database, "database", taken.name, taken.name, taken.status, taken.taken)


def _copies_of_table(live: LiveStack, one: LiveResource) -> list[Copy]:
    client, found = live.client("dynamodb", one.region), []
    asked: dict[str, Any] = {"TableName": _name(one), "BackupType": "USER"}
    with live.asking(f"backups of {_name(one)}"):
        while True:
            answer = client.list_backups(**asked)
            found += [_table_copy(_name(one), each) for each in answer["BackupSummaries"]]
            if not answer.get("LastEvaluatedBackupArn"):
                return sorted(found, key=lambda copy: (str(copy.taken), copy.name), reverse=True)
            asked["ExclusiveStartBackupArn"] = answer["LastEvaluatedBackupArn"]


def _table_copy(table: str, told: dict[str, Any]) -> Copy:
    return Copy(
        table,
        "table",
        told["BackupName"],
        told["BackupArn"],
        told["BackupStatus"].lower(),
        utc(told["BackupCreationDateTime"]),
    )


def _of_table(live: LiveStack, one: LiveResource) -> Finding:
    client = live.client("dynamodb", one.region)
    with live.asking(f"backups of {_name(one)}"):
        told = client.describe_continuous_backups(TableName=_name(one))["ContinuousBackupsDescription"]
    found = told["PointInTimeRecoveryDescription"]
    if found["PointInTimeRecoveryStatus"] == "ENABLED":
        days = found.get("RecoveryPeriodInDays", 35)
        return ok(_name(one), f"any moment of the last {days} days", address=one.address)
    return _nothing(live, one)


def _of_database(live: LiveStack, one: LiveResource) -> Finding:
    database = find_database(live, _name(one))
    if days := database.retention_days:
        return ok(_name(one), f"any moment of the last {days} days", address=one.address)
    return _nothing(live, one)


def _nothing(live: LiveStack, one: LiveResource) -> Finding:
    return warned(
        _name(one),
        "nothing is kept by itself",
        means="what is deleted by mistake is gone but for the copies below",
        next=f"groundplan backup create {_which(live)}",
        address=one.address,
    )
