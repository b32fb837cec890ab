"""The test that a database's backups can be restored: done, looked at, and deleted again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.databases.model import POLL_SECONDS, describe
from tooling.databases.restoring import origin, restorable, restore
from tooling.errors import ToolError
from tooling.live import Finding, failed, ok
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.databases.model import Database
    from tooling.live import LiveStack

_TEST = "-restore-test"


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
        ToolError: It could not be restored, or not be deleted; or an instance of its name is no test's.
    """
    client = live.client("rds", database.region)
    name = f"{database.identifier[: 63 - len(_TEST)].rstrip('-')}{_TEST}"
    moment = restorable(live, database).last
    _require_ours(live, client, name, database)
    _delete(live, client, name, sleep)
    try:
        restored = restore(live, database, name, protected=False, sleep=sleep, clock=clock)
        with live.asking(f"the restored {name}"):
            told = describe(client, name)
        findings = tuple(compare(database, told))
    finally:
        _delete(live, client, name, sleep)
    return RestoreTest(database.identifier, moment, restored.seconds, findings)


def _require_ours(live: LiveStack, client: Any, name: str, database: Database) -> None:
    """What a test restored says so in a tag; another instance of that name has somebody's data in it."""
    with live.asking(f"the instance {name}"):
        try:
            told = describe(client, name)
        except client.exceptions.DBInstanceNotFoundFault:
            return
    if origin(database) not in told.get("TagList", []):
        raise ToolError(
            f"the instance {name} is there, and no restore test made it",
            where=live.stack.name,
            hint="the test deletes what has that name: rename it, or delete it if nobody needs it",
        )


def compare(database: Database, told: dict[str, Any]) -> list[Finding]:
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
