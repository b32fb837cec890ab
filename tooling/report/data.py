"""What a report is made of: a changeset's sealed parts, read back and put in order, the dangerous first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tooling.gate.addresses import without_keys
from tooling.plan.summary import PlanSummary
from tooling.report.facts import Facts
from tooling.report.semantic import Context, Entry, Meaning, describe
from tooling.report.semantic.reach import whole

if TYPE_CHECKING:
    from tooling.changeset import Changeset
    from tooling.cost import CostEstimate
    from tooling.gate import Finding, GateResult

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
        stacks: Its stacks, in the order of the changeset.
        asked: What the environment asks for before it may be applied, in words.
        folder: Where the changeset lies, as a user in the project's folder writes it.
    """

    changeset: Changeset
    stacks: tuple[ReportStack, ...]
    asked: tuple[str, ...] = ()
    folder: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """Resources by action, over all stacks."""
        counts = {action: sum(stack.summary.counts.get(action, 0) for stack in self.stacks) for action in ORDER}
        return {action: count for action, count in counts.items() if count or action != "import"}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What no waiver holds for, over all stacks."""
        return tuple(finding for stack in self.stacks for finding in stack.gate.findings)
