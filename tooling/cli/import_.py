from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tooling.importing.entering import Entry
    from tooling.importing.model import Difference
    from tooling.importing.writing import Import
    from tooling.session import Session
    from tooling.workspace import Workspace


@click.command("import")
@env_option
@one_stack_option
@click.option(
    "--id", "ids", multiple=True, metavar="ADDRESS=ID", help="Id that is known, repeatable; the rest is looked for."
)
@click.option("--dry-run", is_flag=True, help="Write nothing; only say what is found and what would differ.")
@click.option(
    "--enter", "at_once", is_flag=True, help="Enter it into the state at once, instead of writing blocks; asks first."
)
@yes_option
@json_option
def import_(env: str, stack: str, ids: tuple[str, ...], dry_run: bool, at_once: bool, yes: bool, as_json: bool) -> int:
    """Take over what exists: write import blocks for a stack, and prove that the plan with them is empty.

    What the stack would make is looked for in the account, by its names. Nothing is imported yet: the next plan and
    apply do it, through the gate and after the question. Ends with 5 when an apply would change or make anything
    beside. The signs: = found, ? not found, · in the state only, ! would be changed or made.

    With --enter all that is found goes into the state at once, as resume does it: for what the provider would replace
    after an import, as an app client of Cognito. What the provider does not read is taken from the configuration.

    \b
    groundplan import --env dev --stack kefir
    groundplan import --env dev --stack kefir --enter
    groundplan import --env dev --stack kefir --id module.kefir.aws_cognito_user_pool.users=us-east-1_AbCdEf
    """
    from tooling.cli.live import watching
    from tooling.importing.entering import find_entry
    from tooling.importing.writing import import_stack
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    workspace, given = find_workspace(), dict(_parsed(entry) for entry in ids)
    with watching() as progress:
        session = open_session(workspace, env, [stack], progress=progress)
        if not at_once:
            found = import_stack(session, session.stack, given=given, dry_run=dry_run)
        else:
            entry = find_entry(session, session.stack, given=given)
    if at_once:
        return _enter(session, entry, dry_run=dry_run, yes=yes, as_json=as_json)
    if as_json:
        print_json(_values(workspace, found))
    else:
        _show(workspace, found, f"--env {env} --stack {stack}")
    return Exit.DONE if found.empty else Exit.CHANGES


def _enter(session: Session, entry: Entry, *, dry_run: bool, yes: bool, as_json: bool) -> int:
    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.importing.entering import enter

    if not as_json:
        _show_found(entry.ids, entry.missing)
        _show_differences(entry.differences)
    serial = entry.version.serial
    if entry.ids and not dry_run:
        ask(session, f"{len(entry.ids)} enter the state", reviewed="its --dry-run was read", yes=yes)
        with watching() as progress:
            serial = enter(replace(session, progress=progress), session.stack, entry).serial
    if as_json:
        differences = [_difference(one) for one in entry.differences]
        known = {"ids": dict(entry.ids), "missing": dict(entry.missing)}
        print_json({**known, "differences": differences, "entered": not dry_run, "serial": serial})
    elif not entry.ids:
        click.echo("nothing was found that is not in the state")
    elif dry_run:
        click.echo(f"{len(entry.ids)} would enter the state")
    else:
        click.echo(f"{len(entry.ids)} entered, state serial {serial}; state and account agree")
    if not as_json:
        left = len(entry.differences)
        click.echo(f"a plan would make or change {left}" if left else "a plan is empty: nothing would change")
    return Exit.CHANGES if entry.differences else Exit.DONE


def _parsed(entry: str) -> tuple[str, str]:
    address, _, identifier = entry.partition("=")
    if not address or not identifier:
        raise ToolError(f"--id {entry!r} is not ADDRESS=ID", exit_code=Exit.USAGE)
    return address, identifier


def _show(workspace: Workspace, found: Import, where: str) -> None:
    _show_found(found.ids, found.missing)
    for address, names in found.recorded.items():
        if names:
            click.echo(f"  · {address}: {', '.join(names)}: the apply enters it into the state and moves nothing")
        else:
            click.echo(f"  · {address}: is there, and has no import; an apply enters it and moves nothing")
    _show_differences(found.differences)
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
        if any(one.unread for one in found.differences):
            click.echo(
                f"what the provider does not read can be entered all the same: groundplan import {where} --enter"
            )
        click.echo("next: give ids (--id), or set values and code to what is there, and run it again")


def _show_found(ids: Mapping[str, str], missing: Mapping[str, str]) -> None:
    for address, identifier in ids.items():
        click.echo(f"  = {address}  {identifier}")
    for address, why in missing.items():
        click.echo(f"  ? {address}: {why}")


def _show_differences(differences: Sequence[Difference]) -> None:
    for one in differences:
        click.echo(f"  ! {one.address}: {one.action}")
        for moved in one.attributes:
            click.echo(f"      {moved.path}: {moved.before} → {moved.after}")
        if one.unread:
            click.echo(f"      the provider does not read {', '.join(one.unread)} at an import (docs/import.md)")


def _difference(one: Difference) -> dict[str, object]:
    paths = [moved.path for moved in one.attributes]
    return {"address": one.address, "action": one.action, "attributes": paths, "unread": list(one.unread)}


def _values(workspace: Workspace, found: Import) -> dict[str, object]:
    return {
        "ids": dict(found.ids),
        "missing": dict(found.missing),
        "recorded": {address: list(names) for address, names in found.recorded.items()},
        "differences": [_difference(one) for one in found.differences],
        "file": workspace.relative(found.file) if found.file else None,
        "empty": found.empty,
    }
