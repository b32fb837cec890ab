"""``groundplan``: the command line. Every command is a file of its own beside this one."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import click

from tooling.cli import boundary
from tooling.cli.apply import apply
from tooling.cli.approve import approve
from tooling.cli.backup import backup
from tooling.cli.bootstrap import bootstrap
from tooling.cli.build import build
from tooling.cli.changeset import changeset
from tooling.cli.checklist import accept, checklist
from tooling.cli.ci import ci
from tooling.cli.cleanup import cleanup
from tooling.cli.completion import completion
from tooling.cli.cost import cost
from tooling.cli.db import db
from tooling.cli.deploy_site import deploy_site
from tooling.cli.destroy import destroy
from tooling.cli.doctor import doctor
from tooling.cli.drift import drift
from tooling.cli.drill import drill
from tooling.cli.emulator import emulator
from tooling.cli.events import events
from tooling.cli.gate import gate
from tooling.cli.graph import graph
from tooling.cli.image import image
from tooling.cli.import_ import import_
from tooling.cli.invoke import invoke
from tooling.cli.load import load
from tooling.cli.logs import logs
from tooling.cli.mail import mail
from tooling.cli.new import new
from tooling.cli.output import output
from tooling.cli.plan import plan
from tooling.cli.report import report
from tooling.cli.resume import resume
from tooling.cli.rollback import rollback
from tooling.cli.secrets import secrets_group
from tooling.cli.seed import seed
from tooling.cli.smoke import smoke
from tooling.cli.state import state
from tooling.cli.synth import synth
from tooling.cli.trace import trace
from tooling.cli.types import types
from tooling.cli.update import update
from tooling.cli.verify import verify
from tooling.cli.wait import wait

# Commands in the order in which one uses them. Each section is a heading of --help.
SECTIONS: dict[str, tuple[click.Command, ...]] = {
    "Change": (synth, plan, gate, report, graph, cost, approve, apply, update, rollback, resume, destroy, changeset),
    "Look": (verify, smoke, checklist, accept, load, wait, drift, output),
    "Operate": (logs, invoke, build, image, deploy_site, seed, db, backup, cleanup, mail, events, drill),
    "Set up": (bootstrap, secrets_group, ci, state, emulator, doctor, types, trace, new, import_, completion),
}


class InSections(click.Group):
    """Lists commands below headings, in the order in which one uses them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        width = max(len(str(one.name)) for one in self.commands.values())
        for heading, commands in SECTIONS.items():
            with formatter.section(heading):
                limit = formatter.width - width - 6
                formatter.write_dl([(str(one.name).ljust(width), one.get_short_help_str(limit)) for one in commands])


@click.group(cls=InSections, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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


for section in SECTIONS.values():
    for command in section:
        cli.add_command(command)


def main() -> None:
    """Entry point of the console script."""
    _open_what_is_closed()
    # Whoever cancels a job says it so: then a run ends as it does at Ctrl-C, and cleans up behind itself.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    code = boundary.run(lambda: cli.main(standalone_mode=False))
    # All is done and said: a signal that comes late does not change what the command ended with.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(code)


def _open_what_is_closed() -> None:
    """A standard stream that the caller closed is nowhere, and not the next file that is opened."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for good
