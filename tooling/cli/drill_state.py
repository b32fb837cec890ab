from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tooling.cli.options import env_option, json_option, one_stack_option, print_json

if TYPE_CHECKING:
    from tooling.drill.cases import Case


@click.command()
@env_option
@one_stack_option
@json_option
def lock(env: str, stack: str, as_json: bool) -> None:
    """Leave a state locked by the living, the dead and the unknown, and try what unlock and resume do about it.

    In a throw-away copy of the project with an emulator of its own, from nothing: your emulator, your work files and
    whatever you have applied are not touched. The copy is removed in the end, and kept if something was lost.

    \b
    groundplan drill lock --stack kefir
    """
    from tooling.cli.drill_sandbox import drilling, require_nothing_lost
    from tooling.drill.lock import LockDrill

    with drilling(env) as (box, note):
        found = _watched(LockDrill(box, stack, note).cases(), as_json)
        box.keep_if(any(case.lost for case in found))
    _show(f"{env}/{stack}", found, as_json)
    require_nothing_lost(f"{env}/{stack}", [lost for case in found for lost in case.lost], box)


@click.command("lost-state")
@env_option
@one_stack_option
@json_option
def lost_state(env: str, stack: str, as_json: bool) -> None:
    """Delete, damage and empty a state, also with all its versions, and bring it back.

    In a throw-away copy of the project with an emulator of its own, from nothing: your emulator, your work files and
    whatever you have applied are not touched. The copy is removed in the end, and kept if something was lost.

    \b
    groundplan drill lost-state --stack kefir
    """
    from tooling.cli.drill_sandbox import drilling, require_nothing_lost
    from tooling.drill.lost_state import LostStateDrill

    with drilling(env) as (box, note):
        found = _watched(LostStateDrill(box, stack, note).cases(), as_json)
        box.keep_if(any(case.lost for case in found))
    _show(f"{env}/{stack}", found, as_json)
    require_nothing_lost(f"{env}/{stack}", [lost for case in found for lost in case.lost], box)


def _watched(cases: Iterable[Case], as_json: bool) -> list[Case]:
    """Each is shown as soon as it is through."""
    found = []
    for case in cases:
        found.append(case)
        if not as_json:
            _text(case)
    return found


def _text(case: Case) -> None:
    sign, colour = ("✗", "red") if case.lost else ("✓", "green")
    lost = "; ".join(case.lost) or "nothing"
    click.echo(f"{click.style(sign, fg=colour)} {case.name}: {case.seconds:.0f} s; lost: {lost}")
    for step in case.steps:
        click.echo(f"    {step.command}  → {step.code}  {step.said}")


def _show(name: str, found: list[Case], as_json: bool) -> None:
    if as_json:
        cases = [
            {
                "name": case.name,
                "steps": [asdict(step) for step in case.steps],
                "seconds": case.seconds,
                "lost": case.lost,
            }
            for case in found
        ]
        print_json({"stack": name, "cases": cases, "lost": [lost for case in found for lost in case.lost]})
        return
    whole = sum(not case.lost for case in found)
    click.secho(f"{name}: {whole} of {len(found)} cases lost nothing", bold=True)
