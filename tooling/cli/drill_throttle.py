from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.options import env_option, json_option, one_stack_option, print_json

if TYPE_CHECKING:
    from tooling.drill.throttle import Weathered


@click.command()
@env_option
@one_stack_option
@click.option(
    "--rate",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="How many of all calls meet a fault, from 0 to 1.",
)
@click.option(
    "--seed",
    type=int,
    envvar="GROUNDPLAN_SEED",
    show_envvar=True,
    help="Decides which calls. Default: a new one, which is said.",
)
@json_option
def throttle(env: str, stack: str, rate: float, seed: int | None, as_json: bool) -> None:
    """Apply a stack while calls are throttled, refused, reset or left hanging; resume it; look for what was lost.

    In a throw-away copy of the project with an emulator of its own, from nothing: your emulator, your work files and
    whatever you have applied are not touched. The copy is removed in the end, and kept if something was lost.

    \b
    groundplan drill throttle --stack kefir
    groundplan drill throttle --stack kefir --rate 0.1 --seed 7
    """
    from dataclasses import asdict

    from tooling.cli.drill_sandbox import drilling, require_nothing_lost, seed_or_new
    from tooling.drill.throttle import ThrottleDrill

    chosen = seed_or_new(seed)
    with drilling(env) as (box, note):
        found = ThrottleDrill(box, stack, rate, chosen, note).run()
        box.keep_if(bool(found.lost))
    if as_json:
        print_json({"stack": f"{env}/{stack}", **asdict(found)})
    else:
        _text(f"{env}/{stack}", found)
    require_nothing_lost(f"{env}/{stack}", found.lost, box)


def _text(name: str, found: Weathered) -> None:
    hit = sum(found.faults.values())
    kinds = ", ".join(f"{count} {kind}" for kind, count in found.faults.items()) or "none"
    click.echo(f"{found.calls} calls, {hit} met a fault: {kinds}; {found.answers_lost} answers lost after the deed")
    if found.converged:
        how = f"converged by itself in {found.seconds:.0f} s ({found.undisturbed:.0f} s without faults)"
    else:
        how = (
            f"failed after {found.seconds:.0f} s: {found.said}\n"
            f"state equal to reality {found.recovery:.0f} s later, the rest applied in {found.rest:.0f} s more"
        )
    click.echo(how)
    lost = "; ".join(found.lost) or "nothing"
    click.secho(f"{name}: lost: {lost} (seed {found.seed}, rate {found.rate:g})", bold=True)
