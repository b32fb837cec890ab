from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.live import Finding

_SIGNS = {
    "ok": ("✓", "green"),
    "failed": ("✗", "red"),
    "warned": ("!", "yellow"),
    "skipped": ("·", "white"),
    "manual": ("?", "cyan"),
}


def findings_text(found: Iterable[Finding], *, indent: str = "", below: str | None = None) -> None:
    """A line for each, with what it means and the next step below it.

    Args:
        found: What was found.
        indent: Begins each line.
        below: Begins the lines below, where those begin otherwise.
    """
    under = indent if below is None else below
    for one in found:
        sign, colour = _SIGNS[one.status]
        click.echo(f"{indent}{click.style(sign, fg=colour)} {one.name}: {one.saw}")
        if one.means:
            click.echo(f"{under}    means: {one.means}")
        if one.next:
            click.echo(f"{under}    next: {one.next}")


def findings_json(found: Iterable[Finding]) -> list[dict[str, Any]]:
    return [asdict(one) for one in found]


def require_good(found: Sequence[Finding], *, where: str, what: str = "not as it should be") -> None:
    """Raises ToolError if a finding failed, after all of them were shown."""
    bad = list(dict.fromkeys(one.name for one in found if one.bad))
    if bad:
        raise ToolError(f"{what}: {', '.join(bad)}", where=where, hint="each says above what to do next")
