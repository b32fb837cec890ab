"""Asking before anything changes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.changeset import Changeset
    from tooling.session import Session


def confirm(session: Session, changeset: Changeset, *, first: str = "", yes: bool) -> None:
    """Let the environment's name be typed, unless ``--yes`` was given or ``env.toml`` says ``confirm = false``.

    Raises:
        ToolError: Exit 2 where nobody can answer; exit 1 for any other answer.
    """
    architectures = {stack.architecture for stack in session.stacks}
    parts = [part for part in changeset.stacks if part.architecture in architectures]
    totals: dict[str, int] = {}
    for part in parts:
        for action, count in part.changes.items():
            totals[action] = totals.get(action, 0) + count
    if not any(totals.values()):
        return
    words = ", ".join(f"{count} to {action}" for action, count in totals.items() if count)
    ask(session, f"{first}, then {words}" if first else words, reviewed="the plan was reviewed", yes=yes)


def ask(session: Session, words: str, *, reviewed: str, yes: bool) -> None:
    """Let the environment's name be typed before something is done to it.

    Args:
        session: Run over the stacks that it is done to.
        words: What is done.
        reviewed: What a script has to see to before it may give ``--yes``.
        yes: Whether it was given.

    Raises:
        ToolError: Exit 2 where nobody can answer; exit 1 for any other answer.
    """
    if yes or not session.config.confirm:
        return
    where = f"account {session.config.account_id}, {session.config.region}, on {session.target.name}"
    let_type(session.env, ", ".join(stack.name for stack in session.stacks), where, words, reviewed=reviewed)


def let_type(env: str, names: str, where: str, words: str, *, reviewed: str) -> None:
    """Ask for the environment's name; see :func:`ask`."""
    if not sys.stdin.isatty():
        raise ToolError(
            f"{names}: nobody is there to confirm {words}",
            hint=f"in a script, after {reviewed}: --yes",
            exit_code=Exit.USAGE,
        )
    click.echo(f"{names} ({where}): {words}", err=True)
    answer = click.prompt(f"Type '{env}' to go on", default="", show_default=False, err=True)
    if answer.strip() != env:
        raise ToolError("not confirmed; nothing was changed")
