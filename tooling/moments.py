"""Points in time as people write them: ``2026-11-21T10:00:00Z``, ``2h ago``, ``now``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tooling.errors import Exit, ToolError

_AGO = re.compile(r"(\d+)\s*([smhdw])\s+ago")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str, now: datetime) -> datetime:
    """The point in time that ``text`` names, in UTC.

    >>> moment("90m ago", datetime(2026, 11, 21, 12, tzinfo=UTC)).isoformat()
    '2026-11-21T10:30:00+00:00'

    Raises:
        ToolError: Exit 2: it is no time, or one without a zone, which would mean another time elsewhere.
    """
    words = text.strip()
    if words.lower() == "now":
        return now
    try:
        if ago := _AGO.fullmatch(words.lower()):
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        found = datetime.fromisoformat(words)
    except (ValueError, OverflowError) as error:
        raise _unclear(f"'{text}' is no time") from error
    if found.tzinfo is None:
        raise _unclear(f"'{text}' has no time zone")
    return found.astimezone(UTC)


def age_ago(text: str, now: datetime) -> datetime:
    """The point in time that is an age ago, as ``30d`` or ``12h``.

    Raises:
        ToolError: Exit 2: it is no age.
    """
    words = f"{text.strip().lower()} ago"
    if not _AGO.fullmatch(words):
        raise ToolError(f"'{text}' is no age", hint="write 30d, 12h or 90m", exit_code=Exit.USAGE)
    return moment(words, now)


def shown(when: datetime) -> str:
    """As :func:`moment` takes it, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _unclear(what: str) -> ToolError:
    return ToolError(what, hint="write 2026-11-21T10:00:00Z, '2h ago' or now", exit_code=Exit.USAGE)
