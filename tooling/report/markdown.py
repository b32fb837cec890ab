"""``report.md`` of a changeset: for a pull request, within its size limit, most dangerous first. Holds no secret."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tooling.plan.summary import SIGNS
from tooling.report.data import ORDER, cost_sentence
from tooling.report.findings import Group, grouped
from tooling.report.markup import code, prose
from tooling.report.words import KINDS, gate_words, gist, lede, moment, money, monthly, verdict_word

if TYPE_CHECKING:
    from tooling.gate import Finding
    from tooling.report.data import Change, ReportData, ReportStack, Top
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


@dataclass(frozen=True)
class _Kept:
    """A block of which only rows are left that may fit.

    Attributes:
        count: Rows that it had.
    """

    title: str
    head: str
    rows: tuple[str, ...]
    count: int


def markdown(data: ReportData, limit: int = LIMIT) -> str:
    """The changeset as Markdown of at most ``limit`` bytes; what is left out is counted, and where it is said."""
    draft, heads = MarkdownDraft(limit), []
    for stack in data.stacks:
        draft.add(stack)
        heads.append(stack.head)
    return draft.text(data.top(heads))


class MarkdownDraft:
    """The Markdown while the stacks are read, one after the other: of each only what may still fit is kept.

    Args:
        limit: Bytes that it may have in the end.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._blocks: defaultdict[int, list[_Kept]] = defaultdict(list)
        self._sizes: defaultdict[int, int] = defaultdict(int)
        self._gate: list[str] = []

    def add(self, stack: ReportStack) -> None:
        """Take what is told of the next stack."""
        for rank, blocks in enumerate(_ranked(stack), 1):
            for block in blocks:
                self._keep(rank, block)
        self._gate.append(f"- {code(stack.name)}: {prose(gate_words(stack))}")

    def _keep(self, rank: int, block: _Block) -> None:
        """Blocks of one rank stand one after the other: behind more than the limit of them nothing fits."""
        kept = []
        for row in block.rows:
            size = len(row.encode())
            if size > self._limit or self._sizes[rank] > self._limit:
                break
            self._sizes[rank] += size
            kept.append(row)
        if block.rows:
            self._blocks[rank].append(_Kept(block.title, block.head, tuple(kept), len(block.rows)))

    def text(self, top: Top) -> str:
        """All of it, within the limit."""
        self._keep(0, _Block("Look here first", "## Look here first\n", tuple(_dangers(top))))
        self._keep(len(ORDER) + 3, _Block("Gate", "## Gate\n", tuple(self._gate)))
        text = "\n".join(_top(top)) + "\n"
        room = self._limit - _FOR_THE_NOTE - len(text.encode())
        left_out: dict[str, int] = {}
        parts = [text]
        for block in (block for rank in sorted(self._blocks) for block in self._blocks[rank]):
            taken: list[str] = []
            for row in block.rows:
                piece = f"{row}\n" if taken else f"\n{block.head}\n{row}\n"
                size = len(piece.encode())
                if size > room:
                    break
                room -= size
                taken.append(piece)
            parts += taken
            if len(taken) < block.count:
                left_out[block.title] = block.count - len(taken)
        if left_out:
            parts.append(_note(left_out, top.folder))
        return "".join(parts)


def _note(left_out: dict[str, int], folder: str) -> str:
    named = [f"{count:,} of “{title}”" for title, count in list(left_out.items())[:_MOST_NAMED]]
    more = f" and of {len(left_out) - _MOST_NAMED} more parts" if len(left_out) > _MOST_NAMED else ""
    where = f"{folder}/report.html" if folder else "report.html"
    return f"\n> **Left out for the size limit:** {', '.join(named)}{more}. The whole is in {code(where)}.\n"


def _top(top: Top) -> Iterator[str]:
    changeset = top.changeset
    word = "passed" if changeset.gate_passed else "**REFUSED**"
    yield f"# {changeset.kind.capitalize()} of {code(changeset.env)}: gate {word}"
    yield ""
    yield prose(lede(top))
    yield ""
    yield f"- changeset {code(changeset.id)}, seal {code(changeset.seal)}"
    where = f"account {changeset.account_id}, {changeset.region}, on {changeset.target}"
    planned = f"planned {moment(changeset.created)} by {code(changeset.by)}"
    yield f"- {prose(where)}; {planned}, valid until {moment(changeset.expires)}"
    dirty = " with uncommitted changes" if changeset.dirty else ""
    commit = f"{code(changeset.commit)}{dirty}" if changeset.commit else "unknown (not in git)"
    yield f"- commit {commit}, Terraform {prose(changeset.terraform)}, checkov {prose(changeset.gate.checkov)}"
    yield f"- apply asks for {prose(', '.join(top.asked) or 'nothing more')}"
    yield ""
    columns = tuple(top.counts)
    yield f"| stack | {' | '.join(columns)} | gate | refused | reported | waived | a month |"
    yield f"|---|{'---:|' * len(columns)}---|---:|---:|---:|---:|"
    for head in top.heads:
        counts = " | ".join(f"{head.counts.get(action, 0):,}" for action in columns)
        yield (
            f"| {code(head.name, table=True)} | {counts} | {verdict_word(head.passed)} | {head.refused} "
            f"| {head.reported} | {head.waived} | {monthly(head.cost)} |"
        )


def _dangers(top: Top) -> Iterator[str]:
    for kind, label in KINDS.items():
        for head in top.heads:
            for danger in head.dangers:
                if danger.kind == kind:
                    about = code(danger.address or head.name)
                    yield f"- **{label}** {about} ({prose(head.name)}): {prose(danger.text)}"


def _ranked(stack: ReportStack) -> Iterator[Iterable[_Block]]:
    """What is told of a stack: the first of all stacks stands before the second of any."""
    yield from ([_changes(stack, action)] for action in ORDER[:3])
    yield [
        _entries(stack, "who can reach what", stack.reach),
        _findings(stack, "findings", stack.gate.findings),
        *([_cost(stack)] if stack.cost is not None else []),
    ]
    yield from ([_changes(stack, action)] for action in ORDER[3:])
    yield [
        _findings(stack, "excused by broken glass", stack.gate.excused),
        _findings(stack, "waived", stack.gate.waived),
        _findings(stack, "in the baseline", stack.gate.baselined),
        _expiring(stack),
        _rows(stack),
    ]


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
