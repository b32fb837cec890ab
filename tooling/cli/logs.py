from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from tooling.cli.harmless import harmless, one_line
from tooling.cli.listing import WholeSentences
from tooling.cli.opening import open_live
from tooling.cli.options import env_option, json_option, one_stack_option, print_json
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tooling.logs.reading import LogEvent

_since = click.option(
    "--since", default="10m ago", show_default=True, metavar="TIME", help="ISO 8601 with zone, or '2h ago'."
)


@click.group(cls=WholeSentences)
def logs() -> None:
    """What functions, services and networks of a stack log, and the questions kept for it.

    \b
    groundplan logs tail ApiStack/handleAuth --env dev --stack kefir --follow
    """


@logs.command("list")
@env_option
@one_stack_option
@json_option
def list_groups(env: str, stack: str, as_json: bool) -> None:
    """List the log groups of a stack: short name, group, how long it keeps lines, its page in the console.

    \b
    groundplan logs list --env dev --stack kefir
    """
    from tooling.logs.groups import log_groups

    found = log_groups(open_live(env, stack))
    if as_json:
        print_json(
            [
                {
                    "short": one.short,
                    "name": one.name,
                    "region": one.region,
                    "retention_days": one.retention_days,
                    "console": one.console,
                }
                for one in found
            ]
        )
        return
    for one in found:
        kept = f"{one.retention_days} days" if one.retention_days else "for ever"
        click.echo(f"{one.short}: {one.name}, {one.region}, kept {kept}\n    {one.console}")


@logs.command()
@env_option
@one_stack_option
@click.argument("name")
@_since
@click.option("--until", default="", metavar="TIME", help="Likewise; not with --follow.  [default: all that there is]")
@click.option("--filter", "pattern", default="", help="Only lines that match this pattern of CloudWatch's.")
@click.option("--follow", "-f", is_flag=True, help="Go on with each new line, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
def tail(env: str, stack: str, name: str, since: str, until: str, pattern: str, follow: bool, as_json: bool) -> None:
    """Print the lines of a log, oldest first.

    NAME: a function, service or container, with or without its part in front; or a log group.

    \b
    groundplan logs tail ApiStack/handleAuth --env dev --stack kefir --since '2h ago'
    """
    from datetime import UTC, datetime

    from tooling.logs.groups import find_group
    from tooling.logs.period import check_period
    from tooling.logs.reading import follow_events, read_events
    from tooling.moments import moment, shown

    if until and follow:
        raise ToolError("give either --until or --follow", where="logs tail", exit_code=Exit.USAGE)
    now = datetime.now(UTC)
    first, last = moment(since, now), moment(until, now) if until else None
    if last is not None:
        check_period(first, last)
    live = open_live(env, stack)
    group = find_group(live, name)
    found = follow_events(live, group, first, pattern) if follow else read_events(live, group, first, last, pattern)
    event = None
    for event in found:
        click.echo(_json_line(event) if as_json else _line(event))
    if event is None:
        click.echo(f"{group.name}: nothing since {shown(first)}{' that matches' if pattern else ''}", err=True)


@logs.command()
@env_option
@one_stack_option
@json_option
def queries(env: str, stack: str, as_json: bool) -> None:
    """List the saved queries of a stack.

    \b
    groundplan logs queries --env prod --stack doomscroll
    """
    from dataclasses import asdict

    from tooling.logs.queries import saved_queries

    found = saved_queries(open_live(env, stack))
    if as_json:
        print_json([asdict(one) for one in found])
        return
    if not found:
        click.echo("no saved queries")
    for one in found:
        text = "\n    ".join(one.text.splitlines())
        click.echo(f"{one.short}: {', '.join(one.log_groups)}\n    {text}")


@logs.command()
@env_option
@one_stack_option
@click.argument("name")
@click.option("--since", default="1h ago", show_default=True, metavar="TIME", help="ISO 8601 with zone, or '2h ago'.")
@click.option("--until", default="now", show_default=True, metavar="TIME", help="Likewise.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000), help="How many rows.")
@json_option
def query(env: str, stack: str, name: str, since: str, until: str, limit: int, as_json: bool) -> None:
    """Put a saved query to the logs, and print its answer.

    \b
    groundplan logs query find-errors --env prod --stack doomscroll --since '1d ago'
    """
    from datetime import UTC, datetime

    from tooling.logs.period import check_period
    from tooling.logs.queries import ask, find_query
    from tooling.moments import moment

    now = datetime.now(UTC)
    first, last = moment(since, now), moment(until, now)
    check_period(first, last)
    live = open_live(env, stack)
    rows = ask(live, find_query(live, name), first, last, limit=limit)
    if as_json:
        print_json(rows)
    else:
        _table(rows)
    if len(rows) >= limit:
        click.echo(f"these are the first {limit} rows, there may be more: --limit", err=True)


def _table(rows: Sequence[dict[str, str]]) -> None:
    if not rows:
        click.echo("nothing was found", err=True)
        return
    fields = list(dict.fromkeys(field for row in rows for field in row))
    lines = [fields, *([one_line(row.get(field, "")) for field in fields] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(fields))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _line(event: LogEvent) -> str:
    return f"{event.when:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + f"Z {harmless(event.stream)} {harmless(event.message)}"


def _json_line(event: LogEvent) -> str:
    when = f"{event.when:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
    # In ASCII: JSON itself lets some control characters through.
    return json.dumps({"time": when, "stream": event.stream, "message": event.message})
