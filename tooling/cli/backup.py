from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tooling.cli.listing import WholeSentences
from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option

if TYPE_CHECKING:
    from tooling.keeping import Copy


@click.group(cls=WholeSentences)
def backup() -> None:
    """Copies of a stack's tables and databases, beside those that are made by themselves.

    \b
    groundplan backup create --env prod --stack kefir
    """


def _only_option(function: Any) -> Any:
    return click.option(
        "--only", multiple=True, metavar="NAME", help="Table or database, repeatable; all when not given."
    )(function)


@backup.command()
@env_option
@one_stack_option
@_only_option
@yes_option
@json_option
def create(env: str, stack: str, only: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Copy tables and databases now. A copy stays, and costs, until somebody deletes it.

    \b
    groundplan backup create --env prod --stack kefir
    """
    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.keeping import keep, keepers
    from tooling.live import live_stack
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        live = live_stack(session, session.stack)
        found = keepers(live, only)
    names = ", ".join(str(one.attributes.get("identifier") or one["name"]) for one in found)
    ask(session, f"a copy of {names}", reviewed="these are the right ones", yes=yes)
    with watching() as progress:
        session.progress = progress
        copies = keep(live, found)
    if as_json:
        print_json([_values(one) for one in copies])
        return
    for one in copies:
        click.echo(_line(one))


@backup.command("list")
@env_option
@one_stack_option
@_only_option
@json_option
def list_backups(env: str, stack: str, only: tuple[str, ...], as_json: bool) -> None:
    """Say what is kept by itself, and which copies there are.

    \b
    groundplan backup list --env prod --stack kefir
    """
    from tooling.cli.findings_text import findings_json, findings_text
    from tooling.keeping import by_themselves, keepers, kept
    from tooling.live import live_stack
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    session = open_session(find_workspace(), env, [stack])
    live = live_stack(session, session.stack)
    found = keepers(live, only)
    itself, copies = by_themselves(live, found), kept(live, found)
    if as_json:
        print_json({"by_itself": findings_json(itself), "copies": [_values(one) for one in copies]})
        return
    findings_text(itself)
    for one in copies:
        click.echo(f"  {_line(one)}")


def _values(one: Copy) -> dict[str, Any]:
    from tooling.moments import shown

    return {**asdict(one), "taken": shown(one.taken) if one.taken else None}


def _line(one: Copy) -> str:
    from tooling.moments import shown

    return f"{one.kind} {one.of}: {one.name}, {one.status}, {shown(one.taken) if one.taken else 'not yet'}"
