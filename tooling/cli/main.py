"""``groundplan``: the command line. Every command is a file of its own beside this one."""

from __future__ import annotations

import sys

import click

from tooling.cli import boundary
from tooling.cli.apply import apply
from tooling.cli.approve import approve
from tooling.cli.bootstrap import bootstrap
from tooling.cli.changeset import changeset
from tooling.cli.cost import cost
from tooling.cli.deploy_site import deploy_site
from tooling.cli.destroy import destroy
from tooling.cli.doctor import doctor
from tooling.cli.drill import drill
from tooling.cli.emulator import emulator
from tooling.cli.events import events
from tooling.cli.gate import gate
from tooling.cli.graph import graph
from tooling.cli.output import output
from tooling.cli.plan import plan
from tooling.cli.report import report
from tooling.cli.synth import synth
from tooling.cli.trace import trace
from tooling.cli.unlock import unlock
from tooling.cli.verify import verify


class InOrder(click.Group):
    """Lists commands in the order in which one uses them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="groundplan", prog_name="groundplan")
def cli() -> None:
    """AWS reference architectures, from typed Python to applied Terraform, through gates that hold.

    \b
    groundplan emulator up && groundplan bootstrap      no AWS account needed
    groundplan plan && groundplan apply                 what was reviewed is what runs
    groundplan plan --env prod --stack kefir            one stack of another environment

    Exit codes: 0 done, 1 failed, 2 wrong usage or bad file, 3 a bug, 4 the gate refused,
    5 there are changes (where asked for), 130 interrupted with the state saved.
    """


for command in (
    synth,
    plan,
    gate,
    report,
    graph,
    cost,
    approve,
    apply,
    changeset,
    verify,
    output,
    deploy_site,
    events,
    drill,
    destroy,
    bootstrap,
    emulator,
    unlock,
    doctor,
    trace,
):
    cli.add_command(command)


def main() -> None:
    """Entry point of the console script."""
    sys.exit(boundary.run(lambda: cli.main(standalone_mode=False)))
