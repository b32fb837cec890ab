"""A state that was put together again is compared with reality, which does not stand still."""

from __future__ import annotations

from typing import Any

import pytest

from tooling.recovery.storing import moved_in

DATABASE = {"id": "db-1", "latest_restorable_time": "2026-11-21T10:00:00Z", "multi_az": True}


def drift(before: Any, after: Any, kind: str = "aws_db_instance") -> dict[str, Any]:
    change = {"actions": ["update"], "before": before, "after": after}
    return {"resource_drift": [{"address": f"{kind}.it", "type": kind, "change": change}]}


def test_what_aws_moves_by_itself_all_the_time_does_not_count() -> None:
    later = {**DATABASE, "latest_restorable_time": "2026-11-21T10:05:00Z"}

    assert moved_in(drift(DATABASE, later)) == []
    assert moved_in({}) == []


@pytest.mark.parametrize(
    "after",
    [
        {**DATABASE, "latest_restorable_time": "2026-11-21T10:05:00Z", "multi_az": False},
        {"id": "db-1", "latest_restorable_time": "2026-11-21T10:05:00Z"},
        DATABASE,
        None,
    ],
    ids=["something else too", "something is gone", "what is sensitive", "all of it is gone"],
)
def test_anything_else_does(after: Any) -> None:
    assert moved_in(drift(DATABASE, after)) == ["aws_db_instance.it"]


def test_nor_does_it_excuse_another_type() -> None:
    later = {**DATABASE, "latest_restorable_time": "2026-11-21T10:05:00Z"}

    assert moved_in(drift(DATABASE, later, "aws_x")) == ["aws_x.it"]
