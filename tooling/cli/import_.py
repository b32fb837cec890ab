from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.options import env_option, json_option, one_stack_option, print_json
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.importing.writing import Import
    from tooling.workspace import Workspace


@click.command("import")
@env_option
@one_stack_option
@click.option(
    "--id", "ids", multiple=True, metavar="ADDRESS=ID", help="Id that is known, repeatable; the rest is looked for."
)
@click.option("--dry-run", is_flag=True, help="Write nothing; only say what is found and what would differ.")
@json_option
def import_(env: str, stack: str, ids: tuple[str, ...], dry_run: bool, as_json: bool) -> int:
    """Take over what exists: write import blocks for a stack, and prove that the plan with them is empty.

    What the stack would make is looked for in the account, by its names. Nothing is imported yet: the next plan and
    apply do it, through the gate and after the question. Ends with 5 when an apply would change or make anything
    beside. The signs: = found, ? not found, · in the state only, ! would be changed or made.

    \b
    groundplan import --env dev --stack kefir
    groundplan import --env dev --stack kefir --id module.kefir.aws_cognito_user_pool.users=us-east-1_AbCdEf
    """
    from tooling.cli.live import watching
    from tooling.importing.writing import import_stack
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    workspace, given = find_workspace(), dict(_parsed(entry) for entry in ids)
    with watching() as progress:
        session = open_session(workspace, env, [stack], progress=progress)
        found = import_stack(session, session.stack, given=given, dry_run=dry_run)
    if as_json:
        print_json(_values(workspace, found))
    else:
        _show(workspace, found, f"--env {env} --stack {stack}")
    return Exit.DONE if found.empty else Exit.CHANGES


def _parsed(entry: str) -> tuple[str, str]:
    address, _, identifier = entry.partition("=")
    if not address or not identifier:
        raise ToolError(f"--id {entry!r} is not ADDRESS=ID", exit_code=Exit.USAGE)
    return address, identifier


def _show(workspace: Workspace, found: Import, where: str) -> None:
    for address, identifier in found.ids.items():
        click.echo(f"  = {address}  {identifier}")
    for address, why in found.missing.items():
        click.echo(f"  ? {address}: {why}")
    for address, names in found.recorded.items():
        if names:
            click.echo(f"  · {address}: {', '.join(names)}: the apply enters it into the state and moves nothing")
        else:
            click.echo(f"  · {address}: is there, and has no import; an apply enters it and moves nothing")
    for one in found.differences:
        click.echo(f"  ! {one.address}: {one.action}")
        for moved in one.attributes:
            click.echo(f"      {moved.path}: {moved.before} → {moved.after}")
        if one.unread:
            click.echo(f"      the provider does not read {', '.join(one.unread)} at an import (docs/import.md)")
    if found.file:
        click.echo(f"wrote {workspace.relative(found.file)}: {len(found.ids)} blocks")
    if found.empty:
        click.echo("the plan with them is empty: nothing would change")
        if found.ids:
            click.echo(f"next: groundplan plan {where} && groundplan apply {where}, then remove the file")
        elif found.left_over:
            click.echo(f"everything is in the state; {workspace.relative(found.left_over)} may go")
    else:
        click.echo(f"the plan with them is not empty: {len(found.differences)} would be made or changed")
        if gone := [one.address for one in found.differences if one.action in ("replace", "destroy")]:
            click.echo(f"do not apply it: {', '.join(gone)} would be lost")
        click.echo("next: give ids (--id), or set values and code to what is there, and run it again")


def _values(workspace: Workspace, found: Import) -> dict[str, object]:
    return {
        "ids": dict(found.ids),
        "missing": dict(found.missing),
        "recorded": {address: list(names) for address, names in found.recorded.items()},
        "differences": [
            {
                "address": one.address,
                "action": one.action,
                "attributes": [moved.path for moved in one.attributes],
                "unread": list(one.unread),
            }
            for one in found.differences
        ],
        "file": workspace.relative(found.file) if found.file else None,
        "empty": found.empty,
    }
