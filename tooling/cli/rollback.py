from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.break_glass import break_glass_option
from tooling.cli.options import env_option, lock_timeout_option, one_stack_option, yes_option

if TYPE_CHECKING:
    from tooling.gate import BrokenGlass


@click.command()
@env_option
@one_stack_option
@click.option("--to", required=True, metavar="COMMIT|SERIAL", help="What git takes for a commit, or a state's serial.")
@click.option("--dry-run", is_flag=True, help="Plan, gate and show what going back would do, and stop.")
@lock_timeout_option
@break_glass_option
@yes_option
def rollback(
    env: str, stack: str, to: str, dry_run: bool, lock_timeout: str, glass: tuple[BrokenGlass, ...], yes: bool
) -> None:
    """Apply the configuration of an earlier commit again: planned, gated with today's policies, shown and asked about.

    Your checkout stays as it is; commit the same (git revert), or the next apply goes forward again. Data that is gone
    does not come back by this.

    \b
    groundplan rollback --env dev --stack rewind --to HEAD~1
    """
    from tooling.cli.carry_out import carry_out
    from tooling.cli.live import watching
    from tooling.cli.show import plan_text
    from tooling.planning import plan_changeset, require_passed
    from tooling.rolling_back import commit_of, earlier_project, require_applied, with_todays_rules
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    today = find_workspace()
    session = open_session(today, env, [stack])
    require_applied(session)
    commit = commit_of(session, to)
    with earlier_project(today, commit) as then:
        with watching() as progress:
            earlier = open_session(then, env, [stack], progress=progress, lock_timeout=lock_timeout)
            earlier = with_todays_rules(earlier, today)
            run = plan_changeset(earlier, glass=glass)
        click.echo(f"{env}/{stack} back to commit {commit[:12]}:", err=True)
        plan_text(run, then.relative(run.folder))
        require_passed(run)
        if not run.changeset.changes:
            click.echo(f"{env}/{stack}: that is what is applied already")
        elif not dry_run:
            carry_out(earlier, run, yes=yes)
            click.echo(
                f"the next apply goes forward again unless you commit what {commit[:12]} has (git revert)", err=True
            )
