"""Plans, findings and results as text on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tooling.cli.changes_text import changes_text
from tooling.plan.summary import SIGNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tooling.cost import CostEstimate
    from tooling.gate import Finding, GateResult
    from tooling.plan.summary import PlanSummary, ResourceChange
    from tooling.planning import PlanRun, StackPlan

_COLOURS = {
    "import": "cyan",
    "create": "green",
    "update": "yellow",
    "replace": "magenta",
    "destroy": "red",
    "forget": "blue",
}
_LONGEST = 100


def plan_text(run: PlanRun, where: str) -> None:
    """The whole run: every stack, then the totals and where the changeset is."""
    for plan in run.stacks:
        stack_text(plan)
    totals = {sign: sum(plan.summary.counts.get(sign, 0) for plan in run.stacks) for sign in SIGNS}
    words = ", ".join(f"{count} to {action}" for action, count in totals.items() if count) or "no changes"
    click.secho(f"{len(run.stacks)} stacks: {words}" if len(run.stacks) != 1 else f"1 stack: {words}", bold=True)
    cost_text([plan.cost for plan in run.stacks], indent="")
    click.echo(f"changeset {run.changeset.id} · seal {run.changeset.seal[:16]} · {where}")


def stack_text(plan: StackPlan) -> None:
    click.secho(f"\n{plan.stack.name}", bold=True)
    summary_text(plan.summary)
    cost_text([plan.cost])
    changes_text(plan.gate)
    gate_text(plan.gate)


def summary_text(summary: PlanSummary, *, dangerous_first: bool = False) -> None:
    """Resources by action, the dangerous ones last, where the eye rests; or first, for who reads from the top."""
    for change in summary.changes if dangerous_first else reversed(summary.changes):
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


def cost_text(estimates: Sequence[CostEstimate], *, indent: str = "  ") -> None:
    """What is expected to be paid, in one line."""
    from tooling.cost.model import change_in_words, in_words

    change = change_in_words(estimates)
    click.echo(f"{indent}cost {in_words(estimates)}{f' ({change})' if change else ''}")


def gate_text(result: GateResult) -> None:
    """Findings that refuse the plan first; what is waived or in the baseline is counted, not hidden."""
    from tooling.gate import in_words

    for finding in result.findings:
        refuses = finding.severity >= result.fail_on
        click.secho(f"  {'✗' if refuses else '·'} {_finding_line(finding)}", fg="red" if refuses else None)
    for waiver in result.expiring:
        what = f"waiver of {waiver.check} on {waiver.address} ends on {waiver.expires}"
        click.secho(f"  ! {what}: {waiver.owner} ({waiver.where})", fg="yellow")
    for where in result.mended:
        click.secho(f"  ! mended, take it out of the baseline: {where}", fg="yellow")
    verdict = "passed" if result.passed else "REFUSED"
    click.secho(f"  gate {verdict}: {in_words(result)}", fg="green" if result.passed else "red")


def _finding_line(finding: Finding) -> str:
    remark = f" ({finding.remark})" if finding.remark else ""
    place = f" [{finding.declared_at}]" if finding.declared_at else ""
    return f"{finding.severity.name} {finding.check_id} {finding.address}: {finding.message}{remark}{place}"


def plan_json(run: PlanRun, folder: str) -> dict[str, Any]:
    """What ``plan --json`` prints."""
    from dataclasses import asdict

    from tooling.cost import to_json as cost_to_json
    from tooling.gate import to_json

    return {
        "changeset": run.changeset.to_json(),
        "folder": folder,
        "stacks": {
            plan.stack.name: {
                "counts": plan.summary.counts,
                "changes": [asdict(change) for change in plan.summary.changes],
                "outputs": list(plan.summary.outputs),
                "cost": cost_to_json(plan.cost),
                "gate": to_json(plan.gate),
            }
            for plan in run.stacks
        },
    }
