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

# Commands in the order in which one uses them, each in as few words as one screen has room for. Sections are headings.
SECTIONS: dict[str, dict[click.Command, str]] = {
    "Change": {
        synth: "generate modules/ and the roots from the Python in cdktf_app/",
        plan: "plan every stack, gate each plan, seal the result",
        gate: "gate the plans of a changeset again",
        report: "render the report of a changeset again",
        graph: "draw a stack as SVG, from its plan",
        cost: "what stacks are expected to cost, and what they did cost",
        approve: "say yes to a changeset that somebody else planned",
        apply: "apply a sealed changeset: exactly what was gated",
        update: "plan, ask and apply in one go, for applied stacks",
        rollback: "apply the configuration of an earlier commit again",
        resume: "after an apply that died: find out all that it did",
        destroy: "plan the end, show it, ask, apply that",
        changeset: "list, show, compare and move sealed changesets",
    },
    "Look": {
        verify: "ask the account about every resource and every promise",
        smoke: "ask what is applied from outside, over HTTP",
        checklist: "walk an architecture's deployment checklist",
        accept: "walk an architecture's acceptance criteria",
        load: "send requests for a while, say how long answers took",
        wait: "wait until the services run what was applied",
        drift: "what differs between code, state and account",
        output: "print the outputs of applied stacks",
    },
    "Operate": {
        logs: "read and query what a stack logs",
        invoke: "run a function once, print what it returns",
        build: "compile TypeScript handlers into packages",
        image: "push, find and scan container images",
        deploy_site: "upload a built site and empty CloudFront's cache",
        seed: "write an architecture's sample data",
        db: "snapshots, restores, checks and users of a database",
        backup: "copy tables and databases now, list the copies",
        cleanup: "find and remove what a stack left behind",
        mail: "keep SES's suppression list in order",
        events: "list and replay the archive of an event bus",
        drill: "try a bad day: failover, a kill, a lost state",
    },
    "Set up": {
        bootstrap: "make the buckets and the roles that all else needs",
        secrets_group: "generate the secrets that stacks need",
        ci: "generate and check GitHub workflows",
        state: "history, restore and locks of states",
        emulator: "start and stop the AWS emulator of this machine",
        doctor: "say what is wrong, and the next command",
        types: "check the provider bindings and the project's types",
        trace: "requirement → test → result",
        new: "write a new architecture, construct, env or policy",
        import_: "take over what exists in the account already",
        completion: "let a shell complete commands and options",
    },
}


class InSections(click.Group):
    """Lists commands below headings, in the order in which one uses them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        width = max(len(str(one.name)) for one in self.commands.values())
        for heading, commands in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(str(one.name).ljust(width), words) for one, words in commands.items()])


@click.group(cls=InSections, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="groundplan", prog_name="groundplan")
def cli() -> None:
    """AWS reference architectures, from typed Python to applied Terraform, through gates that hold.

    \b
    groundplan emulator up && groundplan bootstrap    no AWS account needed
    groundplan plan && groundplan apply               just what was reviewed
    groundplan plan --env prod --stack kefir          one stack, elsewhere
    groundplan plan --help                            options, and an example

    Ends with 0 done, 1 failed, 2 wrong usage, 3 a bug, 4 the gate refused, 5 there are changes,
    130 interrupted. GROUNDPLAN_ENV and GROUNDPLAN_STACK stand for --env and --stack.
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
