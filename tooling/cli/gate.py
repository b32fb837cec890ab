from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.options import env_option, json_option, stack_option
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tooling.gate import GateResult


@click.command()
@env_option
@stack_option
@click.option("--changeset", "name", default="latest", show_default=True, help="Id of the changeset to gate again.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "junit", "sarif"]),
    default="text",
    show_default=True,
    help="How to print the verdicts; all forms say the same.",
)
@click.option(
    "--write-baseline",
    is_flag=True,
    help="Take over what is there: write the open findings to envs/<env>/baseline.yaml. If it exists, only take out of "
    "it what is mended.",
)
@click.option("--accept-new", is_flag=True, help="With --write-baseline: take in new findings too.")
@click.option("--by", help="With --write-baseline: who answers for the entries. Default: your login.")
@json_option
def gate(
    env: str,
    stacks: tuple[str, ...],
    name: str,
    form: str,
    write_baseline: bool,
    accept_new: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Run checkov and the own policies again on the plans of a changeset, and say what they find.

    The seal keeps the verdict of the plan's own run: to pass a mended finding, plan again.

    \b
    groundplan gate --env dev
    groundplan gate --env dev --format junit > gate.junit.xml
    groundplan gate --env prod --write-baseline --by platform
    """
    from tooling.gating import gate_changeset
    from tooling.workspace import find_workspace

    if (accept_new or by) and not write_baseline:
        raise ToolError("--accept-new and --by go with --write-baseline", exit_code=Exit.USAGE)
    workspace = find_workspace()
    results = gate_changeset(workspace, env, stacks, name)
    if write_baseline:
        from datetime import UTC, datetime

        from tooling import adopting

        day = datetime.now(UTC).date()
        done = adopting.write_baseline(workspace, env, results, accept_new=accept_new, today=day, by=by)
        words = f"{done.added} added, {done.removed} mended and taken out, {done.entries} in it now"
        click.echo(f"{workspace.relative(done.path)}: {words}", err=True)
        results = gate_changeset(workspace, env, stacks, name)
    _print(results, "json" if as_json else form)
    refused = [stack for stack, result in results.items() if not result.passed]
    if refused:
        raise ToolError(
            f"the gate refuses {', '.join(refused)}",
            hint="mend the findings above, or waive one with its reason in policies/waivers.yaml",
            exit_code=Exit.REFUSED,
        )


def _print(results: Mapping[str, GateResult], form: str) -> None:
    from tooling.cli.options import print_json
    from tooling.cli.show import gate_text
    from tooling.gate import one_log, to_json, to_junit, to_markdown, to_sarif

    if form == "json":
        print_json({stack: to_json(result) for stack, result in results.items()})
    elif form == "sarif":
        print_json(one_log([to_sarif(result) for result in results.values()]))
    elif form == "junit":
        click.echo(to_junit(results.values()), nl=False)
    elif form == "markdown":
        click.echo(to_markdown(results.values()))
    else:
        for stack, result in results.items():
            click.secho(stack, bold=True)
            gate_text(result)
