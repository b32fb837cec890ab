from __future__ import annotations

from dataclasses import asdict

import click

from tooling.cli.listing import WholeSentences
from tooling.cli.options import env_option, json_option, print_json, stack_option


@click.group("secrets", cls=WholeSentences)
def secrets_group() -> None:
    """Secrets that stacks are given and no file of the project holds.

    \b
    groundplan secrets init --env dev
    """


@secrets_group.command()
@env_option
@stack_option
@click.option("--ask", "asking", is_flag=True, help="Ask for each value, without showing it, instead of generating it.")
@click.option(
    "--rotate", multiple=True, metavar="VARIABLE", help="Give this one of one --stack another value; repeatable."
)
@json_option
def init(env: str, stacks: tuple[str, ...], asking: bool, rotate: tuple[str, ...], as_json: bool) -> None:
    """Generate each secret that the stacks need and have not, for plan and apply to take; none is shown.

    They are kept below .groundplan/secrets, readable by you only. What the shell exports as TF_VAR_... comes first.
    Another value of a database's password takes effect when its <variable>_version is raised.

    \b
    groundplan secrets init --env dev --stack doomscroll
    """
    import os
    import sys

    from tooling.environment.config import load_environment
    from tooling.environment.stacks import select_stacks
    from tooling.errors import Exit, ToolError
    from tooling.given_secrets import init as see_to
    from tooling.given_secrets import secrets_file
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    chosen = select_stacks(workspace, env, load_environment(workspace, env), stacks)
    if rotate and len(chosen) != 1:
        raise ToolError("--rotate is for one stack", where=env, hint="say which: --stack", exit_code=Exit.USAGE)
    if asking and not sys.stdin.isatty():
        raise ToolError("nobody is there to ask", where=env, hint="without --ask: generated", exit_code=Exit.USAGE)
    found = {
        stack: see_to(workspace, stack, os.environ, rotate=rotate, ask=_ask if asking else None) for stack in chosen
    }
    if as_json:
        print_json({stack.architecture: [asdict(one) for one in given] for stack, given in found.items()})
        return
    for stack, given in found.items():
        click.secho(stack.name, bold=True)
        for one in given:
            where = workspace.relative(secrets_file(workspace, stack))
            place = f"{one.where}, in {where}" if one.where in ("generated", "asked", "kept") else one.where
            click.echo(f"  {one.variable}: {place}")
        if not given:
            click.echo("  needs none")


def _ask(name: str) -> str:
    return str(click.prompt(name, hide_input=True, confirmation_prompt=True, err=True))
