"""A database as it was at a moment, beside the one that is there; and the test that this works.

Nothing is ever restored over a database: RDS makes a new instance, with what the old one has of network, parameters and
class. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.databases.model import POLL_SECONDS, describe, utc, wait_for_instance
from tooling.errors import Exit, ToolError
from tooling.live import Finding, failed, ok
from tooling.moments import shown
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.databases.model import Database
    from tooling.live import LiveStack

_TEST = "-restore-test"
_PURPOSE = "groundplan"


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
        moment: What it is as of.
        seconds: How long it took to become available; 0 when nobody waited.
    """

    identifier: str
    host: str
    moment: datetime
    seconds: float


@dataclass(frozen=True)
class RestoreTest:
    """How a test of the backups ended.

    Attributes:
        database: What was restored.
        moment: As of when.
        seconds: From the call until the restored instance was available.
        findings: What was looked at in it.
    """

    database: str
    moment: datetime
    seconds: float
    findings: tuple[Finding, ...]


def restorable(live: LiveStack, database: Database) -> Window:
    """What can be brought back of a database.

    Raises:
        ToolError: Nothing: it keeps no backups.
    """
    client = live.client("rds", database.region)
    with live.asking(f"backups of {database.identifier}"):
        backups = client.describe_db_instance_automated_backups(DBInstanceIdentifier=database.identifier)
    windows = [
        one["RestoreWindow"]
        for one in backups["DBInstanceAutomatedBackups"]
        if one.get("RestoreWindow", {}).get("EarliestTime") and one.get("Region", database.region) == database.region
    ]
    if not database.retention_days or not windows:
        raise ToolError(
            f"{database.identifier} has no backups yet that could be restored",
            where=live.stack.name,
            hint=f"backups are kept for {database.retention_days} days; snapshots: groundplan db snapshots",
        )
    return Window(min(utc(one["EarliestTime"]) for one in windows), max(utc(one["LatestTime"]) for one in windows))


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
    return Restored(name, host, moment or live.session.clock(), round(clock() - began, 1) if wait else 0.0)


def restore_test(
    live: LiveStack,
    database: Database,
    *,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> RestoreTest:
    """Restore the newest moment into an instance of its own, look at it, delete it, whatever came of it.

    An instance that an earlier test left behind, as when it was killed, is deleted first.

    Raises:
        ToolError: It could not be restored, or not be deleted.
    """
    client = live.client("rds", database.region)
    name = f"{database.identifier[: 63 - len(_TEST)].rstrip('-')}{_TEST}"
    _delete(live, client, name, sleep)
    moment = restorable(live, database).last
    try:
        restored = restore(live, database, name, protected=False, sleep=sleep, clock=clock)
        with live.asking(f"the restored {name}"):
            told = describe(client, name)
        findings = tuple(_compare(database, told))
    finally:
        _delete(live, client, name, sleep)
    return RestoreTest(database.identifier, moment, restored.seconds, findings)


def _as_it_is(database: Database) -> dict[str, Any]:
    """What RDS would otherwise take from the account's defaults: network, parameters, zones."""
    told = database.told
    groups = [one["VpcSecurityGroupId"] for one in told.get("VpcSecurityGroups", [])]
    parameters = [one["DBParameterGroupName"] for one in told.get("DBParameterGroups", [])]
    found = {
        "DBInstanceClass": told.get("DBInstanceClass"),
        "DBSubnetGroupName": told.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
        "VpcSecurityGroupIds": groups,
        "DBParameterGroupName": parameters[0] if parameters else None,
        "Tags": [{"Key": _PURPOSE, "Value": f"restored from {database.identifier}"}],
    }
    return {
        **{name: value for name, value in found.items() if value},
        "MultiAZ": False,
        "PubliclyAccessible": False,
        "CopyTagsToSnapshot": True,
    }


def _compare(database: Database, told: dict[str, Any]) -> list[Finding]:
    """What a restored instance has to have of its source, as far as RDS tells."""
    said = [
        ("status", "DBInstanceStatus", "available"),
        ("engine", "Engine", database.told.get("Engine")),
        ("database in it", "DBName", database.told.get("DBName")),
        ("owner", "MasterUsername", database.told.get("MasterUsername")),
        ("encryption", "StorageEncrypted", database.told.get("StorageEncrypted")),
        ("open to the internet", "PubliclyAccessible", False),
    ]
    found = [
        ok(name, str(told.get(key)), rows=("FD-DR-03",))
        if told.get(key) == expected
        else failed(name, f"{told.get(key)}, expected {expected}", rows=("FD-DR-03",))
        for name, key, expected in said
    ]
    had, has = int(database.told.get("AllocatedStorage") or 0), int(told.get("AllocatedStorage") or 0)
    found.append(ok("storage", f"{has} GiB") if has >= had else failed("storage", f"{has} GiB, it had {had}"))
    return found


def _delete(live: LiveStack, client: Any, name: str, sleep: Callable[[float], object]) -> None:
    """Delete an instance that this test made, and wait until it is gone; only ever one of a test's name."""
    progress = StackProgress(live.session.progress, live.stack.name, "delete")
    with asking_aws(progress, hint=f"the instance {name} may be left, and costs: delete it, or run the test again"):
        while (status := _status(client, name)) is not None:
            if status != "deleting":
                client.delete_db_instance(
                    DBInstanceIdentifier=name, SkipFinalSnapshot=True, DeleteAutomatedBackups=True
                )
            progress.step(f"{name} is deleted", 0)
            if _status(client, name) is not None:
                sleep(POLL_SECONDS)


def _status(client: Any, name: str) -> str | None:
    """None when there is no such instance."""
    try:
        return str(describe(client, name)["DBInstanceStatus"])
    except client.exceptions.DBInstanceNotFoundFault:
        return None
