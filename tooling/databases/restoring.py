"""A database as it was at a moment, beside the one that is there.

Nothing is ever restored over a database: RDS makes a new instance, with what the old one has of network, parameters and
class. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.databases.model import utc, wait_for_instance
from tooling.databases.snapshots import TAG
from tooling.errors import Exit, ToolError
from tooling.moments import shown
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.databases.model import Database
    from tooling.live import LiveStack


@dataclass(frozen=True)
class Window:
    """What RDS can bring back: any moment from the first to the last."""

    first: datetime
    last: datetime


@dataclass(frozen=True)
class Restored:
    """A new instance.

    Attributes:
        identifier: Its name.
        host: Empty until it is available.
        seconds: How long it took to become available; 0 when nobody waited.
    """

    identifier: str
    host: str
    seconds: float


def find_window(live: LiveStack, database: Database) -> Window | None:
    """What can be brought back of a database; None: nothing yet, or it keeps no backups."""
    client = live.client("rds", database.region)
    with live.asking(f"backups of {database.identifier}"):
        backups = client.describe_db_instance_automated_backups(DBInstanceIdentifier=database.identifier)
    return window_of(backups["DBInstanceAutomatedBackups"], database.region) if database.retention_days else None


def restorable(live: LiveStack, database: Database) -> Window:
    """What can be brought back of a database.

    Raises:
        ToolError: Nothing: it keeps no backups.
    """
    window = find_window(live, database)
    if window is None:
        raise ToolError(
            f"{database.identifier} has no backups yet that could be restored",
            where=live.stack.name,
            hint=f"backups are kept for {database.retention_days} days; snapshots: groundplan db snapshots "
            f"--env {live.stack.env} --stack {live.stack.architecture}",
        )
    return window


def window_of(backups: Sequence[Mapping[str, Any]], region: str) -> Window | None:
    """What of these an instance that is there can be restored to, in its own region; None: nothing."""
    # Retained ones are of an earlier instance of the same name.
    found = [
        one["RestoreWindow"]
        for one in backups
        if one.get("RestoreWindow", {}).get("EarliestTime")
        and one.get("Region", region) == region
        and one.get("Status") != "retained"
    ]
    if not found:
        return None
    return Window(min(utc(one["EarliestTime"]) for one in found), max(utc(one["LatestTime"]) for one in found))


def check_moment(window: Window, to: datetime, where: str, retention_days: int) -> None:
    """Refuse a moment that is not kept.

    Raises:
        ToolError: Exit 2: it is before the first that is, or after the last.
    """
    kept = f"from {shown(window.first)} to {shown(window.last)}"
    if to < window.first:
        raise ToolError(
            f"{shown(to)} is older than what is kept: {kept}",
            where=where,
            hint=f"backups are kept for {retention_days} days; older: db restore --snapshot, see db snapshots",
            exit_code=Exit.USAGE,
        )
    if to > window.last:
        raise ToolError(
            f"{shown(to)} is after the last moment that is kept: {kept}",
            where=where,
            hint="RDS saves what happened every five minutes; --to latest takes the last moment",
            exit_code=Exit.USAGE,
        )


def new_name(database: Database, moment: datetime) -> str:
    """What a restored instance is called unless one says otherwise; RDS takes 63 characters."""
    return f"{database.identifier[:40].rstrip('-')}-at-{moment:%Y%m%d-%H%M%S}"


def restore(
    live: LiveStack,
    database: Database,
    name: str,
    *,
    moment: datetime | None = None,
    snapshot: str = "",
    wait: bool = True,
    protected: bool = True,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Restored:
    """Make a new instance of a database as it was.

    Args:
        live: The stack.
        database: What it is restored from.
        name: Of the new instance.
        moment: As of when; see :func:`check_moment`. Default: the last that there is.
        snapshot: Or from which snapshot.
        wait: Until it is available.
        protected: Whether the new instance is protected against its deletion.
        sleep, clock: For tests.

    Raises:
        ToolError: RDS refuses, as where the name is taken.
    """
    client = live.client("rds", database.region)
    progress = StackProgress(live.session.progress, live.stack.name, "restore")
    began = clock()
    same = {**_as_it_is(database), "DeletionProtection": protected}
    with asking_aws(progress, hint=f"{name}: see whether it was begun: aws rds describe-db-instances"):
        if snapshot:
            client.restore_db_instance_from_db_snapshot(
                DBInstanceIdentifier=name, DBSnapshotIdentifier=snapshot, **same
            )
        else:
            client.restore_db_instance_to_point_in_time(
                SourceDBInstanceIdentifier=database.identifier,
                TargetDBInstanceIdentifier=name,
                **({"RestoreTime": moment} if moment else {"UseLatestRestorableTime": True}),
                **same,
            )
    told = wait_for_instance(live, client, name, progress, sleep) if wait else {}
    progress.end(f"{name} is available" if wait else f"{name} was begun")
    host = str(told.get("Endpoint", {}).get("Address", ""))
    return Restored(name, host, round(clock() - began, 1) if wait else 0.0)


def origin(database: Database) -> dict[str, str]:
    return {"Key": TAG, "Value": f"restored from {database.identifier}"}


def _as_it_is(database: Database) -> dict[str, Any]:
    """What RDS would otherwise take from the account's defaults: network, parameters, zones; and its tags."""
    told = database.told
    tags = [one for one in told.get("TagList", []) if one["Key"] != TAG and not one["Key"].startswith("aws:")]
    groups = [one["VpcSecurityGroupId"] for one in told.get("VpcSecurityGroups", [])]
    parameters = [one["DBParameterGroupName"] for one in told.get("DBParameterGroups", [])]
    found = {
        "DBInstanceClass": told.get("DBInstanceClass"),
        "DBSubnetGroupName": told.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
        "VpcSecurityGroupIds": groups,
        "DBParameterGroupName": parameters[0] if parameters else None,
        "Tags": [*tags, origin(database)],
    }
    return {
        **{name: value for name, value in found.items() if value},
        "MultiAZ": False,
        "PubliclyAccessible": False,
        "CopyTagsToSnapshot": True,
    }
