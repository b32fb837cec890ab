"""Lines of CloudWatch Logs, the newest ones of what is looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tooling.moments import shown

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination

_LONGEST = 300


@dataclass(frozen=True)
class Line:
    """One line of a log."""

    when: datetime
    stream: str
    text: str

    def __str__(self) -> str:
        text = " ".join(self.text.split())
        return f"{shown(self.when)} {text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}"


def last_lines(examination: Examination, group: str, stream: str, number: int, region: str) -> tuple[Line, ...]:
    """The last lines of one stream; none when the stream or its group is not there."""
    client = examination.client("logs", region)
    with examination.live.asking(f"the log {group}"):
        try:
            answer = client.get_log_events(logGroupName=group, logStreamName=stream, limit=number, startFromHead=False)
        except client.exceptions.ResourceNotFoundException:
            return ()
    return tuple(_line(event, stream) for event in answer["events"])[-number:]


def matching(
    examination: Examination,
    group: str,
    region: str,
    *,
    age: timedelta,
    pattern: str = "",
    wanted: Callable[[str], bool],
    number: int,
) -> tuple[tuple[Line, ...], int]:
    """The newest lines that are wanted, and how many there are.

    Args:
        examination: The stack.
        group: Name of the log group.
        region: Where it is.
        age: How far back.
        pattern: What CloudWatch Logs is to choose by; may find more than is wanted.
        wanted: Tells of a line whether it is meant.
        number: How many lines to give.
    """
    found: list[Line] = []
    with examination.live.asking(f"the log {group}"):
        pages = examination.client("logs", region).get_paginator("filter_log_events")
        asked = {"logGroupName": group, "startTime": examination.since(age)}
        for page in pages.paginate(**asked, **({"filterPattern": pattern} if pattern else {})):
            found += [_line(event, event["logStreamName"]) for event in page["events"] if wanted(event["message"])]
    found.sort(key=lambda line: line.when)
    return tuple(found[-number:]), len(found)


def _line(event: dict[str, object], stream: object) -> Line:
    when = datetime.fromtimestamp(int(str(event["timestamp"])) / 1000, UTC)
    return Line(when, str(stream), str(event["message"]))
