"""Log groups: kept for a time that somebody chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept, left_out

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def retained(live: LiveStack, group: LiveResource) -> Answer:
    name = group["name"]
    # In the order of their names: the one that is meant comes before those that only begin like it.
    found = live.client("logs", group.region).describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    entry = next((one for one in found if one["logGroupName"] == name), None)
    if entry is None:
        return broken(
            "the log group is gone", means="its logs are lost, and what writes next makes it anew, kept for ever"
        )
    if days := entry.get("retentionInDays"):
        return kept(f"{days} days")
    if not group.attributes.get("retention_in_days"):
        return left_out("kept for ever by the stack's own settings")
    return broken("kept for ever", means="every line is paid for each month")


PROMISES = (Promise("logs-retained", "logs are kept for a set time", ("aws_cloudwatch_log_group",), retained),)
