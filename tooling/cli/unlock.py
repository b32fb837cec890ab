from __future__ import annotations

import click

from tooling.cli.options import env_option, one_stack_option, yes_option


@click.command()
@env_option
@one_stack_option
@yes_option
@click.argument("lock_id")
def unlock(env: str, stack: str, lock_id: str, yes: bool) -> None:
    """Break the lock of a run that is dead for certain. LOCK_ID is in the error that named it.

    \b
    groundplan unlock --env dev --stack kefir 6d5b9a3e-...
    """
    from tooling.planning import ensure_initialised
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    session = open_session(find_workspace(), env, [stack])
    name = session.stack.name
    if not yes:
        click.confirm(f"Is the run that holds {name} really dead? Two at once damage the state", abort=True, err=True)
    ensure_initialised(session, session.stack)
    session.terraform(session.stack).force_unlock(lock_id)
    click.echo(f"{name}: the lock is gone")
