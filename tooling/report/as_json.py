"""A report as plain JSON values, for whoever wants to read it by program."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tooling.report.data import ReportData, ReportStack

#: Of the layout below; raised when a reader of old files would misread a new one.
FORMAT = 1


def as_json(data: ReportData) -> dict[str, Any]:
    """What ``groundplan report --format json`` prints."""
    heads, stacks = [], {}
    for stack in data.stacks:
        heads.append(stack.head)
        stacks[stack.name] = _stack(stack)
    return {
        "format": FORMAT,
        "changeset": data.changeset.to_json(),
        "asked": list(data.asked),
        "counts": data.top(heads).counts,
        "stacks": stacks,
    }


def _stack(stack: ReportStack) -> dict[str, Any]:
    from tooling import cost, gate

    return {
        "counts": stack.summary.counts,
        "outputs": list(stack.summary.outputs),
        "dangers": [asdict(danger) for danger in stack.dangers],
        "changes": [asdict(change) for change in stack.changes],
        "reach": [asdict(entry) for entry in stack.reach],
        "gate": gate.to_json(stack.gate),
        "cost": cost.to_json(stack.cost) if stack.cost is not None else None,
        "facts": stack.facts.to_json(),
    }
