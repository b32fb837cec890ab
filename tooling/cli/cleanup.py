from __future__ import annotations

from dataclasses import asdict

import click

from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option


@click.command()
@env_option
@one_stack_option
@click.option(
    "--older-than",
    "age",
    default="30d",
    show_default=True,
    metavar="AGE",
    help="Snapshots and volumes made that long ago, as 30d or 12h.",
)
@click.option(
    "--log-days",
    default="30",
    show_default=True,
    type=click.Choice(["1", "3", "5", "7", "14", "30", "60", "90", "180", "365"]),
    help="How long log groups without an end keep their events from now on.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and stop.")
@yes_option
@json_option
def cleanup(env: str, stack: str, age: str, log_days: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Find what a stack left behind: old snapshots, volumes on nothing, logs kept for ever; then clean it up.

    Told and left alone are the newest snapshot of a database, final ones, those that were taken by other means, and
    whatever is not this stack's.

    \b
    groundplan cleanup --env dev --stack doomscroll --dry-run
    """
    from datetime import UTC, datetime

    from tooling.cleaning import LOG_GROUP, clean, in_words, leftovers
    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.live import live_stack
    from tooling.moments import age_ago
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    before = age_ago(age, datetime.now(UTC))
    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        live = live_stack(session, session.stack)
        found = leftovers(live, before)
    going = [one for one in found if not one.keep]
    if not as_json:
        for one in found:
            sign = "·" if one.keep else "~" if one.kind == LOG_GROUP else "-"
            why = f": left alone, {one.keep}" if one.keep else ""
            click.echo(f"{sign} {one.kind} {one.name} ({one.region}), {one.saw}{why}")
    done = 0
    if going and not dry_run:
        ask(session, in_words(going, int(log_days)), reviewed="--dry-run was read", yes=yes)
        with watching() as progress:
            session.progress = progress
            done = clean(live, found, retention_days=int(log_days))
    if as_json:
        print_json({"leftovers": [asdict(one) for one in found], "cleaned": done, "dry_run": dry_run})
    else:
        click.echo(f"{len(going)} would be cleaned up" if dry_run else f"{done} cleaned up")
