from __future__ import annotations

import click

from tooling.cli.db_options import database_option
from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option
from tooling.errors import Exit, ToolError


@click.command()
@env_option
@one_stack_option
@database_option
@click.option("--to", metavar="TIME", help="As of when: ISO 8601 with zone, '2h ago' or latest.")
@click.option("--snapshot", metavar="NAME", help="Or from which snapshot; see db snapshots.")
@click.option("--as", "name", metavar="IDENTIFIER", help="Name of the new instance; made up when not given.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until it is available.")
@yes_option
@json_option
def restore(
    env: str,
    stack: str,
    database: str,
    to: str | None,
    snapshot: str | None,
    name: str | None,
    wait: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Make a new instance of the database as it was at a moment; the one that is there is not touched.

    The new one stands in no state and costs until it is deleted. docs/runbooks.md says how its rows get back.

    \b
    groundplan db restore --env prod --stack doomscroll --to '2h ago'
    """
    from datetime import UTC, datetime

    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.databases.model import find_database
    from tooling.databases.restoring import check_moment, new_name, restorable
    from tooling.databases.restoring import restore as bring_back
    from tooling.databases.snapshots import find_snapshot
    from tooling.live import live_stack
    from tooling.moments import moment, shown
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    if bool(to) == bool(snapshot):
        raise ToolError("give either --to or --snapshot", exit_code=Exit.USAGE)
    when = moment(to, datetime.now(UTC)) if to and to != "latest" else None
    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        live = live_stack(session, session.stack)
        found = find_database(live, database)
        taken = find_snapshot(live, found, snapshot) if snapshot else None
        window = None if snapshot else restorable(live, found)
    if window and when:
        check_moment(window, when, session.stack.name, found.retention_days)
    as_of = when or (window.last if window else taken and taken.taken) or session.clock()
    new = name or new_name(found, as_of)
    what = f"the snapshot {snapshot}" if snapshot else f"{found.identifier} as of {shown(as_of)}"
    ask(session, f"a new instance {new} from {what}; it costs until deleted", reviewed="the moment is right", yes=yes)
    with watching() as progress:
        session.progress = progress
        restored = bring_back(live, found, new, moment=when, snapshot=snapshot or "", wait=wait)
    if as_json:
        print_json(
            {
                "identifier": restored.identifier,
                "host": restored.host,
                "from": snapshot or shown(as_of),
                "seconds": restored.seconds,
            }
        )
        return
    click.echo(f"{restored.identifier}: from {what}, {restored.host or 'not available yet'}")
    click.echo("next: compare its rows and bring them back, as docs/runbooks.md has it; then delete it")


@click.command("restore-test")
@env_option
@one_stack_option
@database_option
@yes_option
@json_option
def restore_test(env: str, stack: str, database: str, yes: bool, as_json: bool) -> None:
    """Restore the newest backup into an instance of its own, look at it, and delete it again.

    Made for once a month. It takes as long as a real restore would, says how long that was, and costs as much.

    \b
    groundplan db restore-test --env prod --stack doomscroll
    """
    from tooling.cli.confirm import ask
    from tooling.cli.findings_text import findings_json, findings_text, require_good
    from tooling.cli.live import watching
    from tooling.databases.model import find_database
    from tooling.databases.restore_testing import restore_test as try_out
    from tooling.live import live_stack
    from tooling.moments import shown
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        live = live_stack(session, session.stack)
        found = find_database(live, database)
    words = f"a restore of {found.identifier} into an instance that is deleted again"
    ask(session, words, reviewed="its cost is known", yes=yes)
    with watching() as progress:
        session.progress = progress
        tested = try_out(live, found)
    if as_json:
        print_json(
            {
                "database": tested.database,
                "moment": shown(tested.moment),
                "seconds": tested.seconds,
                "findings": findings_json(tested.findings),
            }
        )
    else:
        click.echo(f"{tested.database} as of {shown(tested.moment)}: restored in {tested.seconds:.0f} s, and deleted")
        findings_text(tested.findings, indent="  ")
    require_good(tested.findings, where=session.stack.name, what="the restored database is not its source")
