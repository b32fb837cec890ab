"""Changesets as text and JSON on standard output."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tooling.plan.summary import SIGNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tooling.changeset.listing import Listed
    from tooling.changeset.model import Changeset
    from tooling.changeset.proving import Proof
    from tooling.changeset.reading import ReadChangeset, ReadStack
    from tooling.changeset.standing import Standing
    from tooling.changeset.transfer import Moved

_COLOURS = {"applied": "green", "ready": "cyan", "as sealed": "green", "met": "green", "left out": "yellow"}


def totals(changeset: Changeset) -> dict[str, int]:
    """Changes of all stacks together, by action."""
    return {sign: sum(part.changes.get(sign, 0) for part in changeset.stacks) for sign in SIGNS}


def in_words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} to {action}" for action, count in counts.items() if count) or "no changes"


def listed_json(one: Listed) -> dict[str, Any]:
    """What ``changeset list --json`` prints of one."""
    if one.changeset is None:
        return {"id": one.id, "status": one.status, "trouble": one.trouble}
    changeset = one.changeset
    return {
        "id": one.id,
        "status": one.status,
        "kind": changeset.kind,
        "created": changeset.created,
        "expires": changeset.expires,
        "by": changeset.by,
        "stacks": [part.architecture for part in changeset.stacks],
        "changes": totals(changeset),
        "gate_passed": changeset.gate_passed,
        "seal": changeset.seal,
    }


def listed_text(env: str, found: Sequence[Listed]) -> None:
    if not found:
        click.echo(f"no changesets of {env} here; make one: groundplan plan --env {env}")
    for one in found:
        click.secho(f"{one.id}  {one.status}", fg=_COLOURS.get(one.status, "red"), bold=True)
        if one.changeset is None:
            click.echo(f"    {one.trouble}")
            continue
        changeset = one.changeset
        gate = "passed" if changeset.gate_passed else "REFUSED"
        click.echo(f"    {changeset.kind} · {in_words(totals(changeset))} · gate {gate}")
        click.echo(f"    {', '.join(part.architecture for part in changeset.stacks)}")
        click.echo(
            f"    {changeset.created} by {changeset.by} · until {changeset.expires} · seal {changeset.seal[:16]}"
        )


def read_json(found: ReadChangeset, standing: Standing, now: datetime) -> dict[str, Any]:
    """What ``changeset show --json`` prints."""
    from tooling.changeset.listing import receipts_here, status_of
    from tooling.gate import to_json

    return {
        "changeset": found.changeset.to_json(),
        "status": status_of(found.changeset, found.folder, now),
        "receipts": [receipt.to_json() for receipt in receipts_here(found.changeset, found.folder)],
        "standing": {**asdict(standing), "approvals": [one.to_json() for one in standing.approvals]},
        "stacks": {
            f"{found.changeset.env}/{stack.part.architecture}": {
                "counts": stack.summary.counts,
                "changes": [asdict(change) for change in stack.summary.changes],
                "outputs": list(stack.summary.outputs),
                "gate": to_json(stack.gate),
                "cost": stack.cost,
            }
            for stack in found.stacks
        },
    }


def read_text(found: ReadChangeset, standing: Standing, now: datetime) -> None:
    """A changeset for its reviewer."""
    from tooling.changeset.listing import receipts_here, status_of
    from tooling.cli.show import cost_text
    from tooling.cost import from_json

    one = found.changeset
    status = status_of(one, found.folder, now)
    click.secho(f"{one.kind} of {one.env}: {in_words(totals(one))} · {status}", bold=True)
    click.echo(f"  changeset {one.id} · seal {one.seal}")
    click.echo(f"  planned {one.created} by {one.by}")
    dirty = " with uncommitted changes" if one.dirty else ""
    click.echo(f"  commit {one.commit or 'unknown (not in git)'}{dirty} · Terraform {one.terraform}")
    click.echo(f"  account {one.account_id}, {one.region}, on {one.target}")
    click.echo(f"  {'expired' if now >= one.expires_at else 'may be applied until'} {one.expires}")
    for receipt in receipts_here(one, found.folder):
        ended = "applied" if receipt.whole else f"not applied whole ({receipt.error})"
        click.echo(f"  {receipt.architecture}: {ended} at {receipt.ended} by {receipt.by}")
    estimates = [from_json(stack.cost) for stack in found.stacks if stack.cost is not None]
    if estimates:
        cost_text(estimates)
    _standing_text(standing)
    for stack in found.stacks:
        _stack_text(one.env, stack)


def _standing_text(standing: Standing) -> None:
    """What it has and what it lacks before it may be applied."""
    for sentence in standing.notes:
        click.echo(f"  {sentence}")
    for approval in standing.approvals:
        click.secho(f"  approved {approval.at} by {approval.by}", fg="green")
    for sentence in standing.missing:
        click.secho(f"  in the way: {sentence}", fg="red")
    if standing.unknown:
        click.secho(f"  approvals, and what is in the way of apply, are not known: {standing.unknown}", fg="yellow")


def _stack_text(env: str, stack: ReadStack) -> None:
    from tooling.cli.changes_text import changes_text
    from tooling.cli.show import cost_text, gate_text, summary_text
    from tooling.cost import from_json

    click.secho(f"\n{env}/{stack.part.architecture}: {in_words(stack.part.changes)}", bold=True)
    for glass in stack.part.glass:
        click.secho(f"  ! broken glass: {glass.address}: {glass.reason}", fg="red")
    summary_text(stack.summary, dangerous_first=True)
    if stack.cost is not None:
        cost_text([from_json(stack.cost)])
    changes_text(stack.gate)
    gate_text(stack.gate)
    for finding in stack.gate.waived:
        waiver = finding.waived_by
        if waiver is not None:
            click.echo(
                f"  · waived {finding.check_id} {finding.address}: {waiver.reason} "
                f"({waiver.asked_by}, {waiver.owner}, until {waiver.expires})"
            )


def proofs_text(proofs: Sequence[Proof]) -> None:
    """The table of ``changeset verify``."""
    wide = max(len(proof.where) for proof in proofs), max(len(proof.part) for proof in proofs)
    for proof in proofs:
        verdict = f"{proof.verdict}: {proof.note}" if proof.note else proof.verdict
        line = f"{proof.where:<{wide[0]}}  {proof.part:<{wide[1]}}  {verdict}"
        click.secho(line, fg=_COLOURS.get(proof.verdict, "red"))


def moved_json(moved: Moved) -> dict[str, Any]:
    """What ``changeset export --json`` and ``import --json`` print."""
    return {
        "changeset": moved.changeset.to_json(),
        "folder": str(moved.folder),
        "file": str(moved.file),
        "key": moved.key,
        "known": moved.known,
    }
