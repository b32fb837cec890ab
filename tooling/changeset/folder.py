"""The changeset's folder: ``changeset.json`` and what lies beside it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tooling.changeset.model import CHANGESET, FORMAT, LATEST, Changeset
from tooling.changeset.sealing import seal_of
from tooling.errors import Exit, ToolError
from tooling.workspace import write_private


def write_changeset(base: Path, changeset: Changeset) -> None:
    """Write ``changeset.json`` and let ``latest`` point to it."""
    write_private(base / changeset.id / CHANGESET, _written(changeset))
    point_to(base, changeset.id)


def point_to(base: Path, identifier: str) -> None:
    """Let ``latest`` be that changeset."""
    link = base / f".{LATEST}.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(identifier)
    link.replace(base / LATEST)


def _written(changeset: Changeset) -> bytes:
    # Sorted, so that there is one way only to write a changeset and any other byte is an edit.
    return (json.dumps(changeset.to_json(), indent=2, sort_keys=True) + "\n").encode()


def read_changeset(folder: Path, shown_as: str) -> Changeset:
    """Read a changeset and check its own seal.

    Raises:
        ToolError: Exit 2: there is none, or the file is no changeset. Exit 4: it was edited.
    """
    file = folder / CHANGESET
    if not file.is_file():
        raise ToolError("there is no changeset", where=shown_as, hint="make one: groundplan plan", exit_code=Exit.USAGE)
    data = file.read_bytes()
    try:
        content = json.loads(data)
        found = content.pop("format")
        changeset = Changeset.from_json(content) if found == FORMAT else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ToolError(f"is no changeset: {error}", where=shown_as, hint="plan again", exit_code=Exit.USAGE) from error
    if changeset is None:
        raise ToolError(
            f"is of format {found!r}, this groundplan reads {FORMAT}",
            where=shown_as,
            hint="plan again with this version",
            exit_code=Exit.USAGE,
        )
    if seal_of(changeset) != changeset.seal or _written(changeset) != data:
        raise ToolError(
            "the changeset was edited after it was sealed",
            where=shown_as,
            hint="plan again; nothing was applied",
            exit_code=Exit.REFUSED,
        )
    return changeset
