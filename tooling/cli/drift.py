from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tooling.cli.listing import WholeSentences
from tooling.cli.options import env_option, json_option, lock_timeout_option, print_json, stack_option, yes_option
from tooling.errors import Exit

if TYPE_CHECKING:
    from tooling.drift.detecting import Look
    from tooling.drift.following import Follow
    from tooling.planning import PlanRun
    from tooling.session import Session

_FORMATS = ("text", "json", "markdown")


@click.group(cls=WholeSentences, invoke_without_command=True)
@env_option
@stack_option
@lock_timeout_option
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="What to print.")
@json_option
@click.option("--report", "page", type=click.Path(dir_okay=False, path_type=Path), help="Page to write as well.")
@click.pass_context
def drift(
    context: click.Context,
    env: str,
    stacks: tuple[str, ...],
    lock_timeout: str,
    form: str,
    as_json: bool,
    page: Path | None,
) -> int:
    """Compare code, state and account: what differs, which of them moved, and who did it where CloudTrail knows.

    Changes nothing. Ends with 5 when there is drift, with 1 when a stack could not be looked at.

    \b
    groundplan drift --env prod --format markdown --report drift.html
    """
    if context.invoked_subcommand is not None:
        return Exit.DONE
    from tooling.cli.drift_text import drift_text
    from tooling.drift.markdown import markdown
    from tooling.drift.page import html
    from tooling.workspace import write_private

    _, found = _look(env, stacks, lock_timeout)
    report = found.report
    if page is not None:
        write_private(page, html(report))
        click.echo(f"page: {page}", err=True)
    if as_json or form == "json":
        print_json(report.to_json())
    elif form == "markdown":
        click.echo(markdown(report), nl=False)
    else:
        drift_text(report)
    found.require_all()
    return Exit.CHANGES if report.drifted else Exit.DONE


@drift.command()
@env_option
@stack_option
@click.option("--resource", "wanted", multiple=True, help="Address to accept, repeatable; all that drifted by default.")
@lock_timeout_option
@yes_option
def adopt(env: str, stacks: tuple[str, ...], wanted: tuple[str, ...], lock_timeout: str, yes: bool) -> None:
    """Accept what is in the account: plan that the state says it, gate and seal that, show it, ask, apply it.

    Nothing in the account changes. What the code has to say from now on is listed afterwards.

    \b
    groundplan drift adopt --env dev --resource module.kefir.aws_sqs_queue.jobs
    """
    from tooling.cli.carry_out import carry_out
    from tooling.cli.drift_text import drift_text, follow_text
    from tooling.drift.following import follows
    from tooling.drift.mending import accepted, choose, plan_adoption

    session, found = _look(env, stacks, lock_timeout)
    drift_text(found.report)
    found.require_all()
    chosen = choose(found.report.stacks, wanted, following=False)
    if not chosen:
        click.echo("nothing moved in the account: there is nothing to accept")
        return
    narrowed, run = _planned(session, lambda: plan_adoption(session, chosen))
    carry_out(narrowed, run, yes=yes)
    told: list[Follow] = []
    for stack in narrowed.stacks:
        drifted = next(one for one in found.report.stacks if one.architecture == stack.architecture)
        resources = accepted(drifted, chosen[stack.architecture])
        told += follows(session.workspace, stack, found.plans[stack.architecture], resources)
    follow_text(told)


@drift.command()
@env_option
@stack_option
@click.option(
    "--resource", "wanted", multiple=True, help="Address to put back, repeatable; all that drifted by default."
)
@click.option("--whole", is_flag=True, help="Plan the whole stacks, with all that the code changes besides.")
@lock_timeout_option
@yes_option
def revert(
    env: str, stacks: tuple[str, ...], wanted: tuple[str, ...], whole: bool, lock_timeout: str, yes: bool
) -> None:
    """Put back what the code says: plan the resources that drifted, gate and seal that, show it, ask, apply it.

    \b
    groundplan drift revert --env dev --resource module.kefir.aws_sqs_queue.jobs
    """
    from tooling.cli.carry_out import carry_out
    from tooling.cli.drift_text import drift_text
    from tooling.drift.mending import choose, plan_reversal

    session, found = _look(env, stacks, lock_timeout)
    drift_text(found.report)
    found.require_all()
    chosen = choose(found.report.stacks, wanted, following=True)
    if not chosen:
        click.echo("nothing moved in the account: there is nothing to put back")
        return
    narrowed, run = _planned(session, lambda: plan_reversal(session, chosen, whole=whole))
    carry_out(narrowed, run, yes=yes)


def _look(env: str, stacks: tuple[str, ...], lock_timeout: str) -> tuple[Session, Look]:
    from tooling.cli.live import watching
    from tooling.drift.detecting import look
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    with watching() as progress:
        session = open_session(find_workspace(), env, stacks, progress=progress, lock_timeout=lock_timeout)
        return session, look(session)


def _planned(session: Session, plan: Callable[[], tuple[Session, PlanRun]]) -> tuple[Session, PlanRun]:
    """The plan, shown; refused here if the gate refuses it."""
    from tooling.cli.live import watching
    from tooling.cli.show import plan_text
    from tooling.planning import require_passed

    with watching() as progress:
        session.progress = progress
        narrowed, run = plan()
    plan_text(run, session.workspace.relative(run.folder))
    require_passed(run)
    return narrowed, run
