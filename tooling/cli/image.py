from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tooling.cli.listing import WholeSentences
from tooling.cli.opening import open_live
from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.images.scanning import ScanReport

_repository = click.option("--repository", default="", help="Its name, where the stack has several.")
_SHOWN = 20


@click.group(cls=WholeSentences)
def image() -> None:
    """Container images of a stack: push one, find the newest, read what its scan found.

    \b
    groundplan image push --env dev --stack doomscroll --tag v1.2.3 --image app:build
    """


@image.command()
@env_option
@one_stack_option
@_repository
@click.option("--tag", default="", help="A version (v1.2.3) or a commit.  [default: the commit of --source]")
@click.option(
    "--source",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Checkout that the image was built from.  [default: this folder]",
)
@click.option("--image", "name", default="", help="Image that Docker has here, as app:build.")
@click.option(
    "--archive",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Image in a file: docker save, or an OCI archive; no Docker is needed.",
)
@yes_option
@json_option
def push(
    env: str,
    stack: str,
    repository: str,
    tag: str,
    source: Path,
    name: str,
    archive: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Push an image under a tag that stays with it: a version, or the commit that it was built from.

    Nothing is deployed: the stack takes it by its variable image_tag.

    \b
    groundplan image push --env dev --stack doomscroll --image app:build
    groundplan image push --env prod --stack doomscroll --tag v1.2.3 --archive image.tar
    """
    import tempfile
    from dataclasses import asdict

    from tooling.cli.confirm import ask
    from tooling.cli.live import watching
    from tooling.images.archive import read_archive
    from tooling.images.pushing import push as run
    from tooling.images.pushing import require_free, save_image
    from tooling.images.registry import find_repository
    from tooling.images.tags import check_tag, commit_tag

    if bool(name) == (archive is not None):
        raise ToolError("give either --image or --archive", where="image push", exit_code=Exit.USAGE)
    tag = check_tag(tag) if tag else commit_tag(source)
    live = open_live(env, stack)
    target = find_repository(live, repository)
    with tempfile.TemporaryDirectory(prefix="groundplan-image-") as work:
        file = archive or save_image(name, Path(work, "image.tar"))
        parts = Path(work, "parts")
        parts.mkdir()
        found = read_archive(file, parts)
        if require_free(live, target, found, tag):
            ask(live.session, f"push {found.digest[:19]} as {tag}", reviewed="the image was tested", yes=yes)
        with watching() as progress:
            live.session.progress = progress
            done = run(live, target, found, tag)
    if as_json:
        print_json({"repository": target.url, **asdict(done)})
        return
    click.echo(f"{target.url}:{done.tag} {'is there already' if done.already else 'pushed'}: {done.digest}")
    click.echo(f'next: image_tag = "{done.tag}" in envs/{live.stack.name}/terraform.tfvars, then plan and apply')


@image.command()
@env_option
@one_stack_option
@_repository
@click.option("--publish", is_flag=True, help="Write it into the SSM parameter /images/<repository>/latest.")
@yes_option
@json_option
def latest(env: str, stack: str, repository: str, publish: bool, yes: bool, as_json: bool) -> None:
    """Say which image was pushed last, by its digest; no tag of that name moves from image to image.

    \b
    groundplan image latest --env prod --stack doomscroll --publish
    """
    from tooling.cli.confirm import ask
    from tooling.images.registry import find_repository, newest, tell_newest, told_as_newest

    live = open_live(env, stack)
    target = find_repository(live, repository)
    found = newest(live, target)
    reference = f"{target.url}@{found.digest}"
    before = told_as_newest(live, target)
    if publish and before != reference:
        ask(live.session, f"write {reference} to {target.newest_parameter}", reviewed="it was tested", yes=yes)
        tell_newest(live, target, found)
    told = reference if publish else before
    if as_json:
        about = {"tags": found.tags, "pushed": f"{found.pushed:%Y-%m-%dT%H:%M:%SZ}", "size": found.size}
        parameter = {"name": target.newest_parameter, "value": told}
        print_json({"reference": reference, "digest": found.digest, **about, "parameter": parameter})
        return
    click.echo(f"{reference}  {', '.join(found.tags)}, pushed {found.pushed:%Y-%m-%d %H:%M} UTC")
    if publish:
        click.echo(f"{target.newest_parameter} says so")


@image.command("scan-report")
@env_option
@one_stack_option
@_repository
@click.option("--tag", default="", help="Of the image.  [default: the newest]")
@click.option("--start", is_flag=True, help="Have it scanned where it was not yet.")
@click.option(
    "--fail-on",
    default="HIGH",
    show_default=True,
    type=click.Choice(["CRITICAL", "HIGH", "MEDIUM", "LOW", "NONE"]),
    help="End with 1 where something of this severity or above was found.",
)
@json_option
def scan(env: str, stack: str, repository: str, tag: str, start: bool, fail_on: str, as_json: bool) -> None:
    """Say what ECR's scan found in an image, and fail on what is grave.

    \b
    groundplan image scan-report --env prod --stack doomscroll --tag v1.2.3
    """
    from dataclasses import asdict

    from tooling.images.registry import find_repository, image_of, newest
    from tooling.images.scanning import scan_report

    live = open_live(env, stack)
    target = find_repository(live, repository)
    found = image_of(live, target, tag) if tag else newest(live, target)
    if found is None:
        raise ToolError(
            f"no image of the tag '{tag}'", where=target.url, hint="groundplan image latest says the newest"
        )
    report = scan_report(live, target, found, start=start)
    if as_json:
        print_json({"digest": found.digest, "counts": report.counts, "found": [asdict(one) for one in report.found]})
    else:
        _text(target.url, report)
    grave = 0 if fail_on == "NONE" else report.at_least(fail_on)
    if grave:
        raise ToolError(
            f"{grave} findings of severity {fail_on} or above",
            where=f"{target.url}@{found.digest[:19]}",
            hint="build it again on a newer base image and newer packages",
        )


def _text(url: str, report: ScanReport) -> None:
    counts = ", ".join(f"{count} {severity.lower()}" for severity, count in report.counts.items()) or "nothing found"
    click.echo(f"{url} {', '.join(report.image.tags)}: {counts}")
    for one in report.found[:_SHOWN]:
        click.echo(f"  {one.severity:9} {one.name}  {one.package}  {one.more}".rstrip())
    if len(report.found) > _SHOWN:
        click.echo(f"  and {len(report.found) - _SHOWN} more: --json")
