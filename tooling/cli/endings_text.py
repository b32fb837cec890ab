"""How each stack ended, as a table on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tooling.changeset import Changeset
    from tooling.changeset.receipts import Receipt
    from tooling.endings import Endings
    from tooling.verifying import Verification

_COLOURS = {"applied": "green", "failed": "red", "interrupted": "yellow", "not started": "yellow"}


def left_out_text(env: str, receipts: Mapping[str, Receipt]) -> None:
    """Before anything is asked: what this run does not touch, as an earlier one did it."""
    for name, receipt in receipts.items():
        said = f"{env}/{name}: left out, applied at {receipt.ended} by {receipt.by}"
        click.echo(said, err=True)


def endings_json(
    changeset: Changeset, endings: Endings, verified: Sequence[Verification] | None = None
) -> dict[str, Any]:
    """What ``apply --json`` prints, also where stacks failed."""
    from dataclasses import asdict

    found = {} if verified is None else {"verified": [asdict(one) | {"sound": one.sound} for one in verified]}
    return {
        "changeset": changeset.id,
        "seal": changeset.seal,
        "applied": [asdict(one) for one in endings.applied],
        "stacks": [asdict(one) for one in endings.stacks],
        **found,
    }


def endings_text(env: str, endings: Endings) -> None:
    """A line a stack; whoever has to act on one of them reads the errors and hints after it."""
    names = [f"{env}/{one.architecture}" for one in endings.stacks]
    for name, one in zip(names, endings.stacks, strict=True):
        how = click.style(f"{one.how:13}", fg=_COLOURS.get(one.how))
        click.echo(f"{name:{max(map(len, names))}}  {how}  {one.said}")
