"""Which stacks moved since their last apply, and why, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from tooling.changed import Changed

# Reasons of one stack, and names of unchanged ones, that a line holds; the JSON has them all.
_SHOWN, _NAMED = 3, 20


def changed_text(changed: Changed) -> None:
    for name, reasons in changed.reasons.items():
        more = f" (and {len(reasons) - _SHOWN} more)" if len(reasons) > _SHOWN else ""
        click.echo(f"{changed.env}/{name}: {'; '.join(reasons[:_SHOWN])}{more}")
    if changed.unchanged:
        more = f" and {len(changed.unchanged) - _NAMED} more" if len(changed.unchanged) > _NAMED else ""
        click.echo(f"unchanged since the last apply: {', '.join(changed.unchanged[:_NAMED])}{more}")
    if not changed.reasons:
        click.echo("nothing moved: there is nothing to plan (without --changed, plan asks the account)")


def changed_json(changed: Changed) -> dict[str, Any]:
    """``changed``: by stack the reasons; ``unchanged``: the other stacks."""
    return {
        "changed": {f"{changed.env}/{name}": list(reasons) for name, reasons in changed.reasons.items()},
        "unchanged": [f"{changed.env}/{name}" for name in changed.unchanged],
    }
