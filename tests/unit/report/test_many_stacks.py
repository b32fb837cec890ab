"""A report of many stacks: read one after the other, and none of them kept."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.support.report_plans import large_plan
from tests.support.reports import report_of, report_stack
from tooling.report import ReportData, ReportStack, html, markdown
from tooling.report.writing import write_reports

RESOURCES = 15
# Of a stack of so many resources: its line in the contents, in the tables and in the lists of what was left out.
MOST_KEPT_BYTES = 4_000


@dataclass
class OneByOne:
    """Stacks that are made when it is their turn, and looked for again when it is the next one's."""

    count: int
    are_looked_for: bool = True
    most_alive: int = 0

    def __iter__(self) -> Iterator[ReportStack]:
        made: list[weakref.ref[ReportStack]] = []
        for number in range(self.count):
            made.append(weakref.ref(stack := a_stack(number)))
            if self.are_looked_for:
                gc.collect()
                self.most_alive = max(self.most_alive, sum(each() is not None for each in made))
            yield stack


def a_stack(number: int) -> ReportStack:
    return report_stack(large_plan(RESOURCES), name=f"dev/cell-{number:03}")


def data_of(stacks: OneByOne) -> ReportData:
    parts = report_of(*(a_stack(number) for number in range(stacks.count)))
    return replace(parts, stacks=stacks)


def test_a_stack_is_gone_when_the_next_but_one_is_read(tmp_path: Path) -> None:
    stacks = OneByOne(6)

    write_reports(data_of(stacks), tmp_path)

    # The one before is still in the hands of whoever asks for the next.
    assert stacks.most_alive == 2


def test_what_is_written_of_stacks_one_by_one_is_what_is_told_of_all_at_once(tmp_path: Path) -> None:
    at_once = report_of(*(a_stack(number) for number in range(6)))

    write_reports(data_of(OneByOne(6)), tmp_path)

    assert (tmp_path / "report.html").read_text(encoding="utf-8") == html(at_once)
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == markdown(at_once)


def test_the_memory_of_a_report_does_not_grow_with_its_pages(tmp_path: Path) -> None:
    def most_bytes(count: int) -> int:
        data = data_of(OneByOne(count, are_looked_for=False))
        gc.collect()
        tracemalloc.start()
        try:
            write_reports(data, tmp_path)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most_bytes(2)
    few, many = most_bytes(25), most_bytes(50)

    page = (tmp_path / "report.html").stat().st_size
    assert page / 50 > 10 * MOST_KEPT_BYTES
    assert (many - few) / 25 < MOST_KEPT_BYTES


def test_a_stack_goes_by_itself_and_leaves_no_rings_for_the_collector(tmp_path: Path) -> None:
    def rings(count: int) -> int:
        """Objects that keep each other alive once the reports are written."""
        data = data_of(OneByOne(count, are_looked_for=False))
        gc.collect()
        gc.disable()
        try:
            write_reports(data, tmp_path)
            return gc.collect()
        finally:
            gc.enable()

    rings(2)
    assert rings(9) == rings(3)
