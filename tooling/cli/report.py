from __future__ import annotations

from pathlib import Path

import click

from tooling.cli.options import env_option

_FORMATS = ("html", "markdown", "json")


@click.command()
@env_option
@click.option("--changeset", "name", default="latest", show_default=True, help="Id of the changeset.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="html", show_default=True, help="What to write.")
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="File to write it to.")
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
def report(env: str, name: str, form: str, target: Path | None, show: bool) -> None:
    """Render the report of a changeset again, from its sealed parts.

    Without --to the page goes into the changeset's folder, Markdown and JSON to standard output.

    \b
    groundplan report --env dev --open
    """
    from tooling.report.writing import render_again
    from tooling.workspace import find_workspace, write_private

    if show and form != "html":
        raise click.UsageError("--open shows the page; leave out --format")
    workspace = find_workspace()
    pieces, page = render_again(workspace, env, name, form)
    file = target or (page if form == "html" else None)
    if file is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    write_private(file, pieces)
    click.echo(f"report: {workspace.relative(file)}")
    if show:
        click.launch(file.resolve().as_uri())
