from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from tooling.cli.findings_text import findings_json, findings_text, require_good
from tooling.cli.options import env_option, json_option, print_json, stack_option

if TYPE_CHECKING:
    from tooling.doctor import Examination, Examined
    from tooling.live import Finding


@click.command()
@env_option
@stack_option
@click.option("--check", "checks", multiple=True, metavar="NAME", help="Ask this question only, repeatable.")
@click.option("--list", "names", is_flag=True, help="List the questions.")
@click.option("--links", is_flag=True, help="List log groups, pages of AWS's console and the last apply's log instead.")
@click.option("--ci", is_flag=True, help="Check the secrets and variables that the workflows ask for instead.")
@click.option("--url", default="", metavar="URL", help="Where the application answers, as http://127.0.0.1:3000.")
@json_option
def doctor(
    env: str,
    stacks: tuple[str, ...],
    checks: tuple[str, ...],
    names: bool,
    links: bool,
    ci: bool,
    url: str,
    as_json: bool,
) -> None:
    """Say what is wrong: with this machine and environment, and with what is applied (--stack, --check).

    Each finding says what was seen, what it means and the next command. Nothing is changed.

    \b
    groundplan doctor --env dev
    groundplan doctor --env dev --stack doomscroll --check database --check task-start
    """
    from tooling.doctor import chosen
    from tooling.doctor.ci import check_ci
    from tooling.web import check_url
    from tooling.workspace import find_workspace

    if sum((names, links, ci, bool(checks))) > 1:
        raise click.UsageError("choose one of --check, --list, --links and --ci")
    if url:
        check_url(url)
    wanted = chosen(checks)
    if names:
        _list_questions(as_json=as_json)
        return
    workspace = find_workspace()
    if ci:
        _show([], check_ci(workspace.root), as_json=as_json, where=".github/workflows")
    elif links:
        _show_links(list(_examinations(env, stacks, url)), as_json=as_json)
    else:
        _diagnose(env, stacks, checks, wanted, url, as_json=as_json)


def _diagnose(
    env: str, stacks: tuple[str, ...], checks: tuple[str, ...], wanted: tuple[Any, ...], url: str, *, as_json: bool
) -> None:
    from tooling.doctor import check_setup, examine
    from tooling.live import skipped
    from tooling.workspace import find_workspace

    setup = () if checks else check_setup(find_workspace(), env)
    examined: list[Examined] = []
    if stacks and any(one.bad for one in setup):
        setup += (skipped(", ".join(stacks), "not looked at: first what is above, or ask with --check NAME"),)
    elif checks or stacks:
        for one in _examinations(env, stacks, url):
            examined += examine(one, wanted, named=bool(checks))
    _show(examined, setup, as_json=as_json, where=env)


def _examinations(env: str, stacks: tuple[str, ...], url: str) -> Iterable[Examination]:
    from tooling.cli.live import watching
    from tooling.doctor.examining import examinations
    from tooling.workspace import find_workspace

    with watching() as progress:
        yield from examinations(find_workspace(), env, stacks, url=url, progress=progress)


def _show(examined: list[Examined], setup: tuple[Finding, ...], *, as_json: bool, where: str) -> None:
    found = [*setup, *(finding for one in examined for finding in one.findings)]
    if as_json:
        # What is not about a stack comes first, as it always did.
        entries = findings_json(setup)
        for one in examined:
            entries += [{"stack": one.stack, "check": one.check, **entry} for entry in findings_json(one.findings)]
        print_json(entries)
    else:
        findings_text(setup)
        for one in examined:
            click.echo(f"{one.stack} {one.check}: {one.asks}?")
            findings_text(one.findings, indent="  ")
    require_good(found, where=where, what="not ready" if not examined else "wrong")


def _show_links(examinations: list[Examination], *, as_json: bool) -> None:
    from dataclasses import asdict

    from tooling.doctor.links import links

    found = [(one.live.stack.name, link) for one in examinations for link in links(one)]
    if as_json:
        print_json([{"stack": stack, **asdict(link)} for stack, link in found])
        return
    for stack, link in found:
        click.echo(f"{stack} {link.what}: {link.where}")


def _list_questions(*, as_json: bool) -> None:
    from tooling.doctor import DIAGNOSES

    if as_json:
        print_json([{"check": one.name, "asks": one.asks, "types": one.types} for one in DIAGNOSES])
        return
    for one in DIAGNOSES:
        click.echo(f"{one.name:16} {one.asks}?")
