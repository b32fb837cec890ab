"""Plans, findings and results as text on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tooling.plan.summary import SIGNS

if TYPE_CHECKING:
    from tooling.gate import Finding, GateResult
    from tooling.plan.summary import PlanSummary, ResourceChange
    from tooling.planning import PlanRun, StackPlan

_COLOURS = {"create": "green", "update": "yellow", "replace": "magenta", "destroy": "red", "forget": "blue"}
_LONGEST = 100


def plan_text(run: PlanRun, where: str) -> None:
    """The whole run: every stack, then the totals and where the changeset is."""
    for plan in run.stacks:
        stack_text(plan)
    totals = {sign: sum(plan.summary.counts[sign] for plan in run.stacks) for sign in SIGNS}
    words = ", ".join(f"{count} to {action}" for action, count in totals.items() if count) or "no changes"
    click.secho(f"{len(run.stacks)} stacks: {words}" if len(run.stacks) != 1 else f"1 stack: {words}", bold=True)
    click.echo(f"changeset {run.changeset.id} · seal {run.changeset.seal[:16]} · {where}")


def stack_text(plan: StackPlan) -> None:
    click.secho(f"\n{plan.stack.name}", bold=True)
    summary_text(plan.summary)
    gate_text(plan.gate)


def summary_text(summary: PlanSummary) -> None:
    """Resources by action, the dangerous ones last, where the eye rests."""
    for change in reversed(summary.changes):
        _change_text(change)
    if summary.outputs and not summary.changes:
        click.echo(f"  outputs change: {', '.join(summary.outputs)}")
    if summary.empty:
        click.echo("  no changes")


def _change_text(change: ResourceChange) -> None:
    click.secho(f"  {SIGNS[change.action]} {change.address}", fg=_COLOURS[change.action])
    for attribute in change.attributes:
        force = "  # forces replacement" if attribute.forces_replacement else ""
        click.echo(f"      {attribute.path}: {_short(attribute.before)} → {_short(attribute.after)}{force}")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def gate_text(result: GateResult) -> None:
    """Findings that refuse the plan first; what is waived is counted, not hidden."""
    for finding in result.findings:
        refuses = finding.severity >= result.fail_on
        click.secho(f"  {'✗' if refuses else '·'} {_finding_line(finding)}", fg="red" if refuses else None)
    verdict = "passed" if result.passed else "REFUSED"
    click.secho(
        f"  gate {verdict}: {result.checks_evaluated} checks, {len(result.findings)} findings, "
        f"{len(result.waived)} waived",
        fg="green" if result.passed else "red",
    )


def _finding_line(finding: Finding) -> str:
    remark = f" ({finding.remark})" if finding.remark else ""
    return f"{finding.severity.name} {finding.check_id} {finding.address}: {finding.message}{remark}"


def plan_json(run: PlanRun, folder: str) -> dict[str, Any]:
    """What ``plan --json`` prints."""
    from dataclasses import asdict

    from tooling.gate import to_json

    return {
        "changeset": run.changeset.to_json(),
        "folder": folder,
        "stacks": {
            plan.stack.name: {
                "counts": plan.summary.counts,
                "changes": [asdict(change) for change in plan.summary.changes],
                "outputs": list(plan.summary.outputs),
                "gate": to_json(plan.gate),
            }
            for plan in run.stacks
        },
    }
