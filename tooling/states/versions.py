"""What the state bucket remembers of a state: every version of the object, and what is left when it was deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from tooling.bucket_object import state_object
from tooling.state import parse_state, version_of
from tooling.states.content import instances

if TYPE_CHECKING:
    from datetime import datetime

    from tooling.bucket_object import BucketObject, Listed
    from tooling.environment.stacks import Stack
    from tooling.session import Session

SOUND, DAMAGED, DELETED = "sound", "damaged", "deleted"


@dataclass(frozen=True)
class Version:
    """One version of a state object.

    Attributes:
        id: S3's.
        written: When.
        size: Bytes.
        current: Whether it is what Terraform reads.
        status: ``sound``, ``damaged``, or ``deleted`` for the mark that the object was.
        trouble: What is wrong with a damaged one.
        lineage, serial: Of a sound one; ``""`` and -1 otherwise.
        resources: How many it holds.
        terraform: Version that wrote it.
        note: What a restoration said of it.
        state: The content of a sound one.
    """

    id: str
    written: datetime
    size: int
    current: bool
    status: str
    trouble: str = ""
    lineage: str = ""
    serial: int = -1
    resources: int = 0
    terraform: str = ""
    note: str = ""
    state: dict[str, Any] | None = None


def history(session: Session, stack: Stack, limit: int) -> tuple[Version, ...]:
    """The newest versions of a state, newest first.

    Raises:
        ToolError: The bucket is not there, or refuses.
    """
    return tuple(islice(each_version(session, stack), limit))


def each_version(session: Session, stack: Stack) -> Iterator[Version]:
    """Every version, newest first, each read when it is its turn.

    Raises:
        ToolError: The bucket is not there, or refuses.
    """
    place = state_object(session, stack)
    for listed in place.versions():
        yield _read(place, listed)


def _read(place: BucketObject, listed: Listed) -> Version:
    version = Version(listed.id, listed.written, listed.size, listed.current, DELETED if listed.deleted else DAMAGED)
    if listed.deleted:
        return version
    found = place.read(listed.id)
    try:
        state = parse_state(found.content if found else b"")
    except ValueError as error:
        return replace(version, trouble=str(error))
    which = version_of(state)
    return replace(
        version,
        status=SOUND,
        lineage=which.lineage,
        serial=which.serial,
        resources=sum(1 for _ in instances(state)),
        terraform=str(state.get("terraform_version", "")),
        note=found.note if found else "",
        state=state,
    )
