from __future__ import annotations

import click

from tooling.cli.listing import WholeSentences
from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option


@click.group(cls=WholeSentences)
def mail() -> None:
    """What a stack sends by SES.

    \b
    groundplan mail prune-suppressions --env prod --stack doomscroll --dry-run
    """


@mail.command("prune-suppressions")
@env_option
@one_stack_option
@click.option(
    "--older-than", "age", default="14d", show_default=True, metavar="AGE", help="Entries that old, as 14d or 12h."
)
@click.option("--complaints", is_flag=True, help="Also addresses that complained; bounces only when not given.")
@click.option("--dry-run", is_flag=True, help="Say how many there are, and stop.")
@yes_option
@json_option
def prune_suppressions(
    env: str, stack: str, age: str, complaints: bool, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Take addresses off the list of those that SES sends nothing to, once they are old enough.

    SES has no such setting, so this is run by hand or by a schedule. The list is one an account and region. No address
    is shown.

    \b
    groundplan mail prune-suppressions --env prod --stack doomscroll --older-than 14d
    """
    from datetime import UTC, datetime

    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.live import live_stack
    from tooling.moments import age_ago, shown
    from tooling.session import open_session
    from tooling.suppressions import BOUNCE, COMPLAINT, prune, sending_regions, suppressed
    from tooling.workspace import find_workspace

    before = age_ago(age, datetime.now(UTC))
    reasons = (BOUNCE, COMPLAINT) if complaints else (BOUNCE,)
    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        live = live_stack(session, session.stack)
        regions = sending_regions(live)
        found = suppressed(live, before, reasons)
    done = 0
    if found and not dry_run:
        addresses = "1 address" if len(found) == 1 else f"{len(found)} addresses"
        words = f"{addresses} off the suppression list of {', '.join(regions)}"
        ask(session, words, reviewed="--dry-run was read", yes=yes)
        with watching() as progress:
            session.progress = progress
            done = prune(live, found)
    oldest = shown(found[0].since) if found else None
    if as_json:
        print_json({"regions": regions, "before": shown(before), "found": len(found), "oldest": oldest, "pruned": done})
        return
    since = f", the oldest since {oldest}" if oldest else ""
    click.echo(f"{', '.join(regions)}: {len(found)} since before {shown(before)}{since}; {done} taken off")
