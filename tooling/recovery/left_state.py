"""States that Terraform could not store: ``errored.tfstate`` beside the root module, or printed as a last resort."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.journal.model import Journal
from tooling.state import StateVersion, version_of

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack

ERRORED = "errored.tfstate"


@dataclass(frozen=True)
class Leftover:
    """One such state.

    Attributes:
        content: The state file.
        shown: How it is named to the user.
        put_away: Call it when the state is in the bucket, or is no newer than that one: it is kept with the stack's
            work files.
    """

    content: bytes
    version: StateVersion
    shown: str
    put_away: Callable[[], None]


def leftovers(stack: Stack, runs: Sequence[Journal]) -> tuple[Leftover, ...]:
    """What there is, oldest serial first.

    Raises:
        ToolError: ``errored.tfstate`` is no state.
    """
    found = []
    file = stack.root / ERRORED
    if file.is_file():
        content = file.read_bytes()
        file.chmod(0o600)
        shown = f"envs/{stack.name}/{ERRORED}"
        version = _version(content, shown)

        def put_away() -> None:
            file.rename(stack.work / f"errored-{version.serial}.tfstate")

        found.append(Leftover(content, version, shown, put_away))
    for run in runs:
        if (dumped := run.dumped_state) is not None:
            content = json.dumps(dumped, indent=2).encode()
            shown = f"the journal of run {run.header.run}"
            found.append(Leftover(content, _version(content, shown), shown, _nothing))
    return tuple(sorted(found, key=lambda one: one.version.serial))


def _version(content: bytes, shown: str) -> StateVersion:
    try:
        state: Mapping[str, Any] = json.loads(content)
        return version_of(dict(state))
    except (ValueError, KeyError, TypeError) as error:
        raise ToolError(
            "is no state, or was cut short",
            where=shown,
            hint="move it away and resume again: what was made is in the journal as well",
        ) from error


def _nothing() -> None:
    """A journal stays where it is."""
