from __future__ import annotations

import click

from tooling.cli.options import json_option, print_json
from tooling.errors import ToolError


@click.command()
@click.argument("paths", nargs=-1)
@json_option
def types(paths: tuple[str, ...], as_json: bool) -> None:
    """Check types: the installed provider bindings against their pins, and the project's Python with mypy.

    PATHS: what mypy looks at; cdktf_app when not given. Bindings are installed: `make setup` brings the pinned ones.

    \b
    groundplan types
    groundplan types cdktf_app/architectures/kefir
    """
    from dataclasses import asdict

    from tooling.checking_types import check_types
    from tooling.workspace import find_workspace

    found = check_types(find_workspace(), paths or ("cdktf_app",))
    if as_json:
        print_json(asdict(found) | {"sound": found.sound})
    else:
        for line in (*found.stale, *found.errors):
            click.echo(line)
    if found.stale:
        raise ToolError("the installed bindings are not the pinned ones", hint="renew them: make setup")
    if found.errors:
        raise ToolError(f"mypy found errors in {found.checked}", hint="each is above, with file and line")
    if not as_json:
        click.echo(f"{found.checked}: the types agree")
