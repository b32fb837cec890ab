from __future__ import annotations

from pathlib import Path

import click

from tooling.cli.options import env_option, stack_option


@click.command()
@env_option
@stack_option
@click.option("--changeset", "name", default="latest", show_default=True, help="Id of the changeset.")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    help="File to write it to; of several stacks a folder, for a file each.",
)
@click.option("--parts", is_flag=True, help="List the parts of each module instead, with their resources' number.")
def graph(env: str, stacks: tuple[str, ...], name: str, target: Path | None, parts: bool) -> None:
    """Draw a changeset's architecture as SVG, from its plan; to standard output without --to.

    \b
    groundplan graph --env prod --stack kefir --to kefir.svg
    groundplan graph --env dev --stack kefir --parts
    """
    if parts:
        _parts(env, stacks)
        return
    from tooling.diagram.writing import draw_changeset
    from tooling.workspace import find_workspace, write_private

    drawings = draw_changeset(find_workspace(), env, stacks, name)
    if target is None:
        if len(drawings) != 1:
            raise click.UsageError(f"there are {len(drawings)} stacks: name one with --stack, or a folder with --to")
        click.echo(next(iter(drawings.values())), nl=False)
    elif target.is_dir() or len(drawings) != 1:
        target.mkdir(parents=True, exist_ok=True)
        for architecture, drawing in drawings.items():
            write_private(target / f"{architecture}.svg", drawing)
            click.echo(f"drawing: {target / f'{architecture}.svg'}")
    else:
        write_private(target, next(iter(drawings.values())))
        click.echo(f"drawing: {target}")


def _parts(env: str, stacks: tuple[str, ...]) -> None:
    from tooling.environment.config import load_environment
    from tooling.environment.stacks import select_stacks
    from tooling.live.parts import part_sizes
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    for stack in select_stacks(workspace, env, load_environment(workspace, env), stacks):
        for part, count in part_sizes(stack).items():
            click.echo(f"{stack.name}: {part}, {count} resources")
