from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tooling.cli.break_glass import break_glass_option
from tooling.cli.options import env_option, json_option, lock_timeout_option, print_json, stack_option
from tooling.errors import Exit

if TYPE_CHECKING:
    from tooling.changed import Changed
    from tooling.gate import BrokenGlass
    from tooling.workspace import Workspace


@click.command()
@env_option
@stack_option
@click.option(
    "--changed",
    "only_changed",
    is_flag=True,
    help="Only stacks of which something moved since their last whole apply; the account is not asked about others.",
)
@click.option("--list", "only_list", is_flag=True, help="With --changed: say which stacks and why, and plan nothing.")
@lock_timeout_option
@break_glass_option
@click.option("--exit-code", is_flag=True, help="End with 5 when there are changes.")
@json_option
def plan(
    env: str,
    stacks: tuple[str, ...],
    only_changed: bool,
    only_list: bool,
    lock_timeout: str,
    glass: tuple[BrokenGlass, ...],
    exit_code: bool,
    as_json: bool,
) -> int:
    """Plan every stack, gate each plan, and seal the result as a changeset.

    \b
    groundplan plan --env dev --stack kefir
    groundplan plan --env dev --changed
    groundplan plan --env prod --stack kefir --break-glass 'module.kefir.aws_sqs_queue.old=empty since May, see OPS-12'
    """
    from tooling.workspace import find_workspace

    if only_list and not only_changed:
        raise click.UsageError("--list goes with --changed.")
    workspace, changed = find_workspace(), None
    if only_changed:
        from tooling.changed import find_changed
        from tooling.cli.changed_text import changed_json, changed_text

        changed = find_changed(workspace, env, stacks)
        if not as_json:
            changed_text(changed)
        if only_list or not changed.reasons:
            if as_json:
                print_json(changed_json(changed) if only_list else {**_NO_PLAN, **changed_json(changed)})
            return Exit.DONE
        stacks = tuple(changed.reasons)
    return _plan(workspace, env, stacks, changed, lock_timeout, glass, exit_code, as_json)


# What --json prints where nothing was planned.
_NO_PLAN: dict[str, Any] = {"changeset": None, "folder": None, "stacks": {}}


def _plan(
    workspace: Workspace,
    env: str,
    stacks: tuple[str, ...],
    changed: Changed | None,
    lock_timeout: str,
    glass: tuple[BrokenGlass, ...],
    exit_code: bool,
    as_json: bool,
) -> int:
    from tooling.changeset.conditions import notes
    from tooling.cli.changed_text import changed_json
    from tooling.cli.live import watching
    from tooling.cli.show import plan_json, plan_text
    from tooling.planning import plan_changeset, require_passed
    from tooling.session import open_session

    with watching() as progress:
        session = open_session(workspace, env, stacks, progress=progress, lock_timeout=lock_timeout)
        run = plan_changeset(session, glass=glass)
    folder = workspace.relative(run.folder)
    if as_json:
        print_json({**plan_json(run, folder), **(changed_json(changed) if changed else {})})
    else:
        plan_text(run, folder)
        click.echo(f"report: {folder}/report.html, for a pull request {folder}/report.md")
    for told in notes(session, run.changeset):
        click.echo(told, err=True)
    require_passed(run)
    return Exit.CHANGES if exit_code and run.changeset.changes else Exit.DONE
