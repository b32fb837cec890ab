from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.drill_kill import kill
from tooling.cli.drill_live import database, region, task
from tooling.cli.drill_state import lock, lost_state
from tooling.cli.drill_throttle import throttle
from tooling.cli.listing import WholeSentences
from tooling.cli.options import env_option, json_option, one_stack_option, print_json
from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.drill.failover import Report


@click.group(cls=WholeSentences)
def drill() -> None:
    """What is meant for a bad day, tried on a good one.

    \b
    groundplan drill failover --env local --stack rewind
    """


drill.add_command(kill)
drill.add_command(lock)
drill.add_command(lost_state)
drill.add_command(throttle)
drill.add_command(database)
drill.add_command(task)
drill.add_command(region)


@drill.command()
@env_option
@one_stack_option
@json_option
def failover(env: str, stack: str, as_json: bool) -> None:
    """Take the first region away and show that the second serves the same objects, items and API.

    On the emulator only: against AWS everything is read, nothing is written and nothing taken away.

    \b
    groundplan drill failover --env local --stack rewind
    """
    from dataclasses import asdict

    from tooling.cli.live import watching
    from tooling.drill.emulated import try_failover
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    with watching() as progress:
        report = try_failover(open_session(find_workspace(), env, [stack], progress=progress))
    if as_json:
        print_json({**asdict(report), "passed": not report.failed})
    else:
        _text(report)
    if report.failed:
        raise ToolError(
            f"{report.stack}: {len(report.failed)} of {len(report.checks)} checks failed: "
            f"{'; '.join(check.name for check in report.failed)}",
            hint=f"does the stack differ from its plan? groundplan verify --env {env} --stack {stack}",
        )


def _text(report: Report) -> None:
    done = "taken away and given back" if report.kind == "drill" else "left alone: all was read, nothing was tried"
    click.secho(f"{report.stack}: {report.first} {done}; second region {report.second}", bold=True)
    width = max(len(check.name) for check in report.checks)
    for check in report.checks:
        sign, colour = ("✓", "green") if check.passed else ("✗", "red")
        click.echo(f"{click.style(sign, fg=colour)} {check.name:{width}}  {check.seconds:5.1f}s  {check.saw}")
    click.secho("does not fail over:", bold=True)
    for stays in report.stays:
        click.echo(f"  · {stays.what}: {stays.means}")
