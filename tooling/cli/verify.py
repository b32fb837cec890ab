from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.findings_text import findings_json, require_good
from tooling.cli.options import env_option, json_option, lock_timeout_option, print_json, stack_option
from tooling.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tooling.verifying import Verification


@click.command()
@env_option
@stack_option
@lock_timeout_option
@click.option("--all", "everything", is_flag=True, help="List every resource and promise, not only what differs.")
@click.option(
    "--promises/--no-promises",
    default=True,
    show_default=True,
    help="Also ask what the stack promises: buckets closed, alarms heard, targets healthy, backups on ...",
)
@json_option
def verify(
    env: str, stacks: tuple[str, ...], lock_timeout: str, everything: bool, promises: bool, as_json: bool
) -> None:
    """Ask the account about every resource of the state, whether a plan would still change anything, and every promise.

    \b
    groundplan verify --env local --all
    groundplan verify --env prod --stack doomscroll --no-promises
    """
    from dataclasses import asdict

    from tooling.cli.live import watching
    from tooling.cli.promises_text import promises_text
    from tooling.promises import stack_promises
    from tooling.session import open_session
    from tooling.verifying import verify as run
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, stacks, progress=progress, lock_timeout=lock_timeout)
        found = run(session)
        asked = [stack_promises(session, stack) if promises else () for stack in session.stacks]
    if as_json:
        print_json(
            [
                asdict(one) | {"sound": one.sound, "promises": findings_json(kept)}
                for one, kept in zip(found, asked, strict=True)
            ]
        )
    else:
        for one, kept in zip(found, asked, strict=True):
            show(env, [one], everything=everything)
            promises_text(kept, everything=everything)
    require_sound(env, found)
    broken = [finding for kept in asked for finding in kept]
    require_good(broken, where=env, what="promises are broken")


def show(env: str, found: Iterable[Verification], *, everything: bool = False) -> None:
    """Say of each stack how many of its resources are there, and which differ."""
    for one in found:
        there = sum(resource.status == "there" for resource in one.resources)
        click.echo(f"{env}/{one.architecture}: {there} of {len(one.resources)} resources are there")
        for resource in one.resources:
            if everything or resource.status != "there":
                click.echo(f"  {resource.status:8} {resource.address}")
        for pending in one.pending:
            click.echo(f"  pending  {pending}")


def require_sound(env: str, found: Iterable[Verification]) -> None:
    """Raises ToolError if the account differs from the state of any stack."""
    unsound = [f"{env}/{one.architecture}" for one in found if not one.sound]
    if unsound:
        raise ToolError(
            f"{', '.join(unsound)}: the account differs from the state",
            hint=f"see what a plan would do about it: groundplan plan --env {env}",
        )
