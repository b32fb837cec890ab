from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tooling.cli.options import env_option, json_option, one_stack_option, print_json

if TYPE_CHECKING:
    from tooling.drill.kill import Round


@click.command()
@env_option
@one_stack_option
@click.option("--times", type=click.IntRange(1), default=1, show_default=True, help="How many kills of each kind.")
@click.option(
    "--during",
    type=click.Choice(["apply", "destroy", "both"]),
    default="apply",
    show_default=True,
    help="What is killed. Both: a destroy and an apply in turn, which saves setting up anew.",
)
@click.option(
    "--victim",
    type=click.Choice(["groundplan", "terraform", "provider", "all", "any"]),
    default="any",
    show_default=True,
    help="Which process; any: another each time.",
)
@click.option(
    "--seed",
    type=int,
    envvar="GROUNDPLAN_SEED",
    show_envvar=True,
    help="Decides every moment and victim. Default: a new one, which is said.",
)
@json_option
def kill(env: str, stack: str, times: int, during: str, victim: str, seed: int | None, as_json: bool) -> None:
    """Kill an apply or a destroy at a random moment, resume it, and look for what was lost.

    In a throw-away copy of the project with an emulator of its own, from nothing: your emulator, your work files and
    whatever you have applied are not touched. The copy is removed in the end, and kept if something was lost.

    \b
    groundplan drill kill --stack kefir
    groundplan drill kill --stack kefir --times 3 --during both --seed 7
    """
    from tooling.cli.drill_sandbox import drilling, require_nothing_lost, seed_or_new
    from tooling.drill.kill import KillDrill, Wish

    chosen = seed_or_new(seed)
    rounds: list[Round] = []
    with drilling(env) as (box, note):
        for found in KillDrill(box, stack, Wish(times, during, victim, chosen), note).rounds():
            rounds.append(found)
            if not as_json:
                _text(len(rounds), found)
        box.keep_if(any(found.lost for found in rounds))
    if as_json:
        print_json(_json(env, stack, chosen, rounds))
    else:
        _summary(env, stack, chosen, rounds)
    require_nothing_lost(f"{env}/{stack}", [lost for found in rounds for lost in found.lost], box)


def _text(number: int, found: Round) -> None:
    sign, colour = ("✗", "red") if found.lost else ("✓", "green")
    click.echo(
        f"{click.style(sign, fg=colour)} {number:2}  {found.during:7} {found.victim:10} killed after {found.moment:30} "
        f"{found.complete} through, {found.in_doubt} in doubt; state equal to reality after {found.recovery:.0f} s, "
        f"all done after {found.seconds:.0f} s; lost: {'; '.join(found.lost) or 'nothing'}"
    )


def _summary(env: str, stack: str, seed: int, rounds: list[Round]) -> None:
    whole = sum(not found.lost for found in rounds)
    longest = max(found.recovery for found in rounds)
    click.secho(
        f"{env}/{stack}: {whole} of {len(rounds)} kills lost nothing; the longest recovery took {longest:.0f} s "
        f"(seed {seed})",
        bold=True,
    )


def _json(env: str, stack: str, seed: int, rounds: list[Round]) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "stack": f"{env}/{stack}",
        "seed": seed,
        "rounds": [asdict(found) for found in rounds],
        "lost": [lost for found in rounds for lost in found.lost],
    }
