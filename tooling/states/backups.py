"""Copies of a state that are made before it is changed: in this checkout, and beside the state in its bucket.

The bucket's versions hold the same as long as there is a bucket; the copy in the checkout outlives it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tooling.bucket_object import state_object
from tooling.changeset.store import store_of
from tooling.errors import ToolError
from tooling.state import parse_state, version_of
from tooling.workspace import private_folder, write_private

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session

#: How many are kept in each place.
KEPT = 20
_NAME = re.compile(r"\d{8}T\d{6}Z-(\d+|damaged)\.tfstate")


@dataclass(frozen=True)
class Backup:
    """One copy.

    Attributes:
        name: Its file's: the time, and the serial of the state.
        file: Where it is in this checkout; None for one in the bucket.
        key: Where it is in the bucket; empty for one in this checkout.
    """

    name: str
    file: Path | None = None
    key: str = ""

    @property
    def serial(self) -> int:
        """-1 for a copy of something damaged."""
        found = _NAME.fullmatch(self.name)
        return int(found[1]) if found and found[1].isdigit() else -1


def backup_state(session: Session, stack: Stack) -> Path | None:
    """Copy the state as it is, damaged or not, to both places; only the newest copies are kept.

    Call it while holding the lock.

    Returns:
        The copy in this checkout; None when there is no state.

    Raises:
        ToolError: It could not be written to both. Then nothing should be changed.
    """
    place = state_object(session, stack)
    found = place.read()
    if found is None:
        return None
    try:
        serial = str(version_of(parse_state(found.content)).serial)
    except ValueError:
        serial = "damaged"
    name = f"{session.clock():%Y%m%dT%H%M%SZ}-{serial}.tfstate"
    folder = _folder(session, stack)
    try:
        for path in (folder.parent.parent, folder.parent, folder):
            private_folder(path)
        write_private(folder / name, found.content)
        for old in list_here(session, stack)[KEPT:]:
            if old.file is not None:
                old.file.unlink(missing_ok=True)
    except OSError as error:
        raise ToolError(
            f"the state could not be backed up: {error.strerror or error}",
            where=session.workspace.relative(folder),
            hint="nothing was changed; make room, then run again",
        ) from error
    # A copy of the same second and serial is there already when this answers False.
    replace(place, key=f"{_prefix(stack)}{name}").write(found.content, instead_of=None)
    store = store_of(session.target, session.env, session.config)
    for old in list_in_bucket(session, stack)[KEPT:]:
        store.delete(old.key)
    return folder / name


def list_here(session: Session, stack: Stack) -> list[Backup]:
    """The copies in this checkout, newest first."""
    files = _folder(session, stack).glob("*.tfstate")
    return [Backup(path.name, file=path) for path in sorted(files, reverse=True) if _NAME.fullmatch(path.name)]


def list_in_bucket(session: Session, stack: Stack) -> list[Backup]:
    """The copies in the bucket, newest first.

    Raises:
        ToolError: S3 refuses or does not answer.
    """
    keys = store_of(session.target, session.env, session.config).keys(_prefix(stack))
    named = ((key.rpartition("/")[2], key) for key in reversed(keys))
    return [Backup(name, key=key) for name, key in named if _NAME.fullmatch(name)]


def read_backup(session: Session, stack: Stack, backup: Backup) -> bytes:
    """The copy.

    Raises:
        ToolError: It is not there any more, or cannot be read.
    """
    if backup.file is None:
        found = replace(state_object(session, stack), key=backup.key).read()
        if found is None:
            raise ToolError("the backup is gone", where=backup.key)
        return found.content
    return read_file(backup.file)


def read_file(file: Path) -> bytes:
    """A copy that lies anywhere.

    Raises:
        ToolError: It cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise ToolError(f"cannot be read: {error.strerror or error}", where=str(file)) from error


def _folder(session: Session, stack: Stack) -> Path:
    return session.workspace.work / "backups" / stack.env / stack.architecture


def _prefix(stack: Stack) -> str:
    return str(PurePosixPath(stack.state_key).parent / "backups" / stack.architecture) + "/"
