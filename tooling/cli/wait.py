from __future__ import annotations

import click

from tooling.cli.options import env_option, json_option, print_json, stack_option


@click.command()
@env_option
@stack_option
@click.option(
    "--seconds",
    default=900,
    show_default=True,
    type=click.IntRange(min=0),
    help="How long a stack's services may take.",
)
@json_option
def wait(env: str, stacks: tuple[str, ...], seconds: int, as_json: bool) -> None:
    """Wait until the container services of a stack run what was applied, and only that.

    \b
    groundplan wait --env prod --stack doomscroll
    """
    from tooling.cli.findings_text import findings_json, findings_text, require_good
    from tooling.cli.live import watching
    from tooling.live import live_stack
    from tooling.session import open_session
    from tooling.waiting import wait_until_stable
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, stacks, progress=progress)
        found = {
            stack.name: wait_until_stable(live_stack(session, stack), seconds=seconds, tell=progress.note)
            for stack in session.stacks
        }
    if as_json:
        print_json({name: findings_json(findings) for name, findings in found.items()})
    else:
        for name, findings in found.items():
            click.secho(name, bold=True)
            findings_text(findings, indent="  ")
    everything = [one for findings in found.values() for one in findings]
    require_good(everything, where=env, what="not stable")
