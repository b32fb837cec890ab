from __future__ import annotations

import json

import click

from tooling.cli.options import env_option, json_option, print_json, stack_option


@click.command()
@env_option
@stack_option
@click.option("--reveal", is_flag=True, help="Print sensitive outputs in clear.")
@json_option
def output(env: str, stacks: tuple[str, ...], reveal: bool, as_json: bool) -> None:
    """Print the outputs of applied stacks.

    \b
    groundplan output --env local --stack kefir
    """
    from tooling.outputs import read_outputs
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    found = read_outputs(open_session(find_workspace(), env, stacks), reveal=reveal)
    if as_json:
        print_json({entry.architecture: entry.values for entry in found})
        return
    for entry in found:
        click.secho(f"{env}/{entry.architecture}", bold=True)
        if entry.values is None:
            click.echo("  not applied")
        for name, value in (entry.values or {}).items():
            click.echo(f"  {name} = {value if isinstance(value, str) else json.dumps(value)}")
