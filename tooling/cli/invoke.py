from __future__ import annotations

import click

from tooling.cli.opening import open_live
from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option


@click.command()
@env_option
@one_stack_option
@click.argument("name")
@click.option("--payload", default="{}", show_default=True, metavar="JSON", help="The event, or @FILE that holds it.")
@click.option("--local", is_flag=True, help="Run the sources in Node.js on this machine, with the deployed variables.")
@yes_option
@json_option
def invoke(env: str, stack: str, name: str, payload: str, local: bool, yes: bool, as_json: bool) -> None:
    """Run a function of a stack once and print what it returns; what it logs goes to standard error.

    NAME: as `logs list` shows it (handleAuth, api/handleAuth). What the function does to data is done for good.

    \b
    groundplan invoke handleAuth --env dev --stack kefir --payload '{"routeKey": "POST /auth/login"}'
    """
    from tooling.cli.confirm import ask
    from tooling.cli.harmless import harmless
    from tooling.errors import ToolError
    from tooling.functions.finding import find_function
    from tooling.functions.invoking import invoke as run
    from tooling.functions.invoking import invoke_here, parse_payload

    event = parse_payload(payload)
    live = open_live(env, stack)
    function = find_function(live, name)
    ask(
        live.session,
        f"run {function.name}{' on this machine' if local else ''}",
        reviewed="the payload is right",
        yes=yes,
    )
    done = (invoke_here if local else run)(live, function, event)
    click.echo(harmless(done.log), nl=False, err=True)
    if as_json:
        print_json({"function": done.function, "failed": done.failed, "result": done.result, "seconds": done.seconds})
    else:
        print_json(done.result)
    if done.failed:
        raise ToolError(f"{function.key} failed", where=live.stack.name, hint="what it logged is above")
