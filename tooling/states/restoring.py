"""Bringing an earlier state back: checked, locked, backed up, and under a serial that no plan was made against."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.bucket_object import state_object
from tooling.changeset.store import store_of
from tooling.errors import Exit, ToolError
from tooling.journal import runs_open
from tooling.lock_object import PUSH
from tooling.locking import held, new_lock
from tooling.state import parse_state, version_of
from tooling.states.backups import backup_state, list_here, list_in_bucket
from tooling.states.choosing import Chosen, choose
from tooling.states.comparing import StateDifference, compare_states
from tooling.states.versions import SOUND, each_version

if TYPE_CHECKING:
    from tooling.bucket_object import BucketObject
    from tooling.environment.stacks import Stack
    from tooling.session import Session

# Serials only rise, other than by `terraform state push -force`: the newest versions hold the highest.
_LOOKED_AT = 50


@dataclass(frozen=True)
class Restoration:
    """What restoring a state would do.

    Attributes:
        chosen: What is brought back.
        found: What is there now, in words.
        tag: Of the object that is there; None for none.
        serial: What the restored state gets: higher than any that is known.
        difference: What the state gains and loses.
        open_runs: Runs that died and were not resumed; what they made is in no earlier state.
    """

    chosen: Chosen
    found: str
    tag: str | None
    serial: int
    difference: StateDifference
    open_runs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Restored:
    """A state that was brought back.

    Attributes:
        backup: Copy of what was there before; None where there was nothing.
    """

    serial: int
    backup: Path | None


def prepare(session: Session, stack: Stack, name: str, *, other_lineage: bool = False) -> Restoration | None:
    """Look up the state that ``name`` means and compare it with what is there; changes nothing.

    Args:
        session: Of the run.
        stack: Whose state.
        name: As :func:`tooling.states.choosing.choose` takes it.
        other_lineage: Whether a state of another line of descent may be brought back.

    Returns:
        None when it is what is there already.

    Raises:
        ToolError: There is no such state, or it is of another lineage (as another stack's is).
    """
    chosen = choose(session, stack, name)
    found = state_object(session, stack).read()
    now, words = None, "there is no state object now"
    if found is not None:
        try:
            now = parse_state(found.content)
            words = f"now serial {version_of(now).serial}"
        except ValueError as error:
            words = f"the state object is damaged now: {error}"
    if now is not None and now == chosen.state:
        return None
    lineage, highest = _known(session, stack, now)
    if lineage and chosen.version.lineage != lineage and not other_lineage:
        raise ToolError(
            f"{chosen.label} is of lineage {chosen.version.lineage}, the stack's state of {lineage}",
            where=stack.name,
            hint="it is another stack's, or from before the stack was begun anew; if it is meant: --other-lineage",
        )
    serial = max(highest, chosen.version.serial) + 1
    tag = found.tag if found else None
    runs = runs_open(stack, store_of(session.target, session.env, session.config))
    return Restoration(chosen, words, tag, serial, compare_states(now, chosen.state), runs)


def restore(session: Session, stack: Stack, restoration: Restoration) -> Restored:
    """Bring the state back while holding the lock; what is there is backed up before.

    Raises:
        ToolError: Somebody holds the lock, the state was written meanwhile (exit 4), or the backup failed.
    """
    place = state_object(session, stack)
    with held(session, stack, new_lock(session, stack, PUSH)):
        found = place.read()
        if (found.tag if found else None) != restoration.tag:
            raise _moved(stack)
        backup = backup_state(session, stack)
        state = {**restoration.chosen.state, "serial": restoration.serial}
        note = f"serial {restoration.chosen.version.serial} restored by {session.caller}"
        # As Terraform writes it.
        content = (json.dumps(state, indent=2, ensure_ascii=False) + "\n").encode()
        if not place.write(content, instead_of=restoration.tag, note=note.encode("ascii", "replace").decode()):
            raise _moved(stack)
        _prove(place, stack, state)
    return Restored(restoration.serial, backup)


def _known(session: Session, stack: Stack, now: dict[str, Any] | None) -> tuple[str, int]:
    """The stack's lineage (``""``: unknown) and the highest serial that any of its states had."""
    sound = [one for one in islice(each_version(session, stack), _LOOKED_AT) if one.status == SOUND]
    lineage = version_of(now).lineage if now is not None else sound[0].lineage if sound else ""
    backups = [*list_here(session, stack), *list_in_bucket(session, stack)]
    return lineage, max([0, *(one.serial for one in sound), *(one.serial for one in backups)])


def _moved(stack: Stack) -> ToolError:
    return ToolError(
        "the state was written meanwhile; nothing was restored",
        where=stack.name,
        hint=f"look again: groundplan state history --env {stack.env} --stack {stack.architecture}",
        exit_code=Exit.REFUSED,
    )


def _prove(place: BucketObject, stack: Stack, state: dict[str, Any]) -> None:
    """What lies there now is what was meant."""
    found = place.read()
    if found is None or parse_state(found.content) != state:
        raise ToolError("the restored state does not read back as it was written", where=stack.name)
