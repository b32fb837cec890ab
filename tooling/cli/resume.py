from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.options import (
    env_option,
    json_option,
    lock_timeout_option,
    print_json,
    stack_option,
    yes_option,
)
from tooling.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tooling.resuming import Resumed
    from tooling.session import Session


@click.command()
@env_option
@stack_option
@click.option("--apply", "go_on", is_flag=True, help="Then plan, gate and apply what is left.")
@click.option(
    "--host-is-gone",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="The machine of the run that died is gone for certain, so that nothing runs there any more; repeatable.",
)
@click.option("--adopt", multiple=True, metavar="ADDRESS", help="What is in doubt is of that run; repeatable.")
@click.option("--leave", multiple=True, metavar="ADDRESS", help="What is in doubt is not of that run; repeatable.")
@lock_timeout_option
@yes_option
@json_option
def resume(
    env: str,
    stacks: tuple[str, ...],
    go_on: bool,
    hosts: tuple[str, ...],
    adopt: tuple[str, ...],
    leave: tuple[str, ...],
    lock_timeout: str,
    yes: bool,
    as_json: bool,
) -> None:
    """After an apply or a destroy that died: find out all that it did, and make the state say so.

    What the journal says was made is taken into the state again; what was in doubt is looked for by tag or name.
    Nothing is made, changed or deleted, unless --apply goes on with what is left.

    \b
    groundplan resume --env dev --stack kefir
    groundplan resume --env dev --apply
    """
    from dataclasses import asdict

    from tooling.cli.live import watching
    from tooling.resuming import Choices
    from tooling.resuming import resume as run
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, stacks, progress=progress, lock_timeout=lock_timeout)
        found = run(session, Choices(hosts_gone=hosts, adopt=adopt, leave=leave))
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        for one in found:
            _text(env, one)
    _require_sure(env, found)
    if go_on:
        _go_on(session, found, yes=yes, quiet=as_json)
    elif any(one.run for one in found) and not as_json:
        click.echo(f"go on with what is left: groundplan plan --env {env}, then apply; or groundplan resume --apply")


def _text(env: str, one: Resumed) -> None:
    name = f"{env}/{one.architecture}"
    if not one.run:
        what = f"its state is stored again, from {one.state_from}" if one.state_from else "no run died here"
        click.echo(f"{name}: {what}")
        return
    click.secho(f"{name}: {one.command}, begun at {one.started} by {one.by}", bold=True)
    click.echo(f"  {one.complete} actions were done; state serial {one.serial}, recovered in {one.seconds:.0f} s")
    if one.state_from:
        click.echo(f"  the state that could not be stored came from {one.state_from}")
    for addresses, what in (
        (one.recovered, "made, and in the state again"),
        (one.adopted, "was in doubt, is there, and in the state now"),
        (one.not_made, "was in doubt, and made nothing"),
        (one.gone, "was made, and AWS does not know it any more"),
    ):
        for address in addresses:
            click.echo(f"  {address}: {what}")
    for address, why in one.unsure.items():
        click.secho(f"  {address}: {why}", fg="yellow")


def _require_sure(env: str, found: Sequence[Resumed]) -> None:
    unsure = [(one.architecture, address, why) for one in found for address, why in one.unsure.items()]
    if unsure:
        architecture, address, why = unsure[0]
        others = f" (and {len(unsure) - 1} more)" if len(unsure) > 1 else ""
        raise ToolError(
            f"{why}{others}",
            where=f"{env}/{architecture} {address}",
            hint=f"look at it, then: groundplan resume --env {env} --stack {architecture} --adopt '{address}'; "
            f"or --leave '{address}' if it is not of that run",
        )


def _go_on(session: Session, found: Sequence[Resumed], *, yes: bool, quiet: bool) -> None:
    """Plan, gate, show, ask and apply what is left: first of what was being made, then of what was being destroyed."""
    from tooling.changeset.model import APPLY, DESTROY
    from tooling.cli.carry_out import carry_out
    from tooling.cli.live import watching
    from tooling.cli.show import plan_text
    from tooling.gate import BrokenGlass
    from tooling.planning import plan_changeset, require_passed

    for kind in (APPLY, DESTROY):
        died = [one for one in found if one.kind == kind]
        names = {one.architecture for one in died}
        stacks = tuple(stack for stack in session.stacks if stack.architecture in names)
        if not stacks:
            continue
        part = session.over(stacks)
        glass = [BrokenGlass(address=address, reason=reason) for one in died for address, reason in one.glass]
        with watching() as progress:
            part.progress = progress
            run = plan_changeset(part, destroy=kind == DESTROY, glass=glass)
        if not quiet:
            plan_text(run, session.workspace.relative(run.folder))
        require_passed(run)
        if not run.changeset.changes:
            click.echo("nothing is left to do", err=True)
            continue
        carry_out(part, run, yes=yes, quiet=quiet)
