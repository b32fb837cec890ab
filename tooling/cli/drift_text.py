"""Drift as text on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.drift.words import in_words, move_in_words, moved_in_words, summary_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tooling.drift.following import Follow
    from tooling.drift.model import DriftedResource, DriftReport, StackDrift

_COLOURS = {"reality": "red", "state": "magenta", "code": "yellow", "follows": "blue", "unexplained": "cyan"}
_LONGEST = 100


def drift_text(report: DriftReport) -> None:
    """Every stack, then all of them in one line."""
    for stack in report.stacks:
        _stack_text(stack)
    for failed in report.failed:
        click.secho(f"\n{failed.name}", bold=True)
        click.secho(f"  not looked at: {failed.why}", fg="red")
    click.secho(f"\n{summary_of(report)}", bold=True)


def _stack_text(stack: StackDrift) -> None:
    click.secho(f"\n{stack.name}", bold=True)
    click.echo(f"  {in_words(stack)}")
    for line in moved_in_words(stack):
        click.secho(f"  ! {line}", fg="yellow")
    for resource in stack.resources:
        _resource_text(resource)
    if stack.outputs:
        click.echo(f"  outputs that a plan would change: {', '.join(stack.outputs)}")
    for note in stack.notes:
        click.echo(f"  · {note}")


def _resource_text(resource: DriftedResource) -> None:
    place = f" [{resource.declared_at}]" if resource.declared_at else ""
    click.secho(f"  {resource.address}: {move_in_words(resource)}{place}", fg=_COLOURS[resource.moved[0]])
    for one in resource.attributes:
        click.echo(f"      {one.mover:<11} {one.path}: {_short(one.before)} → {_short(one.after)}")
    for deed in resource.deeds:
        click.echo(f"      by {deed.user}: {deed.event} at {deed.time} ({deed.source})")


def follow_text(follows: Sequence[Follow]) -> None:
    """Where the code has to follow what was accepted."""
    if not follows:
        return
    click.secho("the next plan puts these back unless the code follows:", bold=True)
    for follow in follows:
        what = f"{follow.address} {follow.path}".rstrip()
        click.echo(f"  {what}: {_short(follow.value)}" if follow.value else f"  {what}")
        click.echo(f"      {follow.where}")


def _short(text: str) -> str:
    shown = text or "(nothing)"
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
