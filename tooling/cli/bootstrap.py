from __future__ import annotations

import click

from tooling.cli.options import env_option, json_option, print_json


@click.command()
@env_option
@click.option("--dry-run", is_flag=True, help="Say what would be made, and stop.")
@json_option
def bootstrap(env: str, dry_run: bool, as_json: bool) -> None:
    """Make the buckets for state and function packages, in every region. Repeatable; deletes nothing.

    \b
    groundplan bootstrap --env dev --dry-run
    """
    from dataclasses import asdict

    from tooling.bootstrap import bootstrap as run
    from tooling.bootstrap import planned_buckets
    from tooling.environment.config import load_environment
    from tooling.target import check_identity, choose_target
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    config = load_environment(workspace, env)
    if dry_run:
        for name, region, purpose in planned_buckets(config):
            click.echo(f"{name} ({region}) for {purpose}: versioned, encrypted, private, TLS only")
        return
    target = choose_target(workspace, env, config)
    check_identity(target, env)
    buckets = run(target, config)
    if as_json:
        print_json([asdict(bucket) for bucket in buckets])
        return
    for bucket in buckets:
        click.echo(f"{bucket.name} ({bucket.region}) for {bucket.purpose}: {'made' if bucket.created else 'there'}")
