from __future__ import annotations

import click

from tooling.cli.options import env_option, json_option, print_json
from tooling.errors import ToolError

_SIGNS = {"ok": ("✓", "green"), "failed": ("✗", "red"), "skipped": ("·", "yellow")}


@click.command()
@env_option
@json_option
def doctor(env: str, as_json: bool) -> None:
    """Check this machine and an environment: Terraform, provider, Node, credentials, account, state bucket.

    \b
    groundplan doctor --env dev
    """
    from dataclasses import asdict

    from tooling.doctor import diagnose
    from tooling.workspace import find_workspace

    checks = diagnose(find_workspace(), env)
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        for check in checks:
            sign, colour = _SIGNS[check.state]
            click.echo(f"{click.style(sign, fg=colour)} {check.name}: {check.saw}")
            if check.next:
                click.echo(f"    next: {check.next}")
    failed = [check.name for check in checks if check.state == "failed"]
    if failed:
        raise ToolError(f"not ready: {', '.join(failed)}", hint="each says above what to do next")
