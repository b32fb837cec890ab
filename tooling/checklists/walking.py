"""Looking at every item of a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tooling.checklists.looks import LOOKS, Given
from tooling.errors import ToolError
from tooling.live import FAILED, MANUAL, OK, SKIPPED, WARNED, Finding, failed, ok

if TYPE_CHECKING:
    from tooling.checklists.confirming import Confirmations
    from tooling.checklists.model import Checklist, Item
    from tooling.live import LiveStack

__all__ = ["Given", "Ticked", "unticked", "walk"]
# The worst answer of several looks is the item's.
_WORST_FIRST = (FAILED, WARNED, MANUAL, SKIPPED, OK)
_NO_TICK = (FAILED, WARNED, MANUAL)


@dataclass(frozen=True)
class Ticked:
    """One item and what was seen.

    Attributes:
        item: The item.
        finding: Its answer.
        parts: What it rests on; the answers that are not well come first.
    """

    item: Item
    finding: Finding
    parts: tuple[Finding, ...] = ()

    @property
    def also_bad(self) -> tuple[Finding, ...]:
        """What keeps it from a tick beside what its answer names."""
        return tuple(part for part in self.parts[1:] if part.status in _NO_TICK)


def walk(live: LiveStack, checklist: Checklist, confirmations: Confirmations, given: Given) -> Iterator[Ticked]:
    """Each item as it is looked at, in the list's order.

    Args:
        live: The stack.
        checklist: Its list.
        confirmations: What people said of its manual items.
        given: What the user gave for requests from outside.
    """
    for item in checklist.items:
        yield _confirmed(item, confirmations) if item.manual else _looked_at(live, item, given)


def unticked(found: Iterable[Ticked]) -> list[str]:
    """Rows that keep from production: failed, waiting for something, or not confirmed."""
    return [one.item.row for one in found if one.finding.status in _NO_TICK]


def _confirmed(item: Item, confirmations: Confirmations) -> Ticked:
    said = confirmations.all.get(item.row)
    if said is None:
        saw = f"nobody has confirmed it: {item.manual}"
        step = f"then --confirm {item.row} --by '<your name>'"
        return Ticked(item, Finding(item.says, MANUAL, saw, next=step, rows=(item.row,)))
    note = f" ({said.note})" if said.note else ""
    return Ticked(item, ok(item.says, f"confirmed by {said.name} at {said.at}{note}", rows=(item.row,)))


def _looked_at(live: LiveStack, item: Item, given: Given) -> Ticked:
    parts: list[Finding] = []
    for name, each in LOOKS.items():
        if not getattr(item, name):
            continue
        try:
            parts += each(live, item, given)
        except ToolError as error:
            parts.append(failed(name, str(error), next=error.hint or ""))
    parts.sort(key=lambda part: _WORST_FIRST.index(part.status))
    worst = parts[0]
    saw = worst.saw if worst.status != OK else "; ".join(dict.fromkeys(_short(part) for part in parts))
    return Ticked(item, Finding(item.says, worst.status, saw, worst.means, worst.next, rows=(item.row,)), tuple(parts))


def _short(part: Finding) -> str:
    return f"{part.name}: {part.saw}"
