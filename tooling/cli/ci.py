from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tooling.cli.listing import WholeSentences
from tooling.cli.options import env_option, json_option, one_stack_option, print_json
from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.ci.places import Place
    from tooling.ci.settings import CiSettings
    from tooling.ci.workflows import Scope
    from tooling.workspace import Workspace


@click.group(cls=WholeSentences)
def ci() -> None:
    """Workflows for GitHub: plan on a pull request, apply on merge, look for drift at night.

    \b
    groundplan ci generate && groundplan ci check
    """


@ci.command()
@click.option("--env", "envs", multiple=True, help="Environment, repeatable; all on AWS when not given.")
@click.option("--stack", "stacks", multiple=True, help="Architecture, repeatable; all when not given.")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to. Default: .github/workflows of the project.",
)
@json_option
def generate(envs: tuple[str, ...], stacks: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
    """Write the workflows of the environments on AWS, from envs/ and envs/ci.toml, and say what GitHub needs besides.

    \b
    groundplan ci generate
    groundplan ci generate --stack kefir --to build/workflows
    """
    from dataclasses import asdict

    from tooling.ci.needed import needed
    from tooling.ci.workflows import FOLDER
    from tooling.ci.writing import write
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    settings, places = _places(workspace, envs, stacks)
    written = write(settings, places, _scope(envs, stacks), folder or workspace.root / FOLDER)
    if as_json:
        files = [workspace.relative(path) for path in written]
        print_json({"written": files, "needed": [asdict(one) for one in needed(places)]})
        return
    for path in written:
        click.echo(f"wrote {workspace.relative(path)}")
    if not written:
        click.echo("every workflow is as it would be generated")
    click.echo("set in the settings of the repository:")
    for one in needed(places):
        place = f" in {one.place}" if one.place else ""
        click.echo(f"  {one.kind} {one.name}{place}: {one.why}{' (optional)' if one.optional else ''}")


@ci.command()
@click.option("--env", "envs", multiple=True, help="As the workflows were generated with.")
@click.option("--stack", "stacks", multiple=True, help="As the workflows were generated with.")
@json_option
def check(envs: tuple[str, ...], stacks: tuple[str, ...], as_json: bool) -> None:
    """Compare the workflows with what would be generated, and every workflow with the schema and rules of our own.

    \b
    groundplan ci check
    """
    from dataclasses import asdict

    from tooling.ci.workflows import FOLDER
    from tooling.ci.writing import compare, flaws_in
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    settings, places = _places(workspace, envs, stacks)
    folder = workspace.root / FOLDER
    stale, difference = compare(settings, places, _scope(envs, stacks), folder)
    found = flaws_in(folder)
    if as_json:
        print_json({"stale": stale, "flaws": [asdict(one) for one in found]})
    else:
        click.echo(difference, nl=False)
        for one in found:
            click.echo(f"{FOLDER / one.file}: {one.at}: {one.what}")
    if found:
        raise ToolError(f"{len(found)} flaws in the workflows", where=str(FOLDER), hint="each is named above")
    if stale:
        hint = f"generate them and commit: groundplan ci generate{_scope(envs, stacks).options}"
        raise ToolError(f"{', '.join(stale)}: not what would be generated", where=str(FOLDER), hint=hint)
    if not as_json:
        click.echo(f"{FOLDER}: as generated, and by the schema and the rules")


@ci.command()
@click.option("--base", metavar="COMMIT", help="Only what differs from it. Default: every stack.")
@click.option("--push", is_flag=True, help="Only what a push deploys, as envs/ci.toml says.")
@click.option("--to", metavar="ENV", help="Only what a deployment to this environment takes: those below it as well.")
@click.option("--env", "envs", multiple=True, help="As the workflows were generated with.")
@click.option("--stack", "architectures", multiple=True, help="Architecture, repeatable; all when not given.")
@click.option(
    "--form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="github: lines for a job's outputs, a list for each environment and one of all.",
)
@json_option
def stacks(
    base: str | None,
    push: bool,
    to: str | None,
    envs: tuple[str, ...],
    architectures: tuple[str, ...],
    form: str,
    as_json: bool,
) -> None:
    """Name the stacks that a change touches: the matrix of a run. Needs no account.

    \b
    groundplan ci stacks --base origin/main
    groundplan ci stacks --to prod --stack kefir
    """
    from tooling.ci.changed import chosen_stacks
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    _, places = _places(workspace, envs, architectures)
    found = chosen_stacks(workspace, places, base=base, push=push, to=to)
    # Names only: GitHub drops an output of a job that holds the value of any secret, a region for one.
    rows = [{"environment": place.env, "stack": name} for place, name in found]
    if as_json or form == "json":
        print_json(rows)
    elif form == "github":
        # An environment that has no such stack needs its line too: the job of it reads the list.
        for place in _places(workspace, envs, ())[1]:
            click.echo(f"{place.env}={json.dumps([one['stack'] for one in rows if one['environment'] == place.env])}")
        click.echo(f"stacks={json.dumps(rows)}")
    else:
        for place, name in found:
            click.echo(f"{place.env}/{name}")


@ci.command("image-tag")
@env_option
@one_stack_option
@json_option
def image_tag(env: str, stack: str, as_json: bool) -> None:
    """Print the tag of the image that a stack runs, so that a plan for drift is made with the same one.

    \b
    groundplan ci image-tag --env prod --stack doomscroll
    """
    from tooling.ci.deployed import deployed_tag
    from tooling.live import live_stack
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    session = open_session(find_workspace(), env, [stack])
    tag = deployed_tag(live_stack(session, session.stack))
    if as_json:
        print_json({"tag": tag})
    else:
        click.echo(tag)


def _scope(envs: tuple[str, ...], stacks: tuple[str, ...]) -> Scope:
    from tooling.ci.workflows import Scope
    from tooling.environment.stacks import ALL

    return Scope(envs, tuple(name for name in stacks if name != ALL))


def _places(
    workspace: Workspace, envs: tuple[str, ...], stacks: tuple[str, ...]
) -> tuple[CiSettings, tuple[Place, ...]]:
    from tooling.ci.places import find_places
    from tooling.ci.settings import load_settings

    settings = load_settings(workspace)
    return settings, find_places(workspace, settings, envs, stacks)
