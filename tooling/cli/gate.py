from __future__ import annotations

import click

from tooling.cli.options import env_option, json_option, print_json, stack_option
from tooling.errors import Exit, ToolError


@click.command()
@env_option
@stack_option
@click.option("--changeset", "name", default="latest", show_default=True, help="Id of the changeset to gate again.")
@json_option
def gate(env: str, stacks: tuple[str, ...], name: str, as_json: bool) -> None:
    """Run checkov and the own policies again on the plans of a changeset, and say what they find.

    The seal keeps the verdict of the plan's own run: to pass a mended finding, plan again.

    \b
    groundplan gate --env dev
    """
    from tooling.cli.show import gate_text
    from tooling.gate import to_json
    from tooling.gating import gate_changeset
    from tooling.workspace import find_workspace

    results = gate_changeset(find_workspace(), env, stacks, name)
    if as_json:
        print_json({stack: to_json(result) for stack, result in results.items()})
    else:
        for stack, result in results.items():
            click.secho(stack, bold=True)
            gate_text(result)
    refused = [stack for stack, result in results.items() if not result.passed]
    if refused:
        raise ToolError(
            f"the gate refuses {', '.join(refused)}",
            hint="mend the findings above, or waive one with its reason in policies/waivers.yaml",
            exit_code=Exit.REFUSED,
        )
