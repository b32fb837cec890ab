"""Which state is meant: a version of the bucket, a serial, ``last-good``, ``current``, or the file of a backup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.bucket_object import state_object
from tooling.errors import Exit, ToolError
from tooling.state import StateVersion, parse_state, version_of
from tooling.states.backups import list_here, list_in_bucket, read_backup, read_file
from tooling.states.versions import SOUND, each_version

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session

CURRENT, LAST_GOOD = "current", "last-good"
_SERIAL = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Chosen:
    """One state.

    Attributes:
        label: Where it is from, for people.
        state: What it holds.
    """

    label: str
    state: dict[str, Any]

    @property
    def version(self) -> StateVersion:
        return version_of(self.state)


def choose(session: Session, stack: Stack, name: str) -> Chosen:
    """The state that ``name`` means.

    Args:
        session: Of the run.
        stack: Whose state.
        name: ``current``, ``last-good`` (the newest that is whole: of the versions, else of the backups), a serial,
            the id of a version, or the path of a file.

    Raises:
        ToolError: There is none, or it is damaged. Exit 2: the file is no state.
    """
    if name == CURRENT:
        return _current(session, stack)
    if name == LAST_GOOD:
        for one in _whole(session, stack):
            return one
        raise ToolError("no state is known that is whole", where=stack.name, hint=_listing(stack))
    if name.endswith(".tfstate") or Path(name).is_file():
        try:
            return Chosen(f"the file {name}", parse_state(read_file(Path(name))))
        except ValueError as error:
            raise ToolError(f"the file is no state: {error}", where=name, exit_code=Exit.USAGE) from error
    if _SERIAL.fullmatch(name):
        for one in _whole(session, stack):
            if one.version.serial == int(name):
                return one
        raise ToolError(f"no state of serial {name} is known that is whole", where=stack.name, hint=_listing(stack))
    return _of_version(session, stack, name)


def _current(session: Session, stack: Stack) -> Chosen:
    place = state_object(session, stack)
    found = place.read()
    if found is None:
        raise ToolError("there is no state object", where=place.place, hint=_listing(stack))
    try:
        return Chosen("the current state", parse_state(found.content))
    except ValueError as error:
        raise ToolError(f"the state object is damaged: {error}", where=place.place, hint=_listing(stack)) from error


def _of_version(session: Session, stack: Stack, version: str) -> Chosen:
    place = state_object(session, stack)
    if all(listed.id != version for listed in place.versions()):
        raise ToolError(f"no version of the state has the id '{version}'", where=stack.name, hint=_listing(stack))
    found = place.read(version)
    try:
        return Chosen(f"version {version}", parse_state(found.content if found else b""))
    except ValueError as error:
        raise ToolError(f"the version {version} is damaged: {error}", where=stack.name, hint=_listing(stack)) from error


def _whole(session: Session, stack: Stack) -> Iterator[Chosen]:
    """Every state that is whole: versions first, then backups, newest first."""
    for version in each_version(session, stack):
        if version.status == SOUND and version.state is not None:
            yield Chosen(f"version {version.id} of {version.written:%Y-%m-%d %H:%M:%S} UTC", version.state)
    for backup in [*list_in_bucket(session, stack), *list_here(session, stack)]:
        try:
            state = parse_state(read_backup(session, stack, backup))
        except ValueError:
            continue
        where = "in the bucket" if backup.file is None else "in this checkout"
        yield Chosen(f"the backup {backup.name} {where}", state)


def _listing(stack: Stack) -> str:
    return f"see what there is: groundplan state history --env {stack.env} --stack {stack.architecture}"
