"""Drift as Markdown for an issue or a comment: within its size limit, what was changed by hand first. No secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tooling.drift.words import MEANINGS, in_words, move_in_words, moved_in_words, summary_of
from tooling.report.markdown import LIMIT
from tooling.report.markup import code, prose
from tooling.report.words import moment

if TYPE_CHECKING:
    from tooling.drift.model import DriftedResource, DriftReport, StackDrift

_FOR_THE_NOTE = 300
_MOST_ATTRIBUTES = 14


def markdown(report: DriftReport, limit: int = LIMIT) -> str:
    """The report in at most ``limit`` bytes; what is left out is counted."""
    text = "\n".join(_top(report)) + "\n"
    room = limit - _FOR_THE_NOTE - len(text.encode())
    parts, left_out = [text], 0
    for stack in report.stacks:
        head = f"\n## {code(stack.name)}\n\n{prose(in_words(stack))}\n\n"
        for piece, counted in _pieces(stack):
            block = f"{head}{piece}\n"
            size = len(block.encode())
            if size > room:
                left_out += counted
                continue
            parts.append(block)
            room -= size
            head = ""
    if left_out:
        parts.append(
            f"\n> **Left out for the size limit:** {left_out} resources. All: {code('groundplan drift --json')}\n"
        )
    return "".join(parts)


def _top(report: DriftReport) -> Iterator[str]:
    word = "drift" if report.drifted else "no drift"
    yield f"# Drift of {code(report.env)}: {'**' + word + '**' if report.drifted else word}"
    yield ""
    yield prose(summary_of(report))
    yield ""
    yield f"- {prose(report.account)}; looked at {moment(report.looked)}"
    for failed in report.failed:
        yield f"- {code(failed.name)} **was not looked at:** {prose(failed.why)}"
    if any(report.counts.values()):
        yield ""
        yield "| moved | resources | means |"
        yield "|---|---:|---|"
        for mover, count in report.counts.items():
            if count:
                yield f"| {mover} | {count} | {prose(MEANINGS[mover])} |"


def _pieces(stack: StackDrift) -> Iterator[tuple[str, int]]:
    """What there is to say of a stack that has anything, whole pieces, and how many resources are in each."""
    for line in moved_in_words(stack):
        yield f"- **{prose(line)}**", 0
    for resource in stack.resources:
        yield "\n".join(_resource(resource)), 1
    if stack.outputs:
        yield f"- outputs that a plan would change: {', '.join(code(name) for name in stack.outputs)}", 0
    for note in stack.notes:
        yield f"- {prose(note)}", 0


def _resource(resource: DriftedResource) -> Iterator[str]:
    place = f" ({code(resource.declared_at)})" if resource.declared_at else ""
    yield f"- {code(resource.address)}{place}: {prose(move_in_words(resource))}"
    for one in resource.attributes[:_MOST_ATTRIBUTES]:
        values = f"{code(one.before or '(nothing)')} → {code(one.after or '(nothing)')}"
        yield f"  - {one.mover}: {code(one.path)} {values}"
    if len(resource.attributes) > _MOST_ATTRIBUTES:
        yield f"  - … and {len(resource.attributes) - _MOST_ATTRIBUTES} more attributes"
    for deed in resource.deeds:
        yield f"  - by {code(deed.user)}: {code(deed.event)} at {moment(deed.time)}"
