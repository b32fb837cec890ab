"""What a journal says: who began what, what of it was done, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tooling.process import ProcessId
from tooling.typed import read_as

FORMAT = 1
CREATE, UPDATE, DELETE = "create", "update", "delete"
DONE, FAILED, REFUSED, UNFINISHED = "done", "failed", "refused", "unfinished"


@dataclass(frozen=True)
class Header:
    """Who began what.

    Attributes:
        run: Id of the run, unique.
        changeset, seal: What is being applied.
        kind: ``apply``, ``destroy`` or ``adopt``.
        sources: Digests of what the plan was made from, by the names of the changeset's parts.
        by: ARN of who applies.
        planned_by, approved_by, glass, commit, dirty: As in the changeset.
        process: groundplan's own.
        command: As it was typed.
        lock: Id of the lock that this run takes on the state.
        lineage, serial: The state before; ``""`` and 0 for none.
        started: UTC, ISO 8601.
    """

    run: str
    changeset: str
    seal: str
    env: str
    architecture: str
    kind: str
    target: str
    account_id: str
    commit: str
    dirty: bool
    sources: dict[str, str]
    planned_by: str
    approved_by: tuple[str, ...]
    glass: tuple[tuple[str, str], ...]
    by: str
    process: ProcessId
    command: str
    lock: str
    lineage: str
    serial: int
    started: str

    def to_json(self) -> dict[str, Any]:
        return {"groundplan": "run", "format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Header:
        """Read it again.

        Raises:
            ValueError, KeyError: It is no header.
        """
        if content["format"] != FORMAT:
            raise ValueError(f"of format {content['format']!r}, this groundplan reads {FORMAT}")
        return read_as(cls, {key: value for key, value in content.items() if key not in ("groundplan", "format")})


@dataclass(frozen=True)
class Step:
    """What is known of one action on one resource.

    Attributes:
        action: ``create``, ``update`` or ``delete``.
        result: ``done``; ``refused``: AWS said no, as a rule to all of it; ``failed``: it ended badly and may have done
            something; ``unfinished``: nothing more was heard of it.
        id: As the provider names the resource; empty where it did not say.
        began, ended: When, as Terraform says; empty where it does not.
        seconds: How long it took.
    """

    address: str
    action: str
    result: str
    id: str = ""
    began: str = ""
    ended: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Ending:
    """How groundplan saw the run end.

    Attributes:
        error: What ended it; empty when it was whole.
        ended: UTC, ISO 8601.
    """

    error: str
    ended: str


@dataclass(frozen=True)
class Journal:
    """One run.

    Attributes:
        steps: In the order in which they began.
        terraform: Its process; None when it was never started.
        ending: None when groundplan did not live to see it.
        whole: Whether Terraform said that it did all it was to do.
        dumped_state: What Terraform printed when it could write its state nowhere; None as a rule.
    """

    header: Header
    steps: tuple[Step, ...]
    terraform: ProcessId | None = None
    ending: Ending | None = None
    whole: bool = False
    dumped_state: Mapping[str, Any] | None = None

    def done(self, action: str) -> dict[str, Step]:
        """What was done for certain, by address."""
        return {step.address: step for step in self.steps if step.action == action and step.result == DONE}

    @property
    def doubts(self) -> dict[str, Step]:
        """Creations of which nobody knows whether they made something, by address.

        One that AWS refused may have been refused halfway: a bucket that is there without its tags. Terraform keeps
        what there is of it as tainted when it stores its state, which is certain only of a run that was seen to end.
        """
        unsure = (UNFINISHED, FAILED) if self.ending else (UNFINISHED, FAILED, REFUSED)
        return {step.address: step for step in self.steps if step.action == CREATE and step.result in unsure}
