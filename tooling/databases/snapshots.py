"""Snapshots of databases that somebody asked for; they stay until somebody deletes them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.databases.model import AVAILABLE, POLL_SECONDS, databases, find_database, utc
from tooling.errors import Exit, ToolError
from tooling.live import LiveStack
from tooling.progress import StackProgress
from tooling.state import read_state

if TYPE_CHECKING:
    from tooling.changeset import Changeset
    from tooling.databases.model import Database
    from tooling.session import Session

TAG = "groundplan"
# Names that a message takes.
_SHOWN = 5


@dataclass(frozen=True)
class Snapshot:
    """One snapshot.

    Attributes:
        name: Its identifier.
        database: Identifier of what it is of.
        kind: ``manual`` or ``automated``.
        status: ``creating``, ``available`` ...
        taken: When; None while it is made.
        gib: Allocated storage.
    """

    name: str
    database: str
    kind: str
    status: str
    taken: datetime | None
    gib: int


def take_snapshot(
    live: LiveStack,
    database: Database,
    *,
    reason: str = "",
    wait: bool = True,
    sleep: Callable[[float], object] = time.sleep,
) -> Snapshot:
    """Take a snapshot of a database; it goes on working meanwhile.

    Args:
        live: The stack.
        database: Which.
        reason: What is about to be done; becomes a tag.
        wait: Until it can be restored from.
        sleep: For tests.

    Raises:
        ToolError: RDS refuses, or the snapshot failed.
    """
    client = live.client("rds", database.region)
    progress = StackProgress(live.session.progress, live.stack.name, "snapshot")
    name = f"{database.identifier}-{live.session.clock():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    tags = [{"Key": TAG, "Value": reason or "db snapshot"}]
    which = f"--env {live.stack.env} --stack {live.stack.architecture}"
    with asking_aws(progress, hint=f"is it available? groundplan db check {which}"):
        client.create_db_snapshot(DBInstanceIdentifier=database.identifier, DBSnapshotIdentifier=name, Tags=tags)
    with asking_aws(progress, hint=f"a snapshot that was begun goes on; groundplan db snapshots {which}"):
        found = _read(client, name)
        while wait and found.status != AVAILABLE:
            if found.status == "failed":
                raise ToolError(f"the snapshot {name} failed", where=live.stack.name)
            progress.step(f"{name} is {found.status}", 0)
            sleep(POLL_SECONDS)
            found = _read(client, name)
    progress.end(found.status)
    return found


def snapshots(live: LiveStack, database: Database) -> tuple[Snapshot, ...]:
    """Every snapshot of a database, the newest first."""
    pages = live.client("rds", database.region).get_paginator("describe_db_snapshots")
    with live.asking("snapshots"):
        found = [
            _snapshot(one)
            for page in pages.paginate(DBInstanceIdentifier=database.identifier)
            for one in page["DBSnapshots"]
        ]
    return tuple(sorted(found, key=lambda one: (str(one.taken), one.name), reverse=True))


def find_snapshot(live: LiveStack, database: Database, name: str) -> Snapshot:
    """One that a database can be restored from.

    Raises:
        ToolError: Exit 2: there is none of such a name, or it is of another database. Or it is still made.
    """
    there = snapshots(live, database)
    found = next((one for one in there if one.name == name), None)
    if found is None:
        raise ToolError(
            f"there is no snapshot '{name}' of {database.identifier}",
            where=live.stack.name,
            hint=f"there are: {', '.join(one.name for one in there[:_SHOWN]) or 'none'}",
            exit_code=Exit.USAGE,
        )
    if found.status != AVAILABLE:
        raise ToolError(f"the snapshot {name} is {found.status}", where=live.stack.name, hint="wait until it is not")
    return found


def snapshot_before(session: Session, changeset: Changeset) -> tuple[Snapshot, ...]:
    """Take a snapshot of every database that is there already, of the stacks that are about to be changed.

    Args:
        session: The run.
        changeset: What is about to be done; a stack that it leaves as it is needs no snapshot.

    Raises:
        ToolError: One could not be taken; those before it stay.
    """
    taken: list[Snapshot] = []
    changing = {part.architecture for part in changeset.stacks if any(part.changes.values())}
    reason = f"before {changeset.id}"
    for stack in session.stacks:
        state = read_state(session.target, session.config, stack) if stack.architecture in changing else None
        if state is not None:
            live = LiveStack(session, stack, state)
            found = [find_database(live, str(one["identifier"])) for one in databases(live)]
            taken += [take_snapshot(live, one, reason=reason) for one in found]
    return tuple(taken)


def _read(client: Any, name: str) -> Snapshot:
    return _snapshot(client.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"][0])


def _snapshot(told: dict[str, Any]) -> Snapshot:
    taken = told.get("SnapshotCreateTime")
    return Snapshot(
        told["DBSnapshotIdentifier"],
        told["DBInstanceIdentifier"],
        told.get("SnapshotType", ""),
        told["Status"],
        utc(taken) if taken else None,
        int(told.get("AllocatedStorage") or 0),
    )
