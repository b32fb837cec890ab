from __future__ import annotations

from dataclasses import asdict

import click

from tooling.cli.db_options import database_option, host_option, port_option, sslmode_option
from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option


@click.command("create-app-user")
@env_option
@one_stack_option
@database_option
@click.option("--user", default="app", show_default=True, help="Name of the role.")
@click.option("--schema", default="public", show_default=True, help="Whose tables it reads and writes.")
@click.option("--rotate", is_flag=True, help="Give it another password though there is one.")
@host_option
@port_option
@sslmode_option
@click.option("--dry-run", is_flag=True, help="Show the SQL, and stop.")
@yes_option
@json_option
def create_app_user(
    env: str,
    stack: str,
    database: str,
    user: str,
    schema: str,
    rotate: bool,
    host: str,
    port: int,
    sslmode: str,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Make a database user that reads and writes rows and can do nothing else, with its password in a secret.

    The password is shown nowhere. It goes by psql, from where the database is reached: in its network, or through a
    tunnel with --host and --port. Running it again gives the same rights, for tables made meanwhile too.

    \b
    groundplan db create-app-user --env dev --stack doomscroll --host 127.0.0.1 --port 15432
    """
    from dataclasses import replace

    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.databases import app_user
    from tooling.databases.login import owner_of
    from tooling.databases.model import find_database
    from tooling.live import live_stack
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        live = live_stack(session, session.stack)
        owner = owner_of(live, find_database(live, database))
    app_user.check_names(user, schema, owner.user)
    if dry_run:
        sql = app_user.statements(user, owner.database, schema, app_user.HIDDEN)
        if as_json:
            print_json({"sql": sql})
        else:
            click.echo(sql, nl=False)
        return
    secret = app_user.secret_name(owner, user)
    words = f"a role {user} in {owner.database} that reads and writes rows of {schema}; its password into {secret}"
    ask(session, words, reviewed="--dry-run was read", yes=yes)
    way = replace(owner, host=host or owner.host, port=port or owner.port)
    with watching() as progress:
        session.progress = progress
        made = app_user.create_app_user(live, owner, user, schema=schema, via=way, sslmode=sslmode, rotate=rotate)
    if as_json:
        print_json(asdict(made))
    else:
        kept = "new" if made.made else "kept"
        click.echo(
            f"{made.user} may read and write rows of {schema} in {made.database}; password ({kept}): {made.secret}"
        )
