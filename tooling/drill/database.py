"""What happens when a database's zone is lost, tried on the real one: the standby takes over, and how long that takes.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tooling.aws_calls import asking_aws
from tooling.databases.model import AVAILABLE, describe
from tooling.drill.rehearsal import Rehearsal, wait_until
from tooling.errors import Exit, ToolError
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.databases.model import Database
    from tooling.live import LiveStack

# What the document promises, in seconds (FD-DR-07).
PROMISED = 180.0


def check_standby(live: LiveStack, database: Database) -> None:
    """Refuse what would only be an outage.

    Raises:
        ToolError: There is no standby, or it is not a good moment.
    """
    if not database.told.get("MultiAZ"):
        raise ToolError(
            f"{database.identifier} has no standby: nothing would take over",
            where=live.stack.name,
            hint="set multi_az = true and apply, or try the way back: groundplan db restore-test",
            exit_code=Exit.USAGE,
        )
    if database.status != AVAILABLE:
        raise ToolError(
            f"{database.identifier} is {database.status}", where=live.stack.name, hint="wait until it is not"
        )


def drill_database(
    live: LiveStack,
    database: Database,
    *,
    limit: float = 900.0,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Rehearsal:
    """Reboot a database with failover and measure until it is available in the other zone.

    As RDS tells of it: the other zone is shown some time after the standby serves, so what is measured is the most that
    it took.

    Args:
        live: The stack.
        database: Which; see :func:`check_standby`.
        limit: Seconds after which it counts as failed.
        sleep, clock: For tests.

    Raises:
        ToolError: RDS refuses, or it did not come back within the limit.
    """
    client = live.client("rds", database.region)
    progress = StackProgress(live.session.progress, live.stack.name, "failover")
    before = str(database.told.get("AvailabilityZone"))
    seen = before

    def back() -> bool:
        nonlocal seen
        told = describe(client, database.identifier)
        seen = str(told.get("AvailabilityZone"))
        progress.step(f"{database.identifier} is {told['DBInstanceStatus']} in {seen}", 0)
        return told["DBInstanceStatus"] == AVAILABLE and seen != before

    check = f"groundplan db check --env {live.stack.env} --stack {live.stack.architecture}"
    with asking_aws(progress, hint=f"nothing was begun; {check}"):
        began = clock()
        client.reboot_db_instance(DBInstanceIdentifier=database.identifier, ForceFailover=True)
    with asking_aws(progress, hint=f"the failover of {database.identifier} goes on; {check}"):
        seconds = wait_until(back, began, limit, sleep, clock, f"{database.identifier} in another zone than {before}")
    progress.end(f"in {seen} after {seconds:.0f} s")
    return Rehearsal(database.identifier, f"from {before} to {seen}", seconds, PROMISED)
