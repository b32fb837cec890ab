"""A stale changeset on its way to being applied: what moved is said, and what differs is shown and asked about."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.changeset import Changeset, Stale
    from tooling.replanning import Ready, Replanned
    from tooling.session import Session

_FILES_SHOWN = 20


def ready_to_apply(
    session: Session,
    found: Ready | Stale,
    stale_one: Changeset,
    folder: Path,
    *,
    receipts: Sequence[Path],
    replan: bool,
    yes: bool,
) -> Ready:
    """What may be applied: what was asked for, or for a stale changeset the new one in its place.

    Args:
        session: Run over the stacks to apply.
        found: What :func:`tooling.replanning.check` gave back.
        stale_one: The changeset that was asked for.
        folder: Its folder.
        receipts: Files with receipts of the environment below.
        replan: Whether ``--replan`` was given.
        yes: Whether ``--yes`` was given: then nobody is asked, as in a script.

    Raises:
        ToolError: Exit 4: it is stale and nobody may decide, the gate refused the new plan, or it is not what was
            reviewed. Exit 1: somebody decided against it.
    """
    from tooling.cli.live import watching
    from tooling.replanning import Ready, accept, changed_files, movers, require_as_reviewed
    from tooling.replanning import replan as plan_again

    if isinstance(found, Ready):
        return found
    somebody_there = sys.stdin.isatty() and not yes
    if not replan and not somebody_there:
        command = f"groundplan apply --env {session.env} --replan"
        found.hint = f"{found.hint}; or, to go on where its changes are still what was reviewed: {command}"
        raise found
    _say_what_moved(found, movers(session, stale_one), changed_files(session, stale_one))
    with watching() as progress:
        session.progress = progress
        replanned = plan_again(session, stale_one, folder)
    _show(replanned)
    if somebody_there:
        _ask(session, replanned)
    else:
        require_as_reviewed(replanned)
    return accept(session, replanned, receipts)


def _say_what_moved(stale: Stale, by: Sequence[str], files: Sequence[str]) -> None:
    click.secho("the changeset is stale; nothing was applied", bold=True, err=True)
    for where, sentences in stale.moved.items():
        for sentence in sentences:
            click.echo(f"  {where}: {sentence}", err=True)
    for line in by:
        click.echo(f"  {line}", err=True)
    if files:
        more = f" and {len(files) - _FILES_SHOWN} more" if len(files) > _FILES_SHOWN else ""
        click.echo(f"  files that differ from the plan's commit: {', '.join(files[:_FILES_SHOWN])}{more}", err=True)
    click.echo("planning again", err=True)


def _show(replanned: Replanned) -> None:
    """Only what differs from the review; the gate's findings where it refuses."""
    from tooling.cli.difference_text import difference_text
    from tooling.cli.show import gate_text

    difference_text(replanned.difference, err=True)
    if replanned.difference.same_changes:
        click.echo("  the changes are exactly those that were reviewed", err=True)
    for plan in replanned.run.stacks:
        if not plan.gate.passed:
            gate_text(plan.gate)


def _ask(session: Session, replanned: Replanned) -> None:
    """What was not reviewed is asked about also where ``env.toml`` says ``confirm = false``.

    Raises:
        ToolError: The answer is no.
    """
    from tooling.planning import require_passed

    require_passed(replanned.run)
    if replanned.difference.same_changes or session.config.confirm:
        return
    if not click.confirm(f"Apply changeset {replanned.run.changeset.id} with these differences?", err=True):
        raise ToolError("not confirmed; nothing was changed")
