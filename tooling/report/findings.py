"""Findings in groups: one check, and one answer to it, is read once, with all the resources it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tooling.gate import Finding
    from tooling.report.facts import Facts


@dataclass(frozen=True)
class Item:
    """One resource of a group.

    Attributes:
        said: What is wrong on it, where that is more than the check's own sentence.
        place: ``file:line`` of its block.
        lines: The block, as numbered lines.
    """

    address: str
    said: str
    remark: str
    place: str
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Group:
    """One check, and who answers for it.

    Attributes:
        why: The reason of the waiver or of the broken glass; empty for findings that are open.
        answers: Who answers, until when, asked for by what.
    """

    severity: str
    check_id: str
    name: str
    source: str
    why: str
    answers: str
    items: tuple[Item, ...]
    open: bool = False

    @property
    def addresses(self) -> str:
        return " ".join(item.address for item in self.items)


def grouped(findings: Iterable[Finding], facts: Facts, *, opened: bool = False) -> tuple[Group, ...]:
    """By check and answer, in the order of the findings."""
    found: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.check_id, finding.waived_by, finding.glass), []).append(finding)
    return tuple(_group(alike, facts, opened) for alike in found.values())


def _group(findings: list[Finding], facts: Facts, opened: bool) -> Group:
    first = findings[0]
    why = answers = ""
    if first.waived_by is not None:
        waiver = first.waived_by
        why = waiver.reason
        answers = f"{waiver.asked_by}, {waiver.owner}, until {waiver.expires} ({waiver.where})"
    elif first.glass is not None:
        why = first.glass.reason
        answers = "broken for this changeset only"
    return Group(
        severity=first.severity.name,
        check_id=first.check_id,
        name=first.name,
        source=first.source,
        why=why,
        answers=answers,
        items=tuple(_item(finding, facts) for finding in findings),
        open=opened,
    )


def _item(finding: Finding, facts: Facts) -> Item:
    place = finding.declared_at
    start = place.rpartition(":")[2]
    first = int(start) if start.isdigit() else 1
    lines = tuple((first + index, line) for index, line in enumerate(facts.quoted.get(place, ())))
    said = finding.message if finding.message != finding.name else ""
    return Item(finding.address, said, finding.remark, place, lines)
