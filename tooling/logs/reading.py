"""What log groups say: once, or as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tooling.live import LiveStack
    from tooling.logs.groups import LogGroup

_POLL_SECONDS = 2.0
# Lines of several streams do not arrive in the order in which they were written.
_LATE = timedelta(seconds=15)


@dataclass(frozen=True)
class LogEvent:
    """One line of a log.

    Attributes:
        id: CloudWatch's.
        when: As whoever wrote it said.
        stream: Which instance, task or environment wrote it.
        message: What it says, without the end of the line.
    """

    id: str
    when: datetime
    stream: str
    message: str


def read_events(
    live: LiveStack, group: LogGroup, since: datetime, until: datetime | None = None, pattern: str = ""
) -> Iterator[LogEvent]:
    """The lines of a period, oldest first.

    Args:
        live: The stack.
        group: Its log group.
        since: Time of the first.
        until: Time after the last. Default: all that there are.
        pattern: Only lines that match it, in CloudWatch's words.
            https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html

    Raises:
        ToolError: CloudWatch refuses, or the group is gone.
    """
    asked: dict[str, object] = {"logGroupName": group.name, "startTime": _milliseconds(since)}
    if until is not None:
        asked["endTime"] = _milliseconds(until)
    if pattern:
        asked["filterPattern"] = pattern
    with live.asking(f"reading {group.name}"):
        pages = live.client("logs", group.region).get_paginator("filter_log_events").paginate(**asked)
        for page in pages:
            for one in page["events"]:
                when = datetime.fromtimestamp(one["timestamp"] / 1000, UTC)
                yield LogEvent(one["eventId"], when, one.get("logStreamName", ""), one["message"].rstrip("\n"))


def follow_events(
    live: LiveStack,
    group: LogGroup,
    since: datetime,
    pattern: str = "",
    *,
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[LogEvent]:
    """The lines since a time and every later one as it comes, each once, until somebody stops it.

    Raises:
        ToolError: See :func:`read_events`.
    """
    told: dict[str, datetime] = {}
    while True:
        for event in read_events(live, group, since, pattern=pattern):
            if event.id not in told:
                told[event.id] = event.when
                yield event
        since = max([since, *(when - _LATE for when in told.values())])
        told = {identifier: when for identifier, when in told.items() if when >= since}
        sleep(_POLL_SECONDS)


def _milliseconds(when: datetime) -> int:
    return int(when.timestamp() * 1000)
