from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tooling.cli.listing import WholeSentences
from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option

if TYPE_CHECKING:
    from tooling.replaying import Replay


@click.group(cls=WholeSentences)
def events() -> None:
    """Events that went over the bus once, and are kept in the stack's archive.

    \b
    groundplan events list --env dev --stack nullcheck
    groundplan events replay --env dev --stack nullcheck --from '2h ago' --to now
    """


@events.command("list")
@env_option
@one_stack_option
@json_option
def list_events(env: str, stack: str, as_json: bool) -> None:
    """Say what the archive keeps, and which replays there were.

    \b
    groundplan events list --env dev --stack nullcheck
    """
    from tooling.cli.live import watching
    from tooling.moments import shown
    from tooling.replaying import find_archive, replays
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        archive = find_archive(session, session.stack)
        found = replays(session, session.stack, archive)
    kept = f"{archive.retention_days} days" if archive.retention_days else "for ever"
    if as_json:
        about = {"arn": archive.arn, "created": shown(archive.created), "retention_days": archive.retention_days}
        print_json({"archive": {**about, "events": archive.events}, "replays": [_values(one) for one in found]})
        return
    click.echo(f"{archive.arn}: {archive.events} events since {shown(archive.created)}, kept {kept}")
    for one in found:
        click.echo(f"  {_line(one)}")


@events.command()
@env_option
@one_stack_option
@click.option("--from", "since", required=True, metavar="TIME", help="First event: ISO 8601 with zone, or '2h ago'.")
@click.option("--to", "until", required=True, metavar="TIME", help="Last event: ISO 8601 with zone, '1h ago' or now.")
@click.option("--rule", "rules", multiple=True, help="Rule that gets them, repeatable; all when not given.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Follow the replay until it has ended.")
@yes_option
@json_option
def replay(
    env: str, stack: str, since: str, until: str, rules: tuple[str, ...], wait: bool, yes: bool, as_json: bool
) -> None:
    """Send the events of a period over their bus again; whoever listens handles them a second time.

    \b
    groundplan events replay --env dev --stack nullcheck --from '2h ago' --to now --rule nullcheck-dev-upload-completed
    """
    from datetime import UTC, datetime

    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.moments import moment, shown
    from tooling.replaying import check_period, find_archive, follow, start_replay
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    now = datetime.now(UTC)
    first, last = moment(since, now), moment(until, now)
    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        archive = find_archive(session, session.stack)
        check_period(archive, first, last, now)
    who = ", ".join(rules) or "every rule"
    ask(
        session, f"events from {shown(first)} to {shown(last)} again, to {who}", reviewed="the period is right", yes=yes
    )
    with watching() as progress:
        session.progress = progress
        found = start_replay(session, session.stack, archive, first, last, rules)
        found = follow(session, session.stack, found) if wait else found
    if as_json:
        print_json(_values(found))
    else:
        click.echo(_line(found))


def _values(replay: Replay) -> dict[str, Any]:
    from tooling.moments import shown

    times = {"from": shown(replay.events_from), "to": shown(replay.events_to)}
    return {"name": replay.name, "state": replay.state, **times, "reached": replay.reached and shown(replay.reached)}


def _line(replay: Replay) -> str:
    from tooling.moments import shown

    return (
        f"{replay.name}: {replay.state.lower()}, events from {shown(replay.events_from)} to {shown(replay.events_to)}"
    )
