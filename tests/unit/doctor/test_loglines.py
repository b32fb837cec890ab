"""The last lines of a log, and lines that are looked for, over pages of CloudWatch Logs."""

from __future__ import annotations

from typing import Any, cast

from tests.unit.doctor.conftest import Patient
from tooling.doctor.loglines import last_lines
from tooling.target import Target


class Pages:
    """CloudWatch Logs, whose newest page is empty, as it may be."""

    class exceptions:
        class ResourceNotFoundException(Exception):
            pass

    def __init__(self) -> None:
        self.asked: list[object] = []

    def client(self, service: str, region: str | None = None) -> Pages:
        assert (service, region) == ("logs", "us-east-1")
        return self

    def get_log_events(self, **options: Any) -> dict[str, Any]:
        self.asked.append(options.get("nextToken"))
        page = {None: ("b/2", []), "b/2": ("b/1", [2, 3]), "b/1": ("b/1", [1])}[options.get("nextToken")]
        events = [{"timestamp": number * 1000, "message": f"line {number}"} for number in page[1]]
        return {"events": events, "nextBackwardToken": page[0]}


def test_the_last_lines_are_found_behind_an_empty_page(patient: Patient) -> None:
    pages = Pages()
    examination = patient.examination({}, target=cast("Target", pages))

    found = last_lines(examination, "group", "stream", 5, "us-east-1")

    assert [line.text for line in found] == ["line 1", "line 2", "line 3"]
    assert pages.asked == [None, "b/2", "b/1"]


def test_no_more_pages_are_read_than_it_takes(patient: Patient) -> None:
    pages = Pages()
    examination = patient.examination({}, target=cast("Target", pages))

    found = last_lines(examination, "group", "stream", 1, "us-east-1")

    assert [line.text for line in found] == ["line 3"]
    assert pages.asked == [None, "b/2"]
