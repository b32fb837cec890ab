from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tooling.cli.options import json_option, print_json

if TYPE_CHECKING:
    from tooling.cost.prices import Price
    from tooling.cost.refresh import Outcome, Refreshed


@click.command()
@click.option("--region", "regions", multiple=True, help="Region, repeatable; all that the table has when not given.")
@click.option("--id", "pattern", default="*", show_default=True, metavar="GLOB", help="Prices to ask for, as 'rds.*'.")
@click.option("--env", default=None, help="Environment whose account is asked; any credentials do when not given.")
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
@click.option("--table", type=click.Path(path_type=Path, dir_okay=False), help="Another table than the toolkit's own.")
@json_option
def refresh(
    regions: tuple[str, ...], pattern: str, env: str | None, dry_run: bool, table: Path | None, as_json: bool
) -> None:
    """Take today's prices from AWS's price list into the table that estimates use.

    Needs credentials of any AWS account, with pricing:GetProducts. A price is taken only when the list has
    exactly one product for it; all others stay as they are, and are named.

    \b
    groundplan cost refresh --id 'rds.*' --dry-run
    groundplan cost refresh --region eu-west-1
    """
    from tooling.cli.live import watching
    from tooling.cost.price_file import read_entries
    from tooling.cost.price_writing import write_figures
    from tooling.cost.prices import FILE
    from tooling.cost.refresh import chosen, client_for, refresh, regions_of
    from tooling.progress import Tick

    path = table or FILE
    entries = chosen(read_entries(path), pattern)
    wanted = regions_of(entries, regions)
    client = client_for(env)
    with watching() as progress:
        outcome = refresh(
            client, entries, wanted, told=lambda done, total: progress.tick(Tick("price list", "asked", done, total))
        )
        progress.tick(Tick("price list", "asked", finished=f"{len(outcome.refreshed)} found, {len(outcome.left)} left"))
    write = bool(outcome.refreshed) and not dry_run
    if write:
        write_figures(path, [each.figure for each in outcome.refreshed])
    if as_json:
        print_json(_values(outcome))
    else:
        _show(outcome, written=path if write else None)


def _show(outcome: Outcome, *, written: Path | None) -> None:
    changed = outcome.changed
    for each in changed:
        entry = each.figure.entry
        per = f"{entry.per:,} " if entry.per != 1 else ""
        click.echo(f"{entry.id}  {each.figure.region}  {_step(each)}  per {per}{entry.unit}")
    for left in outcome.left:
        if not left.by_hand:
            click.echo(f"{left.id}  {left.region}  stays: {left.why}")
    by_hand = sum(left.by_hand for left in outcome.left)
    same, stay = len(outcome.refreshed) - len(changed), len(outcome.left) - by_hand
    done = f"{written} is written" if written else "nothing was written"
    click.echo(f"{len(changed)} changed, {same} as they were, {stay} not taken, {by_hand} kept by hand; {done}")


def _step(each: Refreshed) -> str:
    percent = "" if each.percent is None else f" ({each.percent:+.1f} %)"
    old = [] if each.before is None else [tier.usd for tier in each.before.tiers]
    new = [tier.usd for tier in each.figure.tiers]
    return f"{_tiers(old)} -> {_tiers(new)}{percent}"


def _tiers(usd: list[Any]) -> str:
    from tooling.cost.price_writing import plain

    return "/".join(plain(each) for each in usd) or "none"


def _values(outcome: Outcome) -> dict[str, Any]:
    from tooling.cost.price_writing import plain

    def before(price: Price | None) -> str | None:
        return None if price is None else plain(price.usd)

    return {
        "refreshed": [
            {
                "id": each.figure.entry.id,
                "region": each.figure.region,
                "before": before(each.before),
                "usd": plain(each.figure.tiers[0].usd),
                "changed": each.changed,
                "sku": each.figure.sku,
                "as_of": each.figure.as_of.isoformat(),
            }
            for each in outcome.refreshed
        ],
        "left": [{"id": left.id, "region": left.region, "why": left.why} for left in outcome.left],
    }
