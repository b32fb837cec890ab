"""Tables: recoverable to a point in time, protected from deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept, left_out, nested

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def recoverable(live: LiveStack, table: LiveResource) -> Answer:
    answer = live.client("dynamodb", table.region).describe_continuous_backups(TableName=table["name"])
    recovery = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") == "ENABLED":
        return kept("recovery to a point in time is on")
    if not nested(table, "point_in_time_recovery", "enabled"):
        return left_out("off by the stack's own settings")
    return broken("recovery to a point in time is off", means="what is deleted or overwritten now is lost")


def protected(live: LiveStack, table: LiveResource) -> Answer:
    found = live.client("dynamodb", table.region).describe_table(TableName=table["name"])["Table"]
    if found.get("DeletionProtectionEnabled"):
        return kept("deletion protection is on")
    if not table.attributes.get("deletion_protection_enabled"):
        return left_out("off by the stack's own settings")
    return broken("deletion protection is off", means="one call deletes the table")


PROMISES = (
    Promise("table-recoverable", "tables can be brought back to any second", ("aws_dynamodb_table",), recoverable),
    Promise("table-protected", "tables are protected from deletion", ("aws_dynamodb_table",), protected),
)
