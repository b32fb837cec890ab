from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tooling.cli.options import (
    env_option,
    json_option,
    lock_timeout_option,
    print_json,
    stack_option,
    yes_option,
)


@click.command()
@env_option
@stack_option
@click.option("--changeset", "name", default="latest", show_default=True, help="Id of the changeset to apply.")
@click.option(
    "--receipt",
    "receipts",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Receipt of the environment below, where its state bucket is out of reach; repeatable.",
)
@click.option(
    "--replan",
    is_flag=True,
    help="Plan a stale changeset again, and apply the new plan if it changes exactly what was reviewed.",
)
@click.option("--verify", is_flag=True, help="Verify each stack as soon as it is applied, while others still are.")
@click.option(
    "--snapshot-first", is_flag=True, help="Before anything changes, take a snapshot of each database of its stacks."
)
@lock_timeout_option
@yes_option
@json_option
def apply(
    env: str,
    stacks: tuple[str, ...],
    name: str,
    receipts: tuple[Path, ...],
    replan: bool,
    verify: bool,
    snapshot_first: bool,
    lock_timeout: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Apply a sealed changeset: exactly the plan files that were gated, and nothing else.

    What moved since it was planned is said. At a terminal the stacks are then planned again, the differences to what
    was reviewed are shown, and the new changeset is applied if you say so.

    \b
    groundplan plan --env dev && groundplan apply --env dev
    """
    from tooling.artifacts import upload_packages
    from tooling.changeset.conditions import notes
    from tooling.changeset.remaining import leave_out_applied
    from tooling.cli.confirm import confirm
    from tooling.cli.endings_text import endings_json, endings_text, left_out_text
    from tooling.cli.live import watching
    from tooling.cli.replan import ready_to_apply
    from tooling.cli.steady import outlasting
    from tooling.cli.verify import require_sound, show
    from tooling.databases.snapshots import snapshot_before
    from tooling.endings import apply_to_the_end
    from tooling.environment.stacks import names_all
    from tooling.replanning import check
    from tooling.session import open_changeset
    from tooling.verifying import Verification, verify_stack
    from tooling.workspace import find_workspace, said_file

    if TYPE_CHECKING:
        from tooling.environment.stacks import Stack

    verified: dict[str, Verification] = {}

    def look(stack: Stack) -> None:
        verified[stack.architecture] = verify_stack(session, stack)

    workspace = find_workspace()
    with watching() as progress:
        session, changeset, folder = open_changeset(
            workspace, env, stacks, name, progress=progress, lock_timeout=lock_timeout
        )
        done = leave_out_applied(session, changeset, folder) if names_all(stacks) else {}
        looked = check(session, changeset, folder, receipts)
    left_out_text(env, done)
    ready = ready_to_apply(session, looked, changeset, folder, receipts=receipts, replan=replan, yes=yes)
    changeset, folder, checked = ready.changeset, ready.folder, ready.checked
    for told in notes(session, changeset):
        click.echo(told, err=True)
    confirm(session, changeset, first="a snapshot of every database" if snapshot_first else "", yes=yes)
    said = said_file(folder, "apply", session.clock())
    with outlasting(said, workspace.relative(said)):
        with watching() as progress:
            session.progress = progress
            for taken in snapshot_before(session, changeset) if snapshot_first else ():
                click.echo(f"snapshot {taken.name} of {taken.database}", err=True)
            if changeset.kind in ("apply", "revert"):
                upload_packages(session)
            then = look if verify and changeset.kind == "apply" else None
            endings = apply_to_the_end(session, changeset, folder, checked, then=then).with_left_out(done)
        found = [verified[one.architecture] for one in endings.applied if one.architecture in verified]
        if as_json:
            print_json(endings_json(changeset, endings, found if verify else None))
        else:
            endings_text(env, endings)
            click.echo(f"receipt in {workspace.relative(folder)}")
            show(env, found)
        endings.require()
        require_sound(env, found)
