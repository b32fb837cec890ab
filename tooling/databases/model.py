"""A database as RDS tells of it now, found by what the stack's state holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.errors import Exit, ToolError
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack

INSTANCE = "aws_db_instance"
AVAILABLE = "available"
POLL_SECONDS = 10.0
# What never becomes available by itself: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
_LOST = frozenset(
    """deleting failed inaccessible-encryption-credentials inaccessible-encryption-credentials-recoverable
    incompatible-create incompatible-network incompatible-option-group incompatible-parameters incompatible-restore
    insufficient-capacity restore-error stopped storage-full""".split()
)


@dataclass(frozen=True)
class Database:
    """An instance that is no replica.

    Attributes:
        address: Of the resource in the state.
        identifier: Its name in RDS.
        region: Where it is.
        told: What ``DescribeDBInstances`` says.
    """

    address: str
    identifier: str
    region: str
    told: dict[str, Any]

    @property
    def status(self) -> str:
        return str(self.told["DBInstanceStatus"])

    @property
    def host(self) -> str:
        return str(self.told.get("Endpoint", {}).get("Address", ""))

    @property
    def port(self) -> int:
        return int(self.told.get("Endpoint", {}).get("Port", 0))

    @property
    def retention_days(self) -> int:
        return int(self.told.get("BackupRetentionPeriod") or 0)


def databases(live: LiveStack) -> tuple[LiveResource, ...]:
    """What the state holds of databases, without their replicas."""
    return tuple(one for one in live.of(INSTANCE) if not one.attributes.get("replicate_source_db"))


def find_database(live: LiveStack, name: str = "") -> Database:
    """The database of a stack.

    Args:
        live: The stack.
        name: Its identifier, where there are several.

    Raises:
        ToolError: There is none, or several and none is named.
    """
    found = [one for one in databases(live) if name in ("", str(one["identifier"]))]
    if len(found) != 1:
        names = ", ".join(str(one["identifier"]) for one in databases(live)) or "none"
        raise ToolError(
            f"there is no database '{name}'" if name else f"{len(found)} databases, one is expected",
            where=live.stack.name,
            hint=f"there are: {names}",
            exit_code=Exit.USAGE,
        )
    (one,) = found
    identifier = str(one["identifier"])
    with live.asking(f"the database {identifier}", hint="if it was deleted: docs/runbooks.md, 'The database is gone'"):
        told = describe(live.client("rds", one.region), identifier)
    return Database(one.address, identifier, one.region, told)


def describe(client: Any, identifier: str) -> dict[str, Any]:
    told: dict[str, Any] = client.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]
    return told


def wait_for_instance(
    live: LiveStack, client: Any, identifier: str, progress: StackProgress, sleep: Callable[[float], object]
) -> dict[str, Any]:
    """Wait until an instance is available; restoring one takes RDS minutes to hours, by its size.

    Raises:
        ToolError: It ended as something else.
    """
    with asking_aws(progress, hint=f"{identifier} is left as it is"):
        while (told := describe(client, identifier))["DBInstanceStatus"] != AVAILABLE:
            if told["DBInstanceStatus"] in _LOST:
                raise ToolError(f"{identifier} is {told['DBInstanceStatus']}", where=live.stack.name)
            progress.step(f"{identifier} is {told['DBInstanceStatus']}", 0)
            sleep(POLL_SECONDS)
    return told


def utc(when: datetime) -> datetime:
    """What boto3 tells has a zone; what the emulator's own records tell may have none."""
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
