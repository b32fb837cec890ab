from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.break_glass import break_glass_option
from tooling.cli.options import env_option, lock_timeout_option, stack_option, yes_option

if TYPE_CHECKING:
    from tooling.gate import BrokenGlass


@click.command()
@env_option
@stack_option
@lock_timeout_option
@break_glass_option
@yes_option
def update(env: str, stacks: tuple[str, ...], lock_timeout: str, glass: tuple[BrokenGlass, ...], yes: bool) -> None:
    """Plan, gate, show, ask and apply in one go, for stacks that are applied already.

    A stack in which nothing is yet is refused: its first apply is `plan` and `apply`.

    \b
    groundplan update --env staging --stack solemate
    """
    from tooling.cli.carry_out import carry_out
    from tooling.cli.live import watching
    from tooling.cli.show import plan_text
    from tooling.planning import plan_changeset, require_passed
    from tooling.rolling_back import require_applied
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    with watching() as progress:
        session = open_session(workspace, env, stacks, progress=progress, lock_timeout=lock_timeout)
        require_applied(session)
        run = plan_changeset(session, glass=glass)
    plan_text(run, workspace.relative(run.folder))
    require_passed(run)
    if run.changeset.changes:
        carry_out(session, run, yes=yes)
    else:
        click.echo(f"{env}: nothing to update")
