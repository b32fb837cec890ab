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
from tooling.errors import ToolError
from tooling.live import LiveStack
from tooling.progress import StackProgress
from tooling.state import read_state

if TYPE_CHECKING:
    from tooling.databases.model import Database
    from tooling.session import Session

TAG = "groundplan"


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
    with asking_aws(
        progress, hint=f"a snapshot that was begun goes on; see groundplan db snapshots --env {live.stack.env}"
    ):
        client.create_db_snapshot(DBInstanceIdentifier=database.identifier, DBSnapshotIdentifier=name, Tags=tags)
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


def snapshot_stacks(session: Session, reason: str) -> tuple[Snapshot, ...]:
    """Take a snapshot of every database of the run's stacks that is there already, one after the other.

    Args:
        session: The run.
        reason: What is about to be done.

    Raises:
        ToolError: One could not be taken; those before it stay.
    """
    taken: list[Snapshot] = []
    for stack in session.stacks:
        state = read_state(session.target, session.config, stack)
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
