from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tooling.cli.db_options import database_option
from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option
from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.drill.rehearsal import Rehearsal


@click.command()
@env_option
@one_stack_option
@database_option
@yes_option
@json_option
def database(env: str, stack: str, database: str, yes: bool, as_json: bool) -> None:
    """Let the standby of a database take over, on the stack that is applied, and measure how long that takes.

    Connections break, and what is under way is rolled back. It ends with 1 when it took longer than three minutes.

    \b
    groundplan drill database --env dev --stack doomscroll
    """
    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.databases.model import find_database
    from tooling.drill.database import check_standby, drill_database
    from tooling.live import live_stack
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        live = live_stack(session, session.stack)
        found = find_database(live, database)
    check_standby(live, found)
    words = f"a failover of {found.identifier}; its connections break for minutes"
    ask(session, words, reviewed="its users know", yes=yes)
    with watching() as progress:
        session.progress = progress
        tried = drill_database(live, found)
    show(tried, as_json)


@click.command()
@env_option
@one_stack_option
@click.option("--service", default="", metavar="NAME", help="Which, where the stack has several.")
@yes_option
@json_option
def task(env: str, stack: str, service: str, yes: bool, as_json: bool) -> None:
    """Stop a task of a service, on the stack that is applied, and measure how long until another runs for it.

    Only where there are two at least and all run. It ends with 1 when it took longer than a minute.

    \b
    groundplan drill task --env dev --stack doomscroll
    """
    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.drill.task import drill_task, find_service
    from tooling.live import live_stack
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        live = live_stack(session, session.stack)
        found = find_service(live, service)
    ask(session, f"one of {found.wanted} tasks of {found.name} stopped", reviewed="its users know", yes=yes)
    with watching() as progress:
        session.progress = progress
        tried = drill_task(live, found)
    show(tried, as_json)


@click.command()
@env_option
@one_stack_option
@json_option
def region(env: str, stack: str, as_json: bool) -> None:
    """Print what is done when the region is lost, in order, with this stack's names; nothing is changed.

    Reads how fresh the copy of its backups in the other region is.

    \b
    groundplan drill region --env prod --stack doomscroll
    """
    from tooling.drill.region import latest_in_words, region_runbook
    from tooling.live import live_stack
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    session = open_session(find_workspace(), env, [stack])
    found = region_runbook(live_stack(session, session.stack))
    latest = latest_in_words(found)
    if as_json:
        print_json({**asdict(found), "latest": latest if found.latest else None})
        return
    click.secho(
        f"{session.stack.name}: {found.lost} is lost, {found.other} holds {found.database} up to {latest}", bold=True
    )
    for number, step in enumerate(found.steps, 1):
        click.echo(f"{number}. {step.what}")
        for command in step.commands:
            click.echo(f"   $ {command}")


def show(tried: Rehearsal, as_json: bool) -> None:
    """Raises ToolError, after it was shown, if it took longer than promised."""
    if as_json:
        print_json({**asdict(tried), "kept": tried.kept})
    else:
        sign, colour = ("✓", "green") if tried.kept else ("✗", "red")
        click.echo(f"{click.style(sign, fg=colour)} {tried.what}: {tried.saw} in {tried.seconds:.0f} s")
    if not tried.kept:
        raise ToolError(
            f"{tried.what} took {tried.seconds:g} s, {tried.promised:g} were promised",
            hint="what held it up is in its events; docs/runbooks.md",
        )
