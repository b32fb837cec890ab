from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli import completing
from tooling.cli.listing import WholeSentences
from tooling.cli.options import json_option, print_json

if TYPE_CHECKING:
    from tooling.scaffold.draft import Draft
    from tooling.workspace import Workspace

_DRY_RUN = click.option("--dry-run", is_flag=True, help="Only say which files it would write.")


@click.group(cls=WholeSentences)
def new() -> None:
    """Write the files of a new part: they pass lint, synth and tests at once.

    Nothing that is there is written over; lists such as policies/waivers.yaml get some lines. The last lines say what
    to run next.

    \b
    groundplan new architecture jobs
    groundplan new env qa --like dev --account-id 222233334444
    """


@new.command()
@click.argument("name")
@click.option(
    "--env",
    metavar="ENV",
    default="local",
    show_default=True,
    shell_complete=completing.environments,
    help="Environment that gets a stack of it.",
)
@click.option("--function", metavar="FUNCTION", default="work", show_default=True, help="Name of its function.")
@click.option("--ticket", metavar="KEY-1", help="What the waivers of its first findings name; NAME-1 when not given.")
@_DRY_RUN
@json_option
def architecture(name: str, env: str, function: str, ticket: str | None, dry_run: bool, as_json: bool) -> None:
    """Write an architecture: a private bucket, a function that uses it, a stack, plan tests and a page.

    NAME is a Python module and begins the name of every resource: small letters and digits. The stack keeps its data
    where the other stacks of the environment do. Its first findings are waived for 90 days.

    \b
    groundplan new architecture jobs
    groundplan new architecture jobs --env dev --function resizePhoto --ticket OPS-7
    """
    from datetime import date

    from tooling.scaffold.architecture import draft_architecture
    from tooling.workspace import find_workspace

    workspace, ticket = find_workspace(), ticket or f"{name.upper()}-1"
    draft = draft_architecture(workspace, name, env=env, function=function, ticket=ticket, today=date.today())
    _carry_out(workspace, draft, dry_run=dry_run, as_json=as_json)


@new.command()
@click.argument("name")
@click.option("--resource", required=True, metavar="TYPE", help="Resource type that it makes, as aws_sqs_queue.")
@_DRY_RUN
@json_option
def construct(name: str, resource: str, dry_run: bool, as_json: bool) -> None:
    """Write a construct around one resource type, with its binding and its test.

    NAME says what it is for: small letters, words joined by _. A type that needs a block inside is written by hand.

    \b
    groundplan new construct work_queue --resource aws_sqs_queue
    """
    from tooling.scaffold.construct import draft_construct
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    _carry_out(workspace, draft_construct(workspace, name, resource=resource), dry_run=dry_run, as_json=as_json)


@new.command()
@click.argument("name")
@click.option(
    "--like",
    required=True,
    metavar="ENV",
    shell_complete=completing.environments,
    help="Environment whose settings and values it gets.",
)
@click.option("--account-id", metavar="ID", default="", help="Its AWS account, 12 digits; the same when not given.")
@click.option("--region", metavar="REGION", default="", help="Its region; the same when not given.")
@click.option(
    "--stack", "stacks", metavar="STACK", multiple=True, help="Architecture, repeatable; the same ones when not given."
)
@_DRY_RUN
@json_option
def env(
    name: str, like: str, account_id: str, region: str, stacks: tuple[str, ...], dry_run: bool, as_json: bool
) -> None:
    """Write an environment like another one, with its own account, region and names.

    Names that end with the other's name end with NAME, domains that begin with it begin with NAME: each such line is
    told. Waivers of the other's stacks hold for its stacks too.

    \b
    groundplan new env qa --like dev --account-id 222233334444
    groundplan new env eu --like prod --account-id 222233334444 --region eu-west-1 --stack kefir
    """
    from tooling.scaffold.environment import draft_environment
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    draft = draft_environment(workspace, name, like=like, account_id=account_id, region=region, stacks=stacks)
    _carry_out(workspace, draft, dry_run=dry_run, as_json=as_json)


@new.command()
@click.argument("topic")
@click.option("--id", "check_id", metavar="GP_TOPIC_1", required=True, help="Its id, as GP_QUEUE_1.")
@click.option("--resource", required=True, metavar="TYPE", help="Resource type that it looks at, as aws_sqs_queue.")
@click.option("--attribute", metavar="NAME", required=True, help="Attribute that must be set.")
@click.option(
    "--severity",
    default="MEDIUM",
    show_default=True,
    type=click.Choice(["INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"]),
    help="How bad a finding is.",
)
@_DRY_RUN
@json_option
def policy(
    topic: str, check_id: str, resource: str, attribute: str, severity: str, dry_run: bool, as_json: bool
) -> None:
    """Write a check of the gate: an attribute must be set. With its examples, severity and row.

    TOPIC names its file, policies/TOPIC.py. Every plan of every stack is held against it from then on.

    \b
    groundplan new policy queue_retention --id GP_QUEUE_1 --resource aws_sqs_queue --attribute message_retention_seconds
    """
    from tooling.scaffold.policy import draft_policy
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    draft = draft_policy(workspace, topic, check_id=check_id, resource=resource, attribute=attribute, severity=severity)
    _carry_out(workspace, draft, dry_run=dry_run, as_json=as_json)


def _carry_out(workspace: Workspace, draft: Draft, *, dry_run: bool, as_json: bool) -> None:
    from tooling.scaffold.draft import check_new, write

    (check_new if dry_run else write)(workspace, draft)
    made, changed = ([path.as_posix() for path in paths] for paths in (draft.new, draft.changed))
    if as_json:
        print_json(
            {
                "written": made,
                "changed": changed,
                "told": list(draft.told),
                "next": list(draft.then),
                "dry_run": dry_run,
            }
        )
        return
    for path in made:
        click.echo(f"{'would write' if dry_run else 'wrote'} {path}")
    for path in changed:
        click.echo(f"{'would change' if dry_run else 'changed'} {path}")
    for sentence in draft.told:
        click.echo(sentence)
    for command in draft.then:
        click.echo(f"next: {command}")
