"""What a report is made of: a changeset's sealed parts, read back and put in order, the dangerous first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tooling.gate.addresses import without_keys
from tooling.plan.summary import PlanSummary
from tooling.report.facts import Facts
from tooling.report.semantic import Context, Entry, Meaning, describe
from tooling.report.semantic.reach import whole

if TYPE_CHECKING:
    from decimal import Decimal

    from tooling.changeset import Changeset
    from tooling.cost import CostEstimate
    from tooling.gate import GateResult

# A reviewer reads what is dangerous first.
ORDER = ("destroy", "replace", "update", "create", "forget", "import")


@dataclass(frozen=True)
class Change:
    """One resource that the plan touches, explained."""

    address: str
    type: str
    action: str
    declared_at: str
    meaning: Meaning
    stateful: str = ""


@dataclass(frozen=True)
class Danger:
    """Something a reviewer must not miss.

    Attributes:
        kind: ``data``, ``refused``, ``door``, ``grant``, ``glass``, ``gone`` or ``cost``; in this order they are read.
        address: What it is about; empty for the stack as a whole.
        text: What happens, as a sentence without its subject.
    """

    kind: str
    address: str
    text: str


@dataclass(frozen=True)
class CostHead:
    """Of an estimate its amounts, US dollars a month, and how many lines nobody knows the amount of."""

    monthly_usd: Decimal
    change_usd: Decimal
    unknown: int


@dataclass(frozen=True)
class StackHead:
    """What the top of a report tells of one stack: all that is kept of it while the others are read.

    Attributes:
        name: As ``dev/kefir``.
        passed: What the gate says.
        counts: Resources by action.
        findings, refused, reported, waived: How many the gate has of each.
        new_doors: Ways in from outside that open.
        cost: The estimate; None: there is none.
        dangers: What must not be missed, worst first.
    """

    name: str
    passed: bool
    counts: Mapping[str, int]
    findings: int
    refused: int
    reported: int
    waived: int
    new_doors: int
    cost: CostHead | None
    dangers: tuple[Danger, ...]


@dataclass(frozen=True)
class ReportStack:
    """One stack of a report.

    Attributes:
        name: As ``dev/kefir``.
        plan: The plan's JSON, masked.
        summary: What it changes.
        gate: The verdict.
        cost: The estimate; None: there is none.
        facts: Timings, places in the sources, rows.
    """

    name: str
    plan: Mapping[str, Any]
    summary: PlanSummary
    gate: GateResult
    cost: CostEstimate | None
    facts: Facts

    @cached_property
    def context(self) -> Context:
        return Context(self.plan)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every resource that the plan touches: what goes first, then by address."""
        losses = {loss.address: loss.what for loss in self.gate.changes.stateful} if self.gate.changes else {}
        found = [
            Change(
                change.address,
                change.type,
                change.action,
                self.facts.declared.get(without_keys(change.address), ""),
                describe(self.context.entries[change.address], self.context),
                losses.get(change.address, ""),
            )
            for change in self.summary.changes
            if change.address in self.context.entries
        ]
        return tuple(
            sorted(found, key=lambda change: (not change.stateful, ORDER.index(change.action), change.address))
        )

    @cached_property
    def reach(self) -> tuple[Entry, ...]:
        """Ways between networks, security groups and the internet that open and close."""
        return whole(self.context)

    @property
    def head(self) -> StackHead:
        gate, cost = self.gate, self.cost
        return StackHead(
            name=self.name,
            passed=gate.passed,
            counts=self.summary.counts,
            findings=len(gate.findings),
            refused=len(gate.refused),
            reported=len(gate.reported),
            waived=len(gate.waived),
            new_doors=len(gate.changes.new_doors) if gate.changes else 0,
            cost=CostHead(cost.monthly_usd, cost.change_usd, len(cost.unknown)) if cost is not None else None,
            dangers=self.dangers,
        )

    @property
    def dangers(self) -> tuple[Danger, ...]:
        """What must not be missed, worst first."""
        return tuple(self._dangers())

    def _dangers(self) -> Iterator[Danger]:
        changes = self.gate.changes
        actions = {change.address: change.action for change in self.summary.changes}
        told: set[str] = set()
        for loss in changes.stateful if changes else ():
            told.add(loss.address)
            yield Danger("data", loss.address, f"{actions.get(loss.address, 'destroy')}: {loss.what}")
        for finding in self.gate.refused:
            yield Danger("refused", finding.address, f"{finding.severity.name} {finding.check_id}: {finding.message}")
        for door in changes.new_doors if changes else ():
            yield Danger("door", door.address, f"opens {door.sentence}")
        for grant in changes.widened if changes else ():
            if grant.existing:
                yield Danger("grant", grant.subject, f"is granted more: {grant.statement}")
        for finding in self.gate.excused:
            reason = finding.glass.reason if finding.glass else ""
            yield Danger("glass", finding.address, f"{finding.check_id} is excused: {reason}")
        for action in ("destroy", "replace"):
            for change in self.summary.changes:
                if change.action == action and change.address not in told:
                    yield Danger("gone", change.address, action)
        if self.cost is not None and self.cost.change_usd:
            yield Danger("cost", "", cost_sentence(self.cost))


def cost_sentence(cost: CostEstimate) -> str:
    """The estimate and its change in one sentence."""
    known = f"{cost.sentence}, as estimated"
    if not cost.change_usd:
        return known
    return f"{known}; {'+' if cost.change_usd > 0 else '−'}${abs(cost.change_usd):,.2f} against before"


@dataclass(frozen=True)
class ReportData:
    """One changeset, as its report shows it.

    Attributes:
        changeset: What was sealed.
        stacks: Its stacks, in the order of the changeset. They may be read one after the other as somebody asks for
            them: whoever does keeps of each no more than it needs, for there may be a thousand.
        asked: What the environment asks for before it may be applied, in words.
        folder: Where the changeset lies, as a user in the project's folder writes it.
    """

    changeset: Changeset
    stacks: Iterable[ReportStack]
    asked: tuple[str, ...] = ()
    folder: str = ""

    def top(self, heads: Sequence[StackHead]) -> Top:
        """What stands above the stacks.

        Args:
            heads: Of all of them, in their order.
        """
        return Top(self.changeset, tuple(heads), self.asked, self.folder)


@dataclass(frozen=True)
class Top:
    """A changeset as a whole: see :class:`ReportData`, without the stacks themselves."""

    changeset: Changeset
    heads: tuple[StackHead, ...]
    asked: tuple[str, ...]
    folder: str

    @property
    def counts(self) -> dict[str, int]:
        """Resources by action, over all stacks."""
        counts = {action: sum(head.counts.get(action, 0) for head in self.heads) for action in ORDER}
        return {action: count for action, count in counts.items() if count or action != "import"}
