"""Approvals: another identity says yes to that very seal, in the environment's state bucket."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling import digest
from tooling.changeset.document import read_document, written
from tooling.errors import Exit, ToolError
from tooling.typed import read_as
from tooling.workspace import private_folder, write_private

if TYPE_CHECKING:
    from datetime import datetime

    from tooling.changeset.model import Changeset
    from tooling.changeset.store import Store

FORMAT = 1
FOLDER = "approvals"


@dataclass(frozen=True)
class Approval:
    """One yes.

    Attributes:
        changeset, seal: To what.
        by: ARN of who said it, as STS tells it: for an assumed role that is role and session name.
        at: UTC, ISO 8601.
    """

    changeset: str
    seal: str
    env: str
    account_id: str
    target: str
    by: str
    at: str

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}


def approve(changeset: Changeset, folder: Path, store: Store, caller: str, now: datetime) -> Approval:
    """Write the caller's approval of a changeset to the bucket and beside the changeset.

    Raises:
        ToolError: Exit 4: the caller planned it. Exit 1: the bucket refuses.
    """
    check_other(changeset, caller)
    approval = Approval(
        changeset=changeset.id,
        seal=changeset.seal,
        env=changeset.env,
        account_id=changeset.account_id,
        target=changeset.target,
        by=caller,
        at=now.isoformat(timespec="seconds"),
    )
    data = written(approval.to_json())
    store.put(_key(changeset, caller), data)
    write_private(private_folder(folder / FOLDER) / _file_name(caller), data)
    return approval


def check_other(changeset: Changeset, caller: str) -> None:
    """Nobody approves what they planned.

    Raises:
        ToolError: Exit 4.
    """
    if caller == changeset.by:
        raise ToolError(
            f"was planned by you ({caller})",
            where=changeset.id,
            hint="another identity has to approve it",
            exit_code=Exit.REFUSED,
        )


def approvals_of(changeset: Changeset, store: Store) -> tuple[Approval, ...]:
    """Every approval of that seal in the bucket, those of the planner left out.

    Raises:
        ToolError: Exit 4: one was edited, or is of something else. Exit 1: the bucket cannot be read.
    """
    found = []
    for key in store.keys(_prefix(changeset)):
        approval = _read(store.get(key), store.place(key))
        if key != _key(changeset, approval.by) or _subject(approval) != _subject(changeset):
            raise ToolError("the approval is of another changeset", where=store.place(key), exit_code=Exit.REFUSED)
        if approval.by != changeset.by:
            found.append(approval)
    return tuple(found)


def _subject(of: Approval | Changeset) -> tuple[str, ...]:
    identifier = of.changeset if isinstance(of, Approval) else of.id
    return (identifier, of.seal, of.env, of.account_id, of.target)


def _read(data: bytes, where: str) -> Approval:
    content = read_document(data, "approval", where)
    try:
        if content.pop("format") != FORMAT:
            raise ValueError("another format")
        return read_as(Approval, content)
    except (KeyError, ValueError) as error:
        raise ToolError(f"is no approval: {error}", where=where, exit_code=Exit.REFUSED) from error


def _prefix(changeset: Changeset) -> str:
    return f"{FOLDER}/{changeset.env}/{changeset.seal}/"


def _key(changeset: Changeset, who: str) -> str:
    return _prefix(changeset) + _file_name(who)


def _file_name(who: str) -> str:
    """Readable, and another one for every ARN."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", str(who).rpartition(":")[2])
    return f"{readable}-{digest.of_bytes(str(who).encode())[:12]}.json"
