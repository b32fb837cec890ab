from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option

if TYPE_CHECKING:
    from tooling.site.deploying import SiteChanges
    from tooling.site.dist import Dist


@click.command("deploy-site")
@env_option
@one_stack_option
@click.option(
    "--dist",
    "folder",
    default="dist",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder that the build wrote.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and stop.")
@yes_option
@json_option
def deploy_site(env: str, stack: str, folder: Path, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Sync a built site to its bucket, empty CloudFront's cache, and delete what is gone.

    A file goes up before the page that names it; whatever is stopped half-way is finished by running it again.

    \b
    groundplan deploy-site --env dev --stack rewind --dist dist
    """
    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.session import open_session
    from tooling.site.deploying import compare, deploy, find_site
    from tooling.site.dist import read_dist
    from tooling.workspace import find_workspace

    dist = read_dist(folder, str(folder))
    with watching() as progress:
        session = open_session(find_workspace(), env, [stack], progress=progress)
        changes = compare(session, session.stack, find_site(session, session.stack), dist)
    invalidation = None
    if not dry_run:
        if not changes.empty:
            ask(session, changes.in_words, reviewed="--dry-run was read", yes=yes)
        with watching() as progress:
            session.progress = progress
            invalidation = deploy(session, session.stack, changes)
    (_json if as_json else _text)(changes, dist, invalidation)


def _json(changes: SiteChanges, dist: Dist, invalidation: str | None) -> None:
    uploads = [
        {"key": file.key, "size": file.size, "content_type": file.content_type, "cache_control": file.cache_control}
        for file in changes.uploads
    ]
    print_json(
        {
            "bucket": changes.site.bucket,
            "distribution_id": changes.site.distribution_id,
            "uploads": uploads,
            "deletes": changes.deletes,
            "unchanged": changes.unchanged,
            "skipped": dist.skipped,
            "invalidation": invalidation,
            "dry_run": invalidation is None,
        }
    )


def _text(changes: SiteChanges, dist: Dist, invalidation: str | None) -> None:
    for file in changes.uploads:
        click.echo(f"  + {file.key}  {file.content_type}  {file.cache_control}")
    for key in changes.deletes:
        click.echo(f"  - {key}")
    for name in dist.skipped:
        click.echo(f"  · {name} is hidden, so it is left out")
    counts = f"{len(changes.uploads)} uploaded, {len(changes.deletes)} deleted, {changes.unchanged} unchanged"
    where = f"{changes.site.bucket}, CloudFront {changes.site.distribution_id}"
    if invalidation is None:
        click.echo(f"{where}: would be {counts}")
    else:
        click.echo(f"{where}: {counts}; invalidation {invalidation} of /*")
