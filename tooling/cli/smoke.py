from __future__ import annotations

import sys

import click

from tooling.cli.options import env_option, json_option, print_json, stack_option, yes_option
from tooling.errors import Exit, ToolError


@click.command()
@env_option
@stack_option
@click.option("--url", default="", help="Ask this address, and not the stack's own. For one stack.")
@click.option("--storage", is_flag=True, help="Also put an object, read it by CloudFront and delete it. Asks first.")
@click.option("--auth", is_flag=True, help="Also sign in with a code by e-mail, which it then asks you for.")
@click.option("--email", default="", help="Address of the user that --auth signs in.")
@yes_option
@json_option
def smoke(
    env: str, stacks: tuple[str, ...], url: str, storage: bool, auth: bool, email: str, yes: bool, as_json: bool
) -> None:
    """Ask what is applied from outside: health, public routes, refusals without a token.

    Only reads, but for --storage. On the emulator, which serves no requests, give it a --url.

    \b
    groundplan smoke --env prod --stack doomscroll
    groundplan smoke --env dev --stack kefir --auth --email test@example.com
    groundplan smoke --env staging --stack solemate --storage
    """
    from tooling.cli.confirm import ask
    from tooling.cli.findings_text import findings_json, findings_text, require_good
    from tooling.live import live_stack
    from tooling.session import open_session
    from tooling.smoke import find_storage, login_findings, smoke_requests, try_storage
    from tooling.workspace import find_workspace

    if auth is not bool(email):
        raise ToolError("--auth and --email go together", hint="--email of a user of the app", exit_code=Exit.USAGE)
    session = open_session(find_workspace(), env, stacks)
    if url or auth or storage:
        _ = session.stack
    results = {}
    for stack in session.stacks:
        live = live_stack(session, stack)
        place = find_storage(live) if storage else None
        if place:
            ask(session, f"one object put into {place.bucket}, and deleted again", reviewed="that is meant", yes=yes)
        found = list(smoke_requests(live, url=url))
        if place:
            found += try_storage(live, place, url=url)
        if auth:
            found += login_findings(live, email, _code, url=url)
        results[stack.name] = found
        if not as_json:
            click.echo(f"{stack.name}:")
            findings_text(found, indent="  ")
    if as_json:
        print_json([{"stack": name, "findings": findings_json(found)} for name, found in results.items()])
    everything = [one for found in results.values() for one in found]
    require_good(everything, where=env, what="the smoke test failed")
    if all(one.status == "skipped" for one in everything):
        raise ToolError("nothing was asked", where=env, hint="say where it is served: --url https://...")


def _code() -> str:
    """Typed unseen at a terminal, or the next line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("Code from the mail", hide_input=True, err=True)).strip()
    code = sys.stdin.readline().strip()
    if not code:
        raise ToolError("nobody is there to type the code", hint="pipe it in", exit_code=Exit.USAGE)
    return code
