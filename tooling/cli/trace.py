from __future__ import annotations

import click

from tooling.cli.options import json_option, print_json
from tooling.errors import ToolError


@click.command()
@click.option("--architecture", "wanted", multiple=True, help="Repeatable; all that are built when not given.")
@click.option("--all", "everything", is_flag=True, help="List proven rows too, not only their number.")
@click.option("--strict", is_flag=True, help="Fail on rows whose tests have not been run here.")
@json_option
def trace(wanted: tuple[str, ...], everything: bool, strict: bool, as_json: bool) -> None:
    """Print requirement → test → result; fail on a row without a test.

    \b
    groundplan trace --all
    """
    from dataclasses import asdict

    from cdktf_app.synthesis import architectures
    from tooling.requirements.trace import trace as run
    from tooling.workspace import find_workspace

    rows = run(find_workspace(), wanted or architectures())
    if as_json:
        print_json([asdict(row) for row in rows])
    else:
        for row in rows:
            if everything or row.result not in ("passed", "open"):
                _line(row.requirement.id, row.result, row.reason or ", ".join(row.tests))
        counts = {result: sum(row.result == result for row in rows) for result in sorted({r.result for r in rows})}
        click.echo(f"{len(rows)} rows: {', '.join(f'{count} {result}' for result, count in counts.items())}")
    bad = {"no test", "failed"} | ({"not run"} if strict else set())
    failing = [row.requirement.id for row in rows if row.result in bad]
    if failing:
        more = f" and {len(failing) - 12} more" if len(failing) > 12 else ""
        raise ToolError(
            f"{len(failing)} rows are not proven: {', '.join(failing[:12])}{more}",
            hint="write a test with @pytest.mark.requirement(id), or list toolkit and doc rows in specs/open.yaml",
        )


def _line(identifier: str, result: str, what: str) -> None:
    colours = {"passed": "green", "failed": "red", "no test": "red", "open": "yellow"}
    click.echo(f"{identifier:12} {click.style(f'{result:8}', fg=colours.get(result))} {what}")
