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
def destroy(env: str, stacks: tuple[str, ...], lock_timeout: str, glass: tuple[BrokenGlass, ...], yes: bool) -> None:
    """Plan the end of every stack, show it, ask, and apply exactly that plan.

    What holds data and carries prevent_destroy is refused, and so is what AWS protects from deletion, and what env.toml
    does not let go; the message says how to lift that.

    \b
    groundplan destroy --env local --stack kefir
    """
    from tooling.cli.carry_out import carry_out
    from tooling.cli.live import watching
    from tooling.cli.show import plan_text
    from tooling.planning import plan_changeset
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    with watching() as progress:
        session = open_session(workspace, env, stacks, progress=progress, lock_timeout=lock_timeout)
        run = plan_changeset(session, destroy=True, glass=glass)
    plan_text(run, workspace.relative(run.folder))
    carry_out(session, run, yes=yes)
