from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.options import env_option, json_option, one_stack_option, print_json
from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.workspace import Workspace


@click.command()
@env_option
@one_stack_option
@click.option("--url", default="", help="Address to ask. Default: the stack's health check, or its first public route.")
@click.option("--rps", default=10, show_default=True, type=click.IntRange(min=1), help="Requests a second.")
@click.option("--duration", default=30, show_default=True, type=click.IntRange(min=1), help="Seconds.")
@click.option(
    "--p95-ms",
    default=200.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    help="Fail unless 95 of 100 answers come within so many milliseconds.",
)
@click.option("--i-own-this-target", "owned", is_flag=True, help="The target is not on this machine, and is yours.")
@json_option
def load(env: str, stack: str, url: str, rps: int, duration: int, p95_ms: float, owned: bool, as_json: bool) -> None:
    """Send a bounded number of requests a second, and say how long the answers took.

    No more than 500 a second, 600 s, 60000 in all. It only reads. Other machines than this one only with
    --i-own-this-target: requests cost money there, and scale out what they meet.

    \b
    groundplan load --env staging --stack solemate --duration 30 --rps 50 --i-own-this-target
    groundplan load --env dev --stack doomscroll --url http://127.0.0.1:3000/api/health --duration 60
    """
    from dataclasses import asdict

    from tooling.cli.live import watching
    from tooling.environment.config import load_environment
    from tooling.environment.stacks import select_stacks
    from tooling.loading import LoadPlan, check_load, run_load
    from tooling.progress import StackProgress
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    select_stacks(workspace, env, load_environment(workspace, env), [stack])
    plan = LoadPlan(url or _own_address(workspace, env, stack), rps, duration)
    check_load(plan, owned=owned)
    with watching() as watcher:
        progress = StackProgress(watcher, f"{env}/{stack}", "load", total=plan.requests)
        result = run_load(plan, said=lambda count: progress.step(plan.url, count - progress.done))
        good = result.p95_ms < p95_ms and not result.errors
        progress.end(f"{result.requests} requests", failed=not good)
    if as_json:
        print_json({"url": plan.url, **asdict(result), "wanted_p95_ms": p95_ms, "good": good})
    else:
        click.echo(f"{plan.url}: {result.requests} requests in {result.seconds:.1f} s, {result.errors} failed")
        times = (("p50", result.p50_ms), ("p95", result.p95_ms), ("p99", result.p99_ms), ("longest", result.max_ms))
        click.echo("  " + ", ".join(f"{name} {value:.0f} ms" for name, value in times))
        click.echo("  " + ", ".join(f"{status or 'no answer'}: {count}" for status, count in result.statuses.items()))
    if not good:
        raise ToolError(
            f"p95 {result.p95_ms:.0f} ms of {p95_ms:g} ms, {result.errors} of {result.requests} failed",
            where=f"{env}/{stack}",
            hint=f"where the time goes: groundplan doctor --env {env} --stack {stack}",
        )


def _own_address(workspace: Workspace, env: str, stack: str) -> str:
    from tooling.live import live_stack
    from tooling.promises.routes import all_routes
    from tooling.session import open_session
    from tooling.smoke import health_places

    session = open_session(workspace, env, [stack])
    live = live_stack(session, session.stack)
    places = [place.url for place in health_places(live)]
    places += [route.url for route in all_routes(live) if route.public and route.method == "GET"]
    if session.target.emulated:
        raise ToolError("the emulator serves no requests", where=f"{env}/{stack}", hint="give it a --url")
    if not places:
        raise ToolError("the stack serves nothing that could be asked", where=f"{env}/{stack}", hint="give it a --url")
    return places[0]
