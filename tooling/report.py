"""``report.md`` of a changeset: what a reviewer reads before saying yes. Holds no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.plan.summary import SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tooling.changeset import Changeset
    from tooling.gate import Finding
    from tooling.planning import StackPlan

# A reviewer reads what is dangerous first.
_ORDER = ("destroy", "replace", "update", "create", "forget")


def markdown(changeset: Changeset, plans: tuple[StackPlan, ...]) -> str:
    """The whole changeset as Markdown."""
    return "\n".join(_lines(changeset, plans)) + "\n"


def _lines(changeset: Changeset, plans: tuple[StackPlan, ...]) -> Iterator[str]:
    verdict = "passed" if changeset.gate_passed else "**REFUSED**"
    yield f"# {changeset.kind.capitalize()} of `{changeset.env}`: gate {verdict}"
    yield ""
    yield f"- changeset `{changeset.id}`, seal `{changeset.seal}`"
    yield f"- account {changeset.account_id}, {changeset.region}, on {changeset.target}; planned {changeset.created}"
    commit = f"`{changeset.commit}`{' with uncommitted changes' if changeset.dirty else ''}"
    yield f"- commit {commit if changeset.commit else 'unknown (not in git)'}, Terraform {changeset.terraform}"
    yield ""
    yield f"| stack | {' | '.join(_ORDER)} | gate | findings | waived |"
    yield f"|---|{'---|' * (len(_ORDER) + 3)}"
    for plan in plans:
        counts = " | ".join(str(plan.summary.counts[action]) for action in _ORDER)
        gate = "passed" if plan.gate.passed else "REFUSED"
        yield f"| {plan.stack.name} | {counts} | {gate} | {len(plan.gate.findings)} | {len(plan.gate.waived)} |"
    for plan in plans:
        yield from _stack(plan)


def _stack(plan: StackPlan) -> Iterator[str]:
    yield ""
    yield f"## {plan.stack.name}"
    if plan.gate.findings:
        yield ""
        yield "### Findings"
        yield ""
        yield from (f"- {_finding(finding)}" for finding in plan.gate.findings)
    for action in _ORDER:
        changes = [change for change in plan.summary.changes if change.action == action]
        if changes:
            yield ""
            yield f"### {len(changes)} to {action}"
            yield ""
        for change in changes:
            yield f"- `{SIGNS[action]} {change.address}`"
            for attribute in change.attributes:
                force = " — forces replacement" if attribute.forces_replacement else ""
                yield f"  - `{attribute.path}`: `{attribute.before}` → `{attribute.after}`{force}"
    if plan.gate.waived:
        yield ""
        yield "### Waived"
        yield ""
        yield from (
            f"- {_finding(finding)} — {finding.waived_by.requirement}, {finding.waived_by.owner}, "
            f"until {finding.waived_by.expires}: {finding.waived_by.reason}"
            for finding in plan.gate.waived
            if finding.waived_by is not None
        )


def _finding(finding: Finding) -> str:
    return f"{finding.severity.name} `{finding.check_id}` `{finding.address}`: {finding.message}"
