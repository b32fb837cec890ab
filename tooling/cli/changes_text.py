"""What a plan takes away, opens and grants, as text on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tooling.gate import Finding, GateResult
    from tooling.gate.changes import Changes

#: Lines of a kind; gate.json has all.
_SHOWN = 8


def changes_text(result: GateResult) -> None:
    """The blast radius, new doors and wider grants, each in a line or a few; nothing where there are none."""
    changes = result.changes
    if changes is not None:
        _blast_text(changes)
        if changes.existing:
            _lines([f"new door: {door.address}: {door.sentence}" for door in changes.new_doors], "yellow")
            _lines([f"granted more: {grant.subject}: {grant.statement}" for grant in changes.widened], "yellow")
            narrower = len(changes.grants) - len(changes.widened)
            if narrower:
                click.echo(f"  {narrower} grant{'s' if narrower > 1 else ''} narrower")
        elif changes.doors:
            click.echo(f"  {len(changes.doors)} doors to the outside, all new: gate.json has them")
    for line in _broken(result.excused):
        click.secho(f"  ! {line}", fg="red")


def _blast_text(changes: Changes) -> None:
    counts = (
        (len(changes.destroys), "destroyed"),
        (len(changes.replaces), "replaced"),
        (len(changes.forgets), "forgotten, which stay"),
    )
    words = ", ".join(f"{count} {what}" for count, what in counts if count)
    if words:
        click.echo(f"  blast radius: {words}")
    _lines([f"data goes: {loss.address}: {loss.what}" for loss in changes.stateful], "red")


def _lines(lines: list[str], colour: str) -> None:
    for line in lines[:_SHOWN]:
        click.secho(f"  ! {line}", fg=colour)
    if len(lines) > _SHOWN:
        click.echo(f"    and {len(lines) - _SHOWN} more: gate.json has them")


def _broken(excused: tuple[Finding, ...]) -> Iterator[str]:
    """One line for each address, whatever it excuses there."""
    rules: dict[tuple[str, str], list[str]] = {}
    for finding in excused:
        if finding.glass is not None:
            rules.setdefault((finding.glass.address, finding.glass.reason), []).append(finding.check_id)
    for (address, reason), ids in rules.items():
        yield f"broken glass: {address}: {reason} ({', '.join(sorted(set(ids)))})"
