"""Sentences that the page, the Markdown and the command line share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tooling.report.data import ORDER

if TYPE_CHECKING:
    from tooling.cost import CostEstimate
    from tooling.report.data import Change, CostHead, ReportStack, Top
    from tooling.report.semantic import Section

#: What a reviewer must not miss, in the order in which it is read.
KINDS = {
    "data": "Data goes",
    "refused": "Refused",
    "door": "New door",
    "grant": "Wider grant",
    "glass": "Broken glass",
    "gone": "Goes",
    "cost": "Cost",
}
_LONGEST_GIST = 140


def verdict_word(passed: bool) -> str:
    return "passed" if passed else "REFUSED"


def money(amount: Any, *, sign: bool = False) -> str:
    """US dollars with two places; with a sign for what is a change."""
    text = f"${abs(amount):,.2f}"
    if amount < 0:
        return f"−{text}"
    return f"+{text}" if sign else text


def monthly(cost: CostEstimate | CostHead | None) -> str:
    """An estimate in a cell; with a line that nobody knows the amount of it is only the least that it will be."""
    if cost is None:
        return "not estimated"
    return f"{'≥ ' if cost.unknown else ''}{money(cost.monthly_usd)}"


def moment(text: str) -> str:
    """A time of a changeset (UTC, ISO 8601) to the minute."""
    return f"{text[:10]} {text[11:16]} UTC"


def in_words(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts[action]:,} to {action}" for action in ORDER if counts.get(action)) or "no changes"


def lede(top: Top) -> str:
    """The report in two sentences."""
    refused = [head.name for head in top.heads if not head.passed]
    stacks = "1 stack" if len(top.heads) == 1 else f"{len(top.heads)} stacks"
    gate = f"The gate refuses {', '.join(refused)}." if refused else "The gate lets it pass."
    return f"{stacks}: {in_words(top.counts)}. {gate}"


def stack_lede(stack: ReportStack) -> str:
    return f"{in_words(stack.summary.counts)}; {gate_words(stack)}"


def gate_words(stack: ReportStack) -> str:
    gate = stack.gate
    undecided = f", {len(gate.undecided)} undecided before the apply" if gate.undecided else ""
    mended = f"; mended, to be taken out of the baseline: {', '.join(gate.mended)}" if gate.mended else ""
    return (
        f"{gate.checks_evaluated:,} checks on {gate.resources_evaluated:,} resources, findings from "
        f"{gate.fail_on.name} refuse: {len(gate.refused)} refused, {len(gate.reported)} reported, "
        f"{len(gate.waived)} waived{undecided}{mended}"
    )


def gist(change: Change) -> str:
    """What moves in a resource, in one line."""
    found = [text for section in change.meaning.sections if not section.minor and (text := _gist(section))]
    if not found and change.meaning.sections:
        found = [section.title for section in change.meaning.sections]
    text = ", ".join(found)
    return text if len(text) <= _LONGEST_GIST else f"{text[: _LONGEST_GIST - 1]}…"


def _gist(section: Section) -> str:
    signs = [entry.sign for entry in section.entries]
    counted = " ".join(f"{'−' if sign == '-' else sign}{signs.count(sign)}" for sign in "+-~" if sign in signs)
    if section.kind == "policy":
        return f"statements {counted}"
    if section.kind == "reach":
        return f"ways {counted}"
    if section.kind == "attributes":
        return ", ".join(dict.fromkeys(entry.label.partition("[")[0] for entry in section.entries))
    return f"{section.title} {counted}"
