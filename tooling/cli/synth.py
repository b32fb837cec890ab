from __future__ import annotations

import click

from tooling.cli.options import json_option, print_json
from tooling.errors import Exit, ToolError


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail with a diff when committed files are stale.")
@json_option
def synth(check: bool, as_json: bool) -> None:
    """Generate modules/ and envs/*/*/ from the Python in cdktf_app/.

    \b
    groundplan synth
    groundplan synth --check
    """
    from tooling.synth.writing import synth as run
    from tooling.workspace import find_workspace

    result = run(find_workspace(), check=check)
    if as_json:
        print_json(
            {
                "files": result.files,
                "written": [str(path) for path in result.written],
                "removed": [str(path) for path in result.removed],
                "fresh": result.fresh,
            }
        )
    elif check:
        click.echo(result.diff, nl=False)
    else:
        for path in result.written:
            click.echo(f"wrote {path}")
        for path in result.removed:
            click.echo(f"removed {path}")
        click.echo(f"{result.files} generated files, {len(result.written)} written, {len(result.removed)} removed")
    if check and not result.fresh:
        raise ToolError(
            f"{len(result.written) + len(result.removed)} generated files are stale",
            hint="generate them and commit: groundplan synth",
            exit_code=Exit.FAILED,
        )
