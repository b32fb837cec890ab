"""What drift is made of: plain values, no secret among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: What moved. ``follows``: nothing of its own, it moves with another resource; ``unexplained``: a plan would change
#: it, and neither the account nor the state nor a file that a plan is made from has moved.
REALITY, CODE, STATE, FOLLOWS, UNEXPLAINED = "reality", "code", "state", "follows", "unexplained"
MOVERS = (REALITY, STATE, CODE, FOLLOWS, UNEXPLAINED)


@dataclass(frozen=True)
class Moved:
    """One attribute.

    Attributes:
        path: Where it is, as ``tags.owner`` or ``policy.Statement[Read].Action``.
        before: What it was: in the state, or as the code had it when it was last applied.
        after: What it is: in the account (``reality``), in the code (``code``, ``state``).
        mover: One of :data:`MOVERS`.
    """

    path: str
    before: str
    after: str
    mover: str


@dataclass(frozen=True)
class Deed:
    """A call that changed something, as CloudTrail tells it.

    Attributes:
        user: ARN, or the name where there is no ARN.
        event: As ``PutBucketTagging``.
        time: UTC, ISO 8601.
        source: As ``s3.amazonaws.com``.
        id: CloudTrail's id of the event.
    """

    user: str
    event: str
    time: str
    source: str
    id: str


@dataclass(frozen=True)
class DriftedResource:
    """One resource that a plan would change.

    Attributes:
        plan: What a plan would do: ``create``, ``update``, ``replace``, ``destroy`` or ``forget``.
        gone: It is in the state and not in the account.
        moved: What moved, in the order of :data:`MOVERS`.
        attributes: What differs; empty for a resource that comes or goes as a whole.
        note: What a reader has to know besides.
        declared_at: ``file:line``; empty where the code does not declare it any more.
        names: What the account calls it, for whoever asks about it.
        region: Where it is, as far as its values say; empty for the environment's.
        deeds: Who did it, newest first.
    """

    address: str
    type: str
    plan: str
    gone: bool
    moved: tuple[str, ...]
    attributes: tuple[Moved, ...] = ()
    note: str = ""
    declared_at: str = ""
    names: tuple[str, ...] = ()
    region: str = ""
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True)
class Applied:
    """The run that left a stack as it should be.

    Attributes:
        changeset: Its id.
        by: ARN of who applied.
        ended: UTC, ISO 8601.
        commit: Git commit; empty outside of git.
        error: What ended it half way; empty for a whole one.
    """

    changeset: str
    by: str
    ended: str
    commit: str
    error: str = ""


@dataclass(frozen=True)
class CodeMove:
    """What a plan is made from and that differs from what was applied last.

    Attributes:
        parts: In words: the module, the values ...
        files: Those that git can name.
    """

    parts: tuple[str, ...]
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class StateMove:
    """The state is not the one that the last run left.

    Attributes:
        lineage: Whether it is another state altogether.
        then, now: Serials.
        written: When the state was written last; UTC, ISO 8601, empty where that is not known.
        joined, left, changed: Addresses that differ from then; None: what it was then is not to be had.
    """

    lineage: bool
    then: int
    now: int
    written: str = ""
    joined: tuple[str, ...] | None = None
    left: tuple[str, ...] | None = None
    changed: tuple[str, ...] | None = None


@dataclass(frozen=True)
class StackDrift:
    """One stack.

    Attributes:
        resources: What a plan would change.
        checked: How many resources were asked about.
        applied: The last run whose plan was the whole code; None: there is no receipt of one.
        code: What moved in the code; None: nothing, or that is not known.
        state: What moved in the state; None: nothing, or that is not known.
        outputs: Outputs that a plan would change.
        notes: What a reader has to know besides.
        seconds: Wall time.
    """

    env: str
    architecture: str
    resources: tuple[DriftedResource, ...]
    checked: int
    applied: Applied | None = None
    code: CodeMove | None = None
    state: StateMove | None = None
    outputs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.env}/{self.architecture}"

    @property
    def drifted(self) -> bool:
        return bool(self.resources) or self.state is not None

    @property
    def by_hand(self) -> tuple[DriftedResource, ...]:
        """Resources that somebody changed in the account, and those that move with them."""
        moved = [one for one in self.resources if REALITY in one.moved]
        return tuple(one for one in self.resources if REALITY in one.moved or (moved and one.moved == (FOLLOWS,)))

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "drifted": self.drifted, **asdict(self)}


@dataclass(frozen=True)
class Failed:
    """A stack that could not be looked at."""

    name: str
    why: str
    hint: str = ""


@dataclass(frozen=True)
class DriftReport:
    """All stacks of one look.

    Attributes:
        looked: When; UTC, ISO 8601.
        account: Account, region and target in words.
    """

    env: str
    account: str
    looked: str
    stacks: tuple[StackDrift, ...]
    failed: tuple[Failed, ...] = ()

    @property
    def drifted(self) -> bool:
        return any(stack.drifted for stack in self.stacks)

    @property
    def counts(self) -> Mapping[str, int]:
        """Resources by what moved."""
        found = [one for stack in self.stacks for one in stack.resources]
        return {mover: sum(mover in one.moved for one in found) for mover in MOVERS}

    def to_json(self) -> dict[str, Any]:
        return {
            "env": self.env,
            "account": self.account,
            "looked": self.looked,
            "drifted": self.drifted,
            "counts": dict(self.counts),
            "stacks": [stack.to_json() for stack in self.stacks],
            "failed": [asdict(one) for one in self.failed],
        }
