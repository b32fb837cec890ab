from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from tooling.cli.options import env_option, json_option, print_json, stack_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tooling.outputs import StackOutputs
    from tooling.session import Session


@click.command()
@env_option
@stack_option
@click.option("--reveal", is_flag=True, help="Print sensitive outputs in clear.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "table", "dotenv", "tfvars"]),
    default="text",
    show_default=True,
    help="Form; dotenv and tfvars are of one stack.",
)
@json_option
def output(env: str, stacks: tuple[str, ...], reveal: bool, form: str, as_json: bool) -> None:
    """Print the outputs of applied stacks.

    dotenv is for a client's .env file: with the names that the architecture's clients use, where it says them.

    \b
    groundplan output --env local --stack kefir
    groundplan output --env dev --stack kefir --format dotenv > app/.env
    """
    from tooling.errors import Exit, ToolError
    from tooling.outputs import applied_outputs, read_outputs
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    if as_json and form not in ("text", "json"):
        raise ToolError(f"give either --json or --format {form}", where="output", exit_code=Exit.USAGE)
    session = open_session(find_workspace(), env, stacks)
    if form in ("dotenv", "tfvars"):
        from tooling.output_formats import dotenv, tfvars

        values = applied_outputs(session, session.stack, reveal=reveal)
        click.echo(dotenv(session, session.stack, values) if form == "dotenv" else tfvars(values), nl=False)
        return
    found = read_outputs(session, reveal=reveal)
    if as_json or form == "json":
        print_json({entry.architecture: entry.values for entry in found})
    elif form == "table":
        _table(found)
    else:
        _text(session, found)


def _text(session: Session, found: Sequence[StackOutputs]) -> None:
    for entry in found:
        click.secho(f"{session.env}/{entry.architecture}", bold=True)
        if entry.values is None:
            click.echo("  not applied")
        for name, value in (entry.values or {}).items():
            click.echo(f"  {name} = {value if isinstance(value, str) else json.dumps(value)}")


def _table(found: Sequence[StackOutputs]) -> None:
    from tooling.output_formats import table_rows

    rows = [("STACK", "OUTPUT", "VALUE"), *(row for one in found for row in table_rows(one.architecture, one.values))]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    for stack, name, value in rows:
        click.echo(f"{stack.ljust(first)}  {name.ljust(second)}  {value}")
