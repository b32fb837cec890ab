"""The changesets of an environment that lie in this checkout, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.changeset.checking import expired
from tooling.changeset.folder import read_changeset
from tooling.changeset.reading import changeset_ids
from tooling.changeset.receipts import Receipt, read_receipt
from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.changeset.model import Changeset
    from tooling.workspace import Workspace


@dataclass(frozen=True)
class Listed:
    """One changeset.

    Attributes:
        status: ``ready``, ``applied``, ``partly applied``, ``failed``, ``expired``, ``refused`` (by the gate) or
            ``damaged``.
        changeset: What was sealed; None for one that is damaged.
        trouble: What is wrong with a damaged one.
    """

    id: str
    status: str
    changeset: Changeset | None
    trouble: str = ""


def list_changesets(workspace: Workspace, env: str, now: datetime) -> tuple[Listed, ...]:
    """Every changeset of an environment; one that cannot be read is listed as such."""
    base = workspace.changesets(env)
    return tuple(_listed(workspace, base / name, now) for name in changeset_ids(base))


def _listed(workspace: Workspace, folder: Path, now: datetime) -> Listed:
    try:
        changeset = read_changeset(folder, workspace.relative(folder))
    except ToolError as error:
        return Listed(folder.name, "damaged", None, error.what)
    return Listed(folder.name, status_of(changeset, folder, now), changeset)


def status_of(changeset: Changeset, folder: Path, now: datetime) -> str:
    """What became of a changeset, as far as the receipts in this checkout tell."""
    receipts = list(receipts_here(changeset, folder))
    applied = {receipt.architecture for receipt in receipts if receipt.whole}
    if applied:
        return "applied" if applied == {part.architecture for part in changeset.stacks} else "partly applied"
    if receipts:
        return "failed"
    if not changeset.gate_passed:
        return "refused"
    return "expired" if expired(changeset, now) else "ready"


def receipts_here(changeset: Changeset, folder: Path) -> Iterator[Receipt]:
    """The receipts of that very seal that lie beside it; one that was edited proves nothing."""
    for part in changeset.stacks:
        for file in sorted((folder / part.architecture).glob("receipt-*.json")):
            with suppress(ToolError):
                receipt = read_receipt(file.read_bytes(), file.name)
                if receipt.seal == changeset.seal:
                    yield receipt
