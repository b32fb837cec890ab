"""States, their versions and locks as text and JSON on standard output."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tooling.cli.difference_text import pair
from tooling.states.versions import DAMAGED, DELETED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tooling.environment.stacks import Stack
    from tooling.lock_object import LockInfo
    from tooling.session import Session
    from tooling.states.backups import Backup
    from tooling.states.choosing import Chosen
    from tooling.states.comparing import StateDifference
    from tooling.states.restoring import Restoration, Restored
    from tooling.states.versions import Version

_COLOURS = {"runs": "green", "dead": "red", "+": "green", "-": "red", "~": "yellow"}


def history_json(versions: Sequence[Version], backups: Sequence[Backup], session: Session) -> dict[str, Any]:
    """What ``state history --json`` prints."""
    left_out = {"state", "written"}
    return {
        "stack": session.stack.name,
        "versions": [
            {
                **{key: value for key, value in vars(one).items() if key not in left_out},
                "written": one.written.isoformat(),
            }
            for one in versions
        ],
        "backups": [{"name": one.name, "serial": one.serial, "place": _place(one, session)} for one in backups],
    }


def history_text(versions: Sequence[Version], backups: Sequence[Backup], session: Session) -> None:
    click.secho(f"{session.stack.name}: s3://{session.config.state.bucket}/{session.stack.state_key}", bold=True)
    if not versions:
        click.echo("  the bucket keeps no version of it: nothing was ever applied, or the versions are gone")
    lineage = next((one.lineage for one in versions if one.lineage), "")
    for one in versions:
        sign = "→" if one.current else " "
        click.secho(f"{sign} {one.written:%Y-%m-%d %H:%M:%S} UTC  {_content(one)}", fg=_colour(one))
        marks = [one.note, f"lineage {one.lineage}" if one.lineage not in ("", lineage) else ""]
        click.echo("    " + " · ".join([one.id, *(mark for mark in marks if mark)]))
    if backups:
        click.secho("backups", bold=True)
    for backup in backups:
        click.echo(f"  {_place(backup, session)}")


def _content(one: Version) -> str:
    if one.status == DELETED:
        return "deleted"
    if one.status == DAMAGED:
        return f"damaged: {one.trouble}"
    return f"serial {one.serial}  {one.resources} resources  {one.size} bytes  Terraform {one.terraform}"


def _colour(one: Version) -> str | None:
    return "red" if one.status in (DELETED, DAMAGED) else "green" if one.current else None


def _place(backup: Backup, session: Session) -> str:
    if backup.file is None:
        return f"s3://{session.config.state.bucket}/{backup.key}"
    return session.workspace.relative(backup.file)


def difference_json(first: Chosen, second: Chosen, found: StateDifference) -> dict[str, Any]:
    """What ``state diff --json`` prints."""
    return {
        "first": {"from": first.label, **asdict(first.version)},
        "second": {"from": second.label, **asdict(second.version)},
        **asdict(found),
        "same": found.same,
    }


def difference_text(first: Chosen, second: Chosen, found: StateDifference) -> None:
    click.secho(f"serial {first.version.serial} → {second.version.serial}", bold=True)
    click.echo(f"  {first.label} → {second.label}")
    if first.version.lineage != second.version.lineage:
        click.secho(f"  lineage {first.version.lineage} → {second.version.lineage}", fg="red")
    _changes(found, err=False)


def _changes(found: StateDifference, *, err: bool) -> None:
    for resource in found.resources:
        sign = "~" if resource.first and resource.second else "-" if resource.first else "+"
        click.secho(f"  {sign} {resource.address}", fg=_COLOURS[sign], err=err)
        for value in resource.values:
            click.echo(f"      {value.path}", err=err)
            pair(value.first, value.second, err, indent="        ")
    for output in found.outputs:
        click.echo(f"  output {output.path}", err=err)
        pair(output.first, output.second, err)
    if found.same:
        click.echo("  no resource or output differs", err=err)


def restoration_text(stack: str, plan: Restoration) -> None:
    """What restoring would do, on standard error: before it is asked about."""
    click.secho(
        f"{stack}: {plan.chosen.label} (serial {plan.chosen.version.serial}); {plan.found}", bold=True, err=True
    )
    click.echo("  what the state would gain (+), lose (-) and hold otherwise (~):", err=True)
    _changes(plan.difference, err=True)


def restored_json(session: Session, plan: Restoration, done: Restored) -> dict[str, Any]:
    """What ``state restore --json`` prints."""
    return {
        "stack": session.stack.name,
        "restored": True,
        "from": plan.chosen.label,
        "serial": done.serial,
        "backup": session.workspace.relative(done.backup) if done.backup else None,
        "open_runs": list(plan.open_runs),
    }


def restored_text(session: Session, plan: Restoration, done: Restored) -> None:
    name = session.stack.name
    click.secho(f"{name}: restored {plan.chosen.label} as serial {done.serial}", fg="green")
    if done.backup:
        click.echo(f"  what was there: {session.workspace.relative(done.backup)}")
    options = f"--env {session.env} --stack {session.stack.architecture}"
    if plan.open_runs:
        click.echo(
            f"  the run {plan.open_runs[-1]} died and is still open; add what it made: groundplan resume {options}"
        )
    else:
        click.echo(f"  AWS was not touched; where it differs from this state: groundplan plan {options}")


def lock_json(stack: Stack, lock: LockInfo | None) -> dict[str, Any]:
    """One stack of ``state locks --json``."""
    if lock is None:
        return {"stack": stack.name, "locked": False}
    owner = asdict(lock.owner) if lock.owner else None
    return {"stack": stack.name, "locked": True, **vars(lock), "run": lock.run, "owner": owner, "state": lock.standing}


def lock_text(stack: Stack, lock: LockInfo | None) -> None:
    if lock is None:
        click.echo(f"{stack.name}: free")
        return
    click.secho(f"{stack.name}: held by {lock.holder}", bold=True)
    click.secho(f"    owner: {lock.standing}", fg=_COLOURS.get(lock.standing, "yellow"))
    click.echo(f"    lock {lock.id or 'without an id'}{f': {lock.info}' if lock.info else ''}")
