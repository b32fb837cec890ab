"""``report.md`` of a changeset: for a pull request, within its size limit, most dangerous first. Holds no secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tooling.plan.summary import SIGNS
from tooling.report.data import ORDER, cost_sentence
from tooling.report.findings import Group, grouped
from tooling.report.markup import code, prose
from tooling.report.words import KINDS, gate_words, gist, lede, moment, money, monthly, verdict_word

if TYPE_CHECKING:
    from tooling.gate import Finding
    from tooling.report.data import Change, ReportData, ReportStack
    from tooling.report.semantic import Entry

#: A comment on GitHub takes 65,536 characters; counted in bytes here, which are never fewer.
LIMIT = 65_000
_FOR_THE_NOTE = 700
_MOST_ENTRIES = 14
_MOST_NAMED = 6


@dataclass(frozen=True)
class _Block:
    """Rows under a heading: as many as fit are shown, and each is shown whole or not at all.

    Attributes:
        title: For the note about what was left out.
        head: Everything that has to stand above the first row.
    """

    title: str
    head: str
    rows: tuple[str, ...]


def markdown(data: ReportData, limit: int = LIMIT) -> str:
    """The changeset as Markdown of at most ``limit`` bytes; what is left out is counted, and where it is said."""
    text = "\n".join(_top(data)) + "\n"
    room = limit - _FOR_THE_NOTE - len(text.encode())
    left_out: dict[str, int] = {}
    parts = [text]
    for block in _blocks(data):
        taken: list[str] = []
        for row in block.rows:
            piece = f"{row}\n" if taken else f"\n{block.head}\n{row}\n"
            size = len(piece.encode())
            if size > room:
                break
            room -= size
            taken.append(piece)
        parts += taken
        if len(taken) < len(block.rows):
            left_out[block.title] = len(block.rows) - len(taken)
    if left_out:
        parts.append(_note(left_out, data.folder))
    return "".join(parts)


def _note(left_out: dict[str, int], folder: str) -> str:
    named = [f"{count:,} of “{title}”" for title, count in list(left_out.items())[:_MOST_NAMED]]
    more = f" and of {len(left_out) - _MOST_NAMED} more parts" if len(left_out) > _MOST_NAMED else ""
    where = f"{folder}/report.html" if folder else "report.html"
    return f"\n> **Left out for the size limit:** {', '.join(named)}{more}. The whole is in {code(where)}.\n"


def _top(data: ReportData) -> Iterator[str]:
    changeset = data.changeset
    word = "passed" if changeset.gate_passed else "**REFUSED**"
    yield f"# {changeset.kind.capitalize()} of {code(changeset.env)}: gate {word}"
    yield ""
    yield prose(lede(data))
    yield ""
    yield f"- changeset {code(changeset.id)}, seal {code(changeset.seal)}"
    where = f"account {changeset.account_id}, {changeset.region}, on {changeset.target}"
    planned = f"planned {moment(changeset.created)} by {code(changeset.by)}"
    yield f"- {prose(where)}; {planned}, valid until {moment(changeset.expires)}"
    dirty = " with uncommitted changes" if changeset.dirty else ""
    commit = f"{code(changeset.commit)}{dirty}" if changeset.commit else "unknown (not in git)"
    yield f"- commit {commit}, Terraform {prose(changeset.terraform)}, checkov {prose(changeset.gate.checkov)}"
    yield f"- apply asks for {prose(', '.join(data.asked) or 'nothing more')}"
    yield ""
    columns = tuple(data.counts)
    yield f"| stack | {' | '.join(columns)} | gate | refused | reported | waived | a month |"
    yield f"|---|{'---:|' * len(columns)}---|---:|---:|---:|---:|"
    for stack in data.stacks:
        counts = " | ".join(f"{stack.summary.counts.get(action, 0):,}" for action in columns)
        gate = stack.gate
        yield (
            f"| {code(stack.name, table=True)} | {counts} | {verdict_word(gate.passed)} | {len(gate.refused)} "
            f"| {len(gate.reported)} | {len(gate.waived)} | {monthly(stack.cost)} |"
        )


def _blocks(data: ReportData) -> Iterator[_Block]:
    first = tuple(
        f"- **{label}** {code(danger.address or stack.name)} ({prose(stack.name)}): {prose(danger.text)}"
        for kind, label in KINDS.items()
        for stack in data.stacks
        for danger in stack.dangers
        if danger.kind == kind
    )
    if first:
        yield _Block("Look here first", "## Look here first\n", first)
    for action in ORDER[:3]:
        yield from (_changes(stack, action) for stack in data.stacks)
    for stack in data.stacks:
        yield _entries(stack, "who can reach what", stack.reach)
        yield _findings(stack, "findings", stack.gate.findings)
        if stack.cost is not None:
            yield _cost(stack)
    for action in ORDER[3:]:
        yield from (_changes(stack, action) for stack in data.stacks)
    for stack in data.stacks:
        yield _findings(stack, "excused by broken glass", stack.gate.excused)
        yield _findings(stack, "waived", stack.gate.waived)
        yield _findings(stack, "in the baseline", stack.gate.baselined)
        yield _expiring(stack)
        yield _rows(stack)
    yield _Block(
        "Gate", "## Gate\n", tuple(f"- {code(stack.name)}: {prose(gate_words(stack))}" for stack in data.stacks)
    )


def _heading(stack: ReportStack, title: str) -> str:
    return f"## {code(stack.name)}: {title}\n"


def _changes(stack: ReportStack, action: str) -> _Block:
    changes = [change for change in stack.changes if change.action == action]
    title = f"{len(changes):,} to {action}"
    rows = tuple("\n".join(_change(change)) for change in changes)
    return _Block(f"{stack.name}: {title}", _heading(stack, title), rows)


def _change(change: Change) -> Iterator[str]:
    place = f" ({code(change.declared_at)})" if change.declared_at else ""
    loss = f" **{prose(change.stateful)}**" if change.stateful else ""
    lines = [line for section in change.meaning.sections if not section.minor for line in _lines(section.entries, 1)]
    if change.action == "create":
        lines = []
    short = f": {prose(gist(change))}" if not lines and gist(change) else ""
    yield f"- {code(f'{SIGNS[change.action]} {change.address}')}{place}{loss}{short}"
    yield from lines[:_MOST_ENTRIES]
    if len(lines) > _MOST_ENTRIES:
        yield f"  - … and {len(lines) - _MOST_ENTRIES} more lines"


def _lines(entries: tuple[Entry, ...], depth: int) -> Iterator[str]:
    for entry in entries:
        values = [code(text) for text in (entry.before, entry.after) if text]
        label = ""
        if entry.label:
            label = f" {code(entry.label) if values or entry.parts else prose(entry.label)}"
        moved = f" {' → '.join(values)}" if values else ""
        note = f" — {prose(entry.note)}" if entry.note else ""
        yield f"{'  ' * depth}- {code(entry.sign)}{label}{moved}{note}"
        yield from _lines(entry.parts, depth + 1)


def _entries(stack: ReportStack, title: str, entries: tuple[Entry, ...]) -> _Block:
    return _Block(f"{stack.name}: {title}", _heading(stack, title), tuple(_lines(entries, 0)))


def _findings(stack: ReportStack, title: str, findings: tuple[Finding, ...]) -> _Block:
    groups = grouped(findings, stack.facts)
    return _Block(f"{stack.name}: {title}", _heading(stack, title), tuple("\n".join(_group(group)) for group in groups))


def _group(group: Group) -> Iterator[str]:
    yield f"- {group.severity} {code(group.check_id)}: {prose(group.name)}"
    if group.why:
        yield f"  - {prose(group.why)} — {prose(group.answers)}"
    for item in group.items[:_MOST_NAMED]:
        place = f" ({code(item.place)})" if item.place else ""
        said = f": {prose(item.said)}" if item.said else ""
        remark = f" — {prose(item.remark)}" if item.remark else ""
        yield f"  - {code(item.address)}{place}{said}{remark}"
    if len(group.items) > _MOST_NAMED:
        yield f"  - … and {len(group.items) - _MOST_NAMED} more resources"


def _cost(stack: ReportStack) -> _Block:
    assert stack.cost is not None
    head = (
        f"{_heading(stack, 'cost')}\n{prose(cost_sentence(stack.cost))}; prices of {stack.cost.prices_as_of}\n\n"
        "| what | resource | kind | a month | rests on |\n|---|---|---|---:|---|"
    )
    lines = sorted(stack.cost.lines, key=lambda line: (line.monthly_usd is not None, -(line.monthly_usd or 0)))
    rows = tuple(
        f"| {prose(line.what)} | {code(line.address, table=True)} | {line.kind} "
        f"| {money(line.monthly_usd) if line.monthly_usd is not None else 'unknown'} | {prose(line.assumption)} |"
        for line in lines
    )
    return _Block(f"{stack.name}: cost", head, rows)


def _expiring(stack: ReportStack) -> _Block:
    rows = tuple(
        f"- {code(waiver.check)} on {code(waiver.address)} ends on {waiver.expires} ({prose(waiver.owner)})"
        for waiver in stack.gate.expiring
    )
    return _Block(f"{stack.name}: waivers that end soon", _heading(stack, "waivers that end soon"), rows)


def _rows(stack: ReportStack) -> _Block:
    rows = tuple(f"- {code(row.id)} {prose(row.says)} — {prose(row.why)}; {row.result}" for row in stack.facts.rows)
    return _Block(f"{stack.name}: requirements touched", _heading(stack, "requirements touched"), rows)
