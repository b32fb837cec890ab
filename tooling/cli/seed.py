from __future__ import annotations

from dataclasses import asdict

import click

from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option


@click.command()
@env_option
@one_stack_option
@yes_option
@json_option
def seed(env: str, stack: str, yes: bool, as_json: bool) -> None:
    """Write an architecture's sample data into a stack whose data need not be kept.

    What is there is left as it is, so running it twice changes nothing. Where it goes is told by the stack's outputs,
    or by variables of the shell, as TABLE_NAME, USER_POOL_ID and AWS_REGION for kefir.

    \b
    groundplan seed --env dev --stack kefir
    """
    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.seeding import find_places, read_seed, write_seed
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        sample = read_seed(session, session.stack)
        places = find_places(session, session.stack, sample)
    words = f"{len(sample.items)} sample items into {places.table}"
    if sample.users:
        words += f", {len(sample.users)} user{'s' if len(sample.users) > 1 else ''} into {places.user_pool}"
    ask(session, words, reviewed="these are the right ones", yes=yes)
    with watching() as progress:
        session.progress = progress
        seeded = write_seed(session, session.stack, sample, places)
    if as_json:
        print_json(asdict(seeded))
        return
    click.echo(f"{places.table}: {seeded.items} items written")
    if sample.users:
        click.echo(f"{places.user_pool}: {seeded.users} users made")
    click.echo(f"{seeded.kept} were there and are left as they are")
