"""What differs between two changesets, as text."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tooling.changeset.difference import ChangesetDifference, StackDifference
    from tooling.plan.comparing import ResourceDifference

_LONGEST, _CONTEXT = 100, 30


def difference_text(found: ChangesetDifference, *, err: bool = False) -> None:
    """Only what differs: what the first has is red, what the second has is green.

    Args:
        found: What was compared.
        err: Print it on standard error, as part of something else.
    """
    click.secho(f"{found.first} → {found.second}", bold=True, err=err)
    for part in found.parts:
        click.echo(f"  {part.path}: {part.first} → {part.second}", err=err)
    for stack in found.stacks:
        if not stack.same or stack.plan.hidden:
            _stack_text(stack, err)
    if found.same:
        click.echo("  no difference", err=err)


def _stack_text(stack: StackDifference, err: bool) -> None:
    click.secho(f"\n{stack.architecture}", bold=True, err=err)
    if stack.only_in:
        click.echo(f"  only the {stack.only_in} covers this stack", err=err)
    for part in stack.parts:
        click.echo(f"  {part.path}: {part.first} → {part.second}", err=err)
    for resource in stack.plan.resources:
        _resource_text(resource, err)
    for output in stack.plan.outputs:
        click.echo(f"  output {output.path}", err=err)
        pair(output.first, output.second, err)
    for finding in stack.findings:
        what = "went" if not finding.second else "came" if not finding.first else "is judged otherwise"
        click.echo(f"  finding {what}: {finding.check_id} {finding.address}: {finding.message}", err=err)
        pair(finding.first or "not found", finding.second or "not found", err)
    if stack.first_usd != stack.second_usd:
        click.echo(f"  cost a month: {_usd(stack.first_usd)} → {_usd(stack.second_usd)}", err=err)
    if stack.plan.hidden:
        click.echo(f"  {stack.plan.hidden} sensitive values are masked in both and were not compared", err=err)


def _resource_text(resource: ResourceDifference, err: bool) -> None:
    words = resource.first or "left alone", resource.second or "left alone"
    what = words[0] if words[0] == words[1] else f"{words[0]} → {words[1]}"
    click.secho(f"  {resource.address}: {what}", fg="yellow", err=err)
    for value in resource.values:
        click.echo(f"      {value.path}", err=err)
        pair(value.first, value.second, err, indent="        ")


def pair(first: str, second: str, err: bool, indent: str = "      ") -> None:
    """A value as the first has it, and as the second does."""
    for sign, text, colour in zip("-+", _shortened(first, second), ("red", "green"), strict=True):
        click.secho(f"{indent}{sign} {text}", fg=colour, err=err)


def _shortened(first: str, second: str) -> tuple[str, str]:
    """Both texts, and of long ones the part in which they begin to differ."""
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
    start = max(0, common - _CONTEXT) if max(len(first), len(second)) > _LONGEST else 0
    return _cut(first, start), _cut(second, start)


def _cut(text: str, start: int) -> str:
    rest = f"…{text[start:]}" if start else text
    return rest if len(rest) <= _LONGEST else f"{rest[: _LONGEST - 1]}…"


def _usd(amount: float | None) -> str:
    return "not estimated" if amount is None else f"${amount:,.2f}"
