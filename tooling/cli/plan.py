from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.break_glass import break_glass_option
from tooling.cli.options import env_option, json_option, lock_timeout_option, print_json, stack_option
from tooling.errors import Exit

if TYPE_CHECKING:
    from tooling.gate import BrokenGlass


@click.command()
@env_option
@stack_option
@lock_timeout_option
@break_glass_option
@click.option("--exit-code", is_flag=True, help="End with 5 when there are changes.")
@json_option
def plan(
    env: str,
    stacks: tuple[str, ...],
    lock_timeout: str,
    glass: tuple[BrokenGlass, ...],
    exit_code: bool,
    as_json: bool,
) -> int:
    """Plan every stack, gate each plan, and seal the result as a changeset.

    \b
    groundplan plan --env dev --stack kefir
    groundplan plan --env prod --stack kefir --break-glass 'module.kefir.aws_sqs_queue.old=empty since May, see OPS-12'
    """
    from tooling.changeset.conditions import notes
    from tooling.cli.live import watching
    from tooling.cli.show import plan_json, plan_text
    from tooling.planning import plan_changeset, require_passed
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    with watching() as progress:
        session = open_session(workspace, env, stacks, progress=progress, lock_timeout=lock_timeout)
        run = plan_changeset(session, glass=glass)
    folder = workspace.relative(run.folder)
    if as_json:
        print_json(plan_json(run, folder))
    else:
        plan_text(run, folder)
        click.echo(f"report: {folder}/report.html, for a pull request {folder}/report.md")
    for told in notes(session, run.changeset):
        click.echo(told, err=True)
    require_passed(run)
    return Exit.CHANGES if exit_code and run.changeset.changes else Exit.DONE
