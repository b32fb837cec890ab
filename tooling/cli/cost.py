from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import click

from tooling.cli.cost_refresh import refresh
from tooling.cli.listing import WholeSentences
from tooling.cli.options import env_option, json_option, print_json, stack_option

if TYPE_CHECKING:
    from tooling.cost.bills import Bill


@click.group(cls=WholeSentences)
def cost() -> None:
    """What stacks are expected to cost, what they did cost, and the prices that are reckoned with.

    \b
    groundplan cost estimate --env dev --by service
    """


@cost.command()
@env_option
@stack_option
@click.option("--changeset", "name", default="latest", show_default=True, help="Id of the changeset to estimate.")
@click.option(
    "--by",
    type=click.Choice(["resource", "service"]),
    default="resource",
    show_default=True,
    help="How lines are put together.",
)
@json_option
def estimate(env: str, stacks: tuple[str, ...], name: str, by: str, as_json: bool) -> None:
    """Estimate a month of the stacks of a changeset, from their plans; needs no account.

    Every line says whether the plan alone decides it (fixed), an assumption of envs/ENV/usage.yaml does (usage), or
    nobody knows (unknown).

    \b
    groundplan cost estimate --env prod --stack doomscroll --by service
    """
    from datetime import UTC, datetime

    from tooling.cli.cost_text import estimates_text
    from tooling.cost import to_json
    from tooling.cost.prices import load_prices
    from tooling.costing import estimate_changeset
    from tooling.workspace import find_workspace

    found = estimate_changeset(find_workspace(), env, stacks, name)
    if old := load_prices().age_warning(datetime.now(UTC).date()):
        click.echo(f"warning: {old}", err=True)
    if as_json:
        print_json({each.stack: to_json(each) for each in found})
    else:
        estimates_text(found, by)


cost.add_command(refresh)


@cost.command()
@env_option
@stack_option
@click.option("--weekly", is_flag=True, help="The last seven days; this month when not given.")
@click.option(
    "--by", type=click.Choice(["service", "day"]), default="service", show_default=True, help="What to add up by."
)
@json_option
def report(env: str, stacks: tuple[str, ...], weekly: bool, by: Literal["service", "day"], as_json: bool) -> None:
    """Print what was paid for each stack, as Cost Explorer has it by their tags. AWS takes a cent for each question.

    \b
    groundplan cost report --env prod --stack rewind --weekly
    """
    from tooling.cli.cost_text import bill_text
    from tooling.cli.live import watching
    from tooling.costing import bill_of
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, stacks, progress=progress)
        bills = [bill_of(session, stack, by, weekly=weekly) for stack in session.stacks]
    if as_json:
        print_json({bill.stack: _values(bill) for bill in bills})
    else:
        for bill in bills:
            bill_text(bill)


def _values(bill: Bill) -> dict[str, Any]:
    return {
        "first": bill.period.first.isoformat(),
        "last": bill.period.last.isoformat(),
        "usd": float(bill.total),
        "paid": [{"name": paid.name, "usd": float(paid.usd), "estimated": paid.estimated} for paid in bill.paid],
    }
