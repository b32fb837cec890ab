"""Points in time as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tooling.errors import Exit, ToolError
from tooling.moments import moment, shown

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
        ("2026-11-20T10:00:00+02:00", "2026-11-20T08:00:00Z"),
        ("2026-11-20 10:00-08:00", "2026-11-20T18:00:00Z"),
        ("now", "2026-11-21T12:00:00Z"),
        ("30s ago", "2026-11-21T11:59:30Z"),
        ("90m ago", "2026-11-21T10:30:00Z"),
        (" 2h ago ", "2026-11-21T10:00:00Z"),
        ("2 H AGO", "2026-11-21T10:00:00Z"),
        ("1d ago", "2026-11-20T12:00:00Z"),
        ("1w ago", "2026-11-14T12:00:00Z"),
    ],
)
def test_a_time_is_absolute_with_its_zone_or_relative(text: str, expected: str) -> None:
    assert shown(moment(text, NOW)) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2h", "-2h ago", "2026-13-01T00:00:00Z", f"{'9' * 30}w ago"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ToolError, match="is no time") as caught:
        moment(text, NOW)

    assert caught.value.exit_code == Exit.USAGE


@pytest.mark.parametrize("text", ["2026-11-20T10:00:00", "2026-11-20"])
def test_a_time_without_a_zone_is_refused_since_it_means_another_one_elsewhere(text: str) -> None:
    with pytest.raises(ToolError, match="has no time zone") as caught:
        moment(text, NOW)

    assert "2026-11-21T10:00:00Z" in str(caught.value.hint)
