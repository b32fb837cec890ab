from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from tooling.cli.options import env_option, json_option, one_stack_option, print_json, yes_option
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tooling.checklists import Checklist, Confirmations
    from tooling.session import Session

_OPTIONS = (
    env_option,
    one_stack_option,
    click.option("--url", default="", help="Ask this address from outside, and not the stack's own."),
    click.option("--i-own-this-target", "owned", is_flag=True, help="The --url may be loaded, where the list says so."),
    click.option("--confirm", "confirmed", default="", metavar="ROW", help="Confirm a manual item, with --by."),
    click.option("--by", default="", metavar="NAME", help="Who answers for the item."),
    click.option("--note", default="", help="What is kept beside the name."),
    click.option("--withdraw", default="", metavar="ROW", help="Take a confirmation back."),
    yes_option,
    json_option,
)


def _with_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.command()
@_with_options
def checklist(**given: Any) -> None:
    """Walk the deployment checklist of an architecture: ticks, reasons, and what people confirmed by name.

    \b
    groundplan checklist --env prod --stack doomscroll
    groundplan checklist --env prod --stack doomscroll --confirm FD-CHK-16 --by 'Ada Lovelace'
    """
    _run("checklist", **given)


@click.command()
@_with_options
def accept(**given: Any) -> None:
    """Walk the acceptance criteria of an architecture, on what is applied.

    \b
    groundplan accept --env staging --stack solemate
    """
    _run("acceptance", **given)


def _run(
    kind: Literal["checklist", "acceptance"],
    *,
    env: str,
    stack: str,
    url: str,
    owned: bool,
    confirmed: str,
    by: str,
    note: str,
    withdraw: str,
    yes: bool,
    as_json: bool,
) -> None:
    from tooling.checklists import Confirmations, Given, read_checklist, unticked, walk
    from tooling.cli.findings_text import findings_json, findings_text
    from tooling.cli.live import watching
    from tooling.live import OK, live_stack
    from tooling.session import open_session
    from tooling.web import check_url
    from tooling.workspace import find_workspace

    _require_one_thing(confirmed=confirmed, by=by, note=note, withdraw=withdraw)
    if url:
        check_url(url)
    workspace = find_workspace()
    session = open_session(workspace, env, [stack])
    wanted = read_checklist(workspace, stack, kind)
    said = Confirmations.of(session, session.stack)
    if confirmed or withdraw:
        _write_down(session, wanted, said, confirmed=confirmed, by=by, note=note, withdraw=withdraw, yes=yes)
        if as_json:
            print_json({"row": confirmed or withdraw, "confirmed_by": by.strip() or None})
        return
    live = live_stack(session, session.stack)
    with watching() as progress:
        session.progress = progress
        found = list(walk(live, wanted, said, Given(url, owned)))
    if as_json:
        items = [
            {"row": one.item.row, "says": one.item.says, **findings_json([one.finding])[0]}
            | {"parts": findings_json(one.parts)}
            for one in found
        ]
        print_json({"title": wanted.title, "stack": session.stack.name, "items": items})
    else:
        click.echo(f"{wanted.title}, {session.stack.name}:")
        for number, one in enumerate(found, 1):
            findings_text([one.finding], indent=f"{number:3} {one.item.row} ", below="    ")
            findings_text(one.also_bad, indent="      also ", below="      ")
    if rows := unticked(found):
        ticked = sum(one.finding.status == OK for one in found)
        raise ToolError(
            f"{ticked} of {len(found)} ticked; open: {', '.join(rows)}",
            where=session.stack.name,
            hint="each says above what to do next",
        )


def _require_one_thing(*, confirmed: str, by: str, note: str, withdraw: str) -> None:
    if confirmed and withdraw:
        raise ToolError("--confirm and --withdraw are two runs", exit_code=Exit.USAGE)
    if confirmed and not by.strip():
        raise ToolError("a confirmation needs a name", hint="--by 'Ada Lovelace'", exit_code=Exit.USAGE)
    if (by or note) and not confirmed:
        raise ToolError("--by and --note go with --confirm", exit_code=Exit.USAGE)


def _write_down(
    session: Session,
    wanted: Checklist,
    said: Confirmations,
    *,
    confirmed: str,
    by: str,
    note: str,
    withdraw: str,
    yes: bool,
) -> None:
    """Confirm one manual item, or take that back."""
    from tooling.cli.confirm import ask

    row = confirmed or withdraw
    item = wanted.manual_item(row)
    ask(session, f"{'withdraw' if withdraw else 'confirm'} {row}: {item.says}", reviewed="it is so", yes=yes)
    if withdraw:
        said.withdraw(row)
    else:
        said.confirm(row, name=by, caller=session.caller, now=session.clock(), note=note)
    click.echo(f"{row} {'withdrawn' if withdraw else f'confirmed by {by.strip()}'}", err=True)
