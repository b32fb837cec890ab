"""Lines of CloudWatch Logs, the newest ones of what is looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.moments import shown

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination

_LONGEST = 300
_PAGES = 10


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
        asked: dict[str, Any] = {"logGroupName": group, "logStreamName": stream, "limit": number}
        events: list[dict[str, Any]] = []
        for _ in range(_PAGES):
            try:
                answer = client.get_log_events(**asked, startFromHead=False)
            except client.exceptions.ResourceNotFoundException:
                return ()
            events = [*answer["events"], *events]
            # A page may be empty though there is more; the last one leads back to itself.
            if len(events) >= number or answer["nextBackwardToken"] == asked.get("nextToken"):
                break
            asked["nextToken"] = answer["nextBackwardToken"]
    return tuple(_line(event, stream) for event in events[-number:])


def matching(
    examination: Examination,
    group: str,
    region: str,
    *,
    age: timedelta,
    pattern: str,
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

    Raises:
        ToolError: There is no such group, or it may not be read.
    """
    found: list[Line] = []
    client = examination.client("logs", region)
    with examination.live.asking(f"the log {group}"):
        asked = {"logGroupName": group, "startTime": examination.since(age)}
        pages = client.get_paginator("filter_log_events").paginate(**asked, filterPattern=pattern)
        try:
            for page in pages:
                found += [_line(event, event["logStreamName"]) for event in page["events"] if wanted(event["message"])]
        except client.exceptions.ResourceNotFoundException as error:
            hint = f"put it back: groundplan plan {examination.command}, then apply"
            raise ToolError(f"the log group {group} is not there", hint=hint) from error
    found.sort(key=lambda line: line.when)
    return tuple(found[-number:]), len(found)


def _line(event: dict[str, object], stream: object) -> Line:
    when = datetime.fromtimestamp(int(str(event["timestamp"])) / 1000, UTC)
    return Line(when, str(stream), str(event["message"]))
