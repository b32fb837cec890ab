from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.listing import WholeSentences
from tooling.cli.options import env_option, json_option, print_json
from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.emulator.process import RunningEmulator


@click.group(cls=WholeSentences)
def emulator() -> None:
    """The AWS emulator on this machine: everything runs without an account.

    \b
    groundplan emulator up
    groundplan emulator status --json
    """


@emulator.command()
@click.option("--port", type=int, help="Port on 127.0.0.1. Default: any free one.")
@json_option
def up(port: int | None, as_json: bool) -> None:
    """Start it, or find the one that runs.

    \b
    groundplan emulator up
    """
    from tooling.emulator.process import up as start
    from tooling.workspace import find_workspace, private_folder

    workspace = find_workspace()
    private_folder(workspace.work)
    _show(start(workspace.emulator_home, port=port), as_json)


@emulator.command()
@env_option
def ready(env: str) -> None:
    """For an environment on the emulator: start it and make the environment's buckets. Elsewhere: nothing.

    \b
    groundplan emulator ready --env local
    """
    from tooling.bootstrap import bootstrap
    from tooling.emulator.process import up as start
    from tooling.environment.config import load_environment
    from tooling.target import choose_target, wants_emulator
    from tooling.workspace import find_workspace, private_folder

    workspace = find_workspace()
    config = load_environment(workspace, env)
    if not wants_emulator(config):
        return
    private_folder(workspace.work)
    running = start(workspace.emulator_home)
    _warn_if_outdated(running)
    made = [bucket.name for bucket in bootstrap(choose_target(workspace, env, config), config) if bucket.created]
    what = f", made {', '.join(made)}" if made else ""
    click.echo(f"emulator at {running.endpoint}{what}", err=True)


@emulator.command()
def down() -> None:
    """Stop it. Its resources, and every state kept in it, are gone.

    \b
    groundplan emulator down
    """
    from tooling.emulator.process import down as stop
    from tooling.workspace import find_workspace

    click.echo("stopped" if stop(find_workspace().emulator_home) else "was not running")


@emulator.command()
@json_option
def status(as_json: bool) -> None:
    """Say whether it runs, and where.

    \b
    groundplan emulator status --json
    """
    from tooling.emulator.process import status as find
    from tooling.workspace import find_workspace

    running = find(find_workspace().emulator_home)
    if running is None:
        raise ToolError("the emulator is not running", hint="start it: groundplan emulator up")
    _show(running, as_json)


def _warn_if_outdated(running: RunningEmulator) -> None:
    if running.outdated:
        click.echo(
            "warning: the emulator runs older code than this checkout; "
            "to renew it (its resources will be gone): groundplan emulator down",
            err=True,
        )


def _show(running: RunningEmulator, as_json: bool) -> None:
    from dataclasses import asdict

    _warn_if_outdated(running)
    values = {key: str(value) if key == "log" else value for key, value in asdict(running).items()}
    if as_json:
        print_json(values)
    else:
        click.echo(f"emulator at {values['endpoint']} (pid {values['pid']}, log {values['log']})")
