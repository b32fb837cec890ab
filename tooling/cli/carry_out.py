"""What was just planned and shown, checked, asked about and applied: for commands that plan by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tooling.planning import PlanRun
    from tooling.session import Session


def carry_out(session: Session, run: PlanRun, *, yes: bool, quiet: bool = False) -> None:
    """As ``apply`` does it.

    Args:
        session: Run over the stacks that were planned.
        run: The plan; its changeset was shown.
        yes: Whether ``--yes`` was given.
        quiet: Say nothing of how each stack ended, where only the exit code counts.

    Raises:
        ToolError: Exit 4: it may not be applied. Exit 1: somebody decided against it, or a stack failed.
    """
    from tooling.artifacts import upload_packages
    from tooling.changeset.checking import check_changeset
    from tooling.changeset.conditions import notes
    from tooling.changeset.model import APPLY, DESTROY, REVERT
    from tooling.cli.confirm import confirm
    from tooling.cli.endings_text import endings_text
    from tooling.cli.live import watching
    from tooling.cli.steady import outlasting
    from tooling.endings import apply_to_the_end
    from tooling.workspace import said_file

    checked = check_changeset(session, run.changeset, run.folder)
    for told in notes(session, run.changeset):
        click.echo(told, err=True)
    confirm(session, run.changeset, yes=yes)
    kind = run.changeset.kind
    said = said_file(run.folder, DESTROY if kind == DESTROY else APPLY, session.clock())
    with outlasting(said, session.workspace.relative(said)):
        with watching() as progress:
            session.progress = progress
            if kind in (APPLY, REVERT):
                upload_packages(session)
            endings = apply_to_the_end(session, run.changeset, run.folder, checked)
        if not quiet:
            endings_text(session.env, endings)
        endings.require()
