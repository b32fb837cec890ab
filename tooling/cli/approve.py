from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.options import env_option, json_option, print_json, yes_option

if TYPE_CHECKING:
    from tooling.changeset import Changeset


@click.command()
@env_option
@click.option("--changeset", "name", default="latest", show_default=True, help="Id of the changeset to approve.")
@yes_option
@json_option
def approve(env: str, name: str, yes: bool, as_json: bool) -> None:
    """Approve a changeset that somebody else planned: that very seal, in the environment's state bucket.

    \b
    groundplan approve --env prod --changeset 20261121T101500Z-1a2b3c
    """
    from tooling.approving import request_approval
    from tooling.cli.confirm import let_type
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    request = request_approval(workspace, env, name)
    changeset = request.changeset
    _show(changeset, workspace.relative(request.folder))
    if not yes:
        where = f"account {changeset.account_id}, {changeset.region}, on {changeset.target}"
        let_type(env, changeset.id, where, f"its approval by {request.caller}", reviewed="its report was read")
    approval = request.approve()
    if as_json:
        print_json(approval.to_json())
    else:
        click.echo(f"{changeset.id} approved by {approval.by}")


def _show(changeset: Changeset, folder: str) -> None:
    """On standard error: it is what is asked about, not the result."""
    dirty = " with uncommitted changes" if changeset.dirty else ""
    click.echo(f"{changeset.kind} of {changeset.env}, planned by {changeset.by} at {changeset.created}", err=True)
    click.echo(f"commit {changeset.commit or 'unknown'}{dirty}, expires {changeset.expires}", err=True)
    for part in changeset.stacks:
        words = ", ".join(f"{count} to {action}" for action, count in part.changes.items() if count) or "no changes"
        cost = "" if part.monthly_usd is None else f", about ${part.monthly_usd:.2f} a month"
        click.echo(f"  {changeset.env}/{part.architecture}: {words}{cost}", err=True)
        for glass in part.glass:
            click.echo(f"    limit broken on purpose: {glass.address}: {glass.reason}", err=True)
    click.echo(f"seal {changeset.seal}; read {folder}", err=True)
