"""Manual items that somebody confirmed by name: an object beside the state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tooling.bucket_object import BucketObject, state_object
from tooling.errors import Exit, ToolError
from tooling.moments import shown
from tooling.typed import read_as

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session

_ENDING = ".confirmations.json"


@dataclass(frozen=True)
class Confirmation:
    """One item, confirmed.

    Attributes:
        row: Of the item.
        name: Of the person who answers for it.
        caller: ARN of who wrote it down.
        at: When, in UTC.
        note: What they said of it; empty for nothing.
    """

    row: str
    name: str
    caller: str
    at: str
    note: str = ""


@dataclass(frozen=True)
class Confirmations:
    """Those of one stack."""

    place: BucketObject
    tag: str | None
    all: Mapping[str, Confirmation]

    @classmethod
    def of(cls, session: Session, stack: Stack) -> Confirmations:
        """As they are now.

        Raises:
            ToolError: They cannot be read.
        """
        place = state_object(session, stack, _ENDING)
        read = place.read()
        if read is None:
            return cls(place, None, {})
        try:
            entries: dict[str, dict[str, Any]] = json.loads(read.content)
            return cls(place, read.tag, {row: read_as(Confirmation, entry) for row, entry in entries.items()})
        except (ValueError, TypeError, AttributeError) as error:
            raise ToolError(
                "the confirmations are damaged",
                where=place.place,
                hint="bring an older version of the object back, or delete it",
            ) from error

    def confirm(self, row: str, *, name: str, caller: str, now: datetime, note: str = "") -> Confirmation:
        """Write one down, over what was said of it before.

        Raises:
            ToolError: No name, or somebody else wrote at the same moment.
        """
        if not name.strip():
            raise ToolError("a confirmation needs a name", hint="--by 'Ada Lovelace'", exit_code=Exit.USAGE)
        made = Confirmation(row, name.strip(), caller, shown(now), note)
        self._write({**self.all, row: made})
        return made

    def withdraw(self, row: str) -> None:
        """Take one back.

        Raises:
            ToolError: It is not confirmed, or somebody else wrote at the same moment.
        """
        if row not in self.all:
            raise ToolError(f"{row} is not confirmed", where=self.place.place, exit_code=Exit.USAGE)
        self._write({key: one for key, one in self.all.items() if key != row})

    def _write(self, entries: Mapping[str, Confirmation]) -> None:
        content = json.dumps({row: asdict(one) for row, one in sorted(entries.items())}, indent=2).encode()
        if not self.place.write(content, instead_of=self.tag):
            raise ToolError("somebody else wrote at the same moment", where=self.place.place, hint="run it again")
