"""Estimates and bills as text on standard output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tooling.cost.model import change_in_words, in_words, plain, total

if TYPE_CHECKING:
    from tooling.cost import CostEstimate, CostLine
    from tooling.cost.bills import Bill

_COLOURS = {"fixed": None, "usage": "cyan", "unknown": "yellow"}


def estimates_text(estimates: Sequence[CostEstimate], by: str) -> None:
    """Each stack with all its lines, dearest first, then the total of all."""
    for estimate in estimates:
        _estimate_text(estimate, by)
    if len(estimates) > 1:
        click.secho(f"{len(estimates)} stacks: {in_words(estimates)}", bold=True)


def _estimate_text(estimate: CostEstimate, by: str) -> None:
    change = change_in_words([estimate])
    split = f"${estimate.fixed_usd:,.2f} fixed, ${estimate.usage_usd:,.2f} by assumed usage"
    click.secho(f"{estimate.stack}: {estimate.sentence} ({split}){f', {change}' if change else ''}", bold=True)
    groups = estimate.by_service() if by == "service" else estimate.by_resource()
    for name, lines in groups.items():
        click.echo(f"  {name}  ${total(line.monthly_usd for line in lines):,.2f}")
        for line in lines:
            _line_text(line, with_address=by == "service")
    for entry in estimate.free:
        click.secho(f"  free: {entry.count} {entry.type}: {entry.why}", dim=True)
    free_tier = "taken off" if estimate.free_tier else "not taken off"
    click.echo(f"  oldest price of {estimate.prices_as_of or 'no date'}; free allowances {free_tier}")


def _line_text(line: CostLine, *, with_address: bool) -> None:
    amount = "unknown" if line.monthly_usd is None else f"${line.monthly_usd:,.2f}"
    if line.monthly_usd and amount == "$0.00":
        amount = "<$0.01"
    parts = [
        f"{line.address} {line.what}" if with_address else line.what,
        f"{plain(line.quantity)} x {line.price}" if line.quantity is not None and line.price else line.price,
        line.assumption,
        f"{line.as_of} {line.source}" if line.as_of else "",
        line.change if line.change not in ("unchanged", "created") else "",
    ]
    click.secho(f"    {line.kind:<8}{amount:>11}  {' · '.join(part for part in parts if part)}", fg=_COLOURS[line.kind])


def bill_text(bill: Bill) -> None:
    """What was paid, by service or by day."""
    click.secho(f"{bill.stack}, {bill.period.first} to {bill.period.last}: ${bill.total:,.2f} paid", bold=True)
    for entry in bill.paid:
        click.echo(f"  {entry.name}  ${entry.usd:,.2f}{'  (not final yet)' if entry.estimated else ''}")
    if not bill.paid:
        click.echo("  nothing with the tags Architecture and Environment; are they active cost allocation tags?")
