"""Drift as one page that needs nothing else. Whatever a state holds is text in it, never markup. Holds no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tooling.drift.words import MEANINGS, in_words, move_in_words, moved_in_words, summary_of
from tooling.report.html import page_of
from tooling.report.words import moment

if TYPE_CHECKING:
    from tooling.drift.model import DriftedResource, DriftReport, StackDrift


def html(report: DriftReport) -> str:
    """The whole report."""
    return page_of(
        "drift.html.j2",
        {
            "title": f"Drift of {report.env}",
            "verdict": "refused" if report.drifted or report.failed else "passed",
            "verdict_word": "drift" if report.drifted else "not looked at" if report.failed else "no drift",
            "lede": summary_of(report),
            "facts": [("Account", report.account), ("Looked at", moment(report.looked))],
            "tiles": [
                {"kind": "destroy" if count else "none", "label": mover, "value": count, "note": meaning}
                for (mover, count), meaning in zip(report.counts.items(), _in_order(report), strict=True)
            ],
            "failed": report.failed,
            "stacks": [_stack(stack) for stack in report.stacks],
            "footer": "Sensitive values are masked.",
        },
    )


def _in_order(report: DriftReport) -> list[str]:
    return [MEANINGS[mover] for mover in report.counts]


def _stack(stack: StackDrift) -> dict[str, Any]:
    return {
        "id": f"stack-{stack.architecture}",
        "name": stack.name,
        "verdict": "refused" if stack.drifted else "passed",
        "verdict_word": "drift" if stack.drifted else "no drift",
        "lede": in_words(stack),
        "moved": list(moved_in_words(stack)),
        "resources": [_resource(one) for one in stack.resources],
        "outputs": stack.outputs,
        "notes": stack.notes,
    }


def _resource(resource: DriftedResource) -> dict[str, Any]:
    return {
        "address": resource.address,
        "place": resource.declared_at,
        "said": move_in_words(resource),
        "moved": resource.attributes,
        "deeds": [(deed.user, deed.event, moment(deed.time), deed.source) for deed in resource.deeds],
    }
