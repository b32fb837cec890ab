from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tooling.cli.db_app_user import create_app_user
from tooling.cli.db_options import database_option, host_option, port_option, sslmode_option
from tooling.cli.db_restore import restore, restore_test
from tooling.cli.listing import WholeSentences
from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option

if TYPE_CHECKING:
    from tooling.databases.snapshots import Snapshot


@click.group(cls=WholeSentences)
def db() -> None:
    """A stack's database: snapshots, restores, checks, the application's user.

    \b
    groundplan db snapshot --env prod --stack doomscroll
    """


db.add_command(restore)
db.add_command(restore_test)
db.add_command(create_app_user)


@db.command()
@env_option
@one_stack_option
@database_option
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until it can be restored from.")
@yes_option
@json_option
def snapshot(env: str, stack: str, database: str, wait: bool, yes: bool, as_json: bool) -> None:
    """Take a snapshot of the database, as before a major change. It stays until somebody deletes it.

    \b
    groundplan db snapshot --env prod --stack doomscroll
    """
    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.databases.model import find_database
    from tooling.databases.snapshots import take_snapshot
    from tooling.live import live_stack
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        live = live_stack(session, session.stack)
        found = find_database(live, database)
    ask(session, f"a snapshot of {found.identifier}", reviewed="this is the right database", yes=yes)
    with watching() as progress:
        session.progress = progress
        taken = take_snapshot(live, found, wait=wait)
    if as_json:
        print_json(_values(taken))
    else:
        click.echo(_line(taken))


@db.command("snapshots")
@env_option
@one_stack_option
@database_option
@json_option
def list_snapshots(env: str, stack: str, database: str, as_json: bool) -> None:
    """List the snapshots of the database, and the moments that it can be restored to.

    \b
    groundplan db snapshots --env prod --stack doomscroll
    """
    from tooling.databases.model import find_database
    from tooling.databases.restoring import find_window
    from tooling.databases.snapshots import snapshots
    from tooling.live import live_stack
    from tooling.moments import shown
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    session = open_session(find_workspace(), env, [stack])
    live = live_stack(session, session.stack)
    found = find_database(live, database)
    all_of_it = snapshots(live, found)
    window = find_window(live, found)
    first, last = (shown(window.first), shown(window.last)) if window else (None, None)
    if as_json:
        print_json({"database": found.identifier, "from": first, "to": last, "snapshots": [*map(_values, all_of_it)]})
        return
    click.echo(
        f"{found.identifier}: any moment from {first} to {last}" if window else f"{found.identifier}: no backups yet"
    )
    for one in all_of_it:
        click.echo(f"  {_line(one)}")


@db.command()
@env_option
@one_stack_option
@database_option
@host_option
@port_option
@sslmode_option
@json_option
def check(env: str, stack: str, database: str, host: str, port: int, sslmode: str, as_json: bool) -> None:
    """Ask whether the database is there, backed up, as its secret says, and whether one gets in.

    A private database is not reached from here; through a tunnel it is: --host 127.0.0.1 --port 15432.

    \b
    groundplan db check --env dev --stack doomscroll
    """
    from tooling.cli.findings_text import findings_json, findings_text, require_good
    from tooling.databases.checking import check_database
    from tooling.databases.model import find_database
    from tooling.live import live_stack
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    session = open_session(find_workspace(), env, [stack])
    live = live_stack(session, session.stack)
    looked = check_database(live, find_database(live, database), host=host, port=port, sslmode=sslmode)
    findings = list(looked)
    if as_json:
        print_json({"stack": session.stack.name, "findings": findings_json(findings)})
    else:
        findings_text(findings)
    require_good(findings, where=session.stack.name, what="the database is not as it should be")


def _values(one: Snapshot) -> dict[str, Any]:
    from tooling.moments import shown

    return {**asdict(one), "taken": shown(one.taken) if one.taken else None}


def _line(one: Snapshot) -> str:
    from tooling.moments import shown

    when = shown(one.taken) if one.taken else "not yet"
    return f"{one.name}: {one.kind}, {one.status}, {one.gib} GiB, {when}"
