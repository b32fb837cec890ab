"""What a plan takes away, opens and grants: the values that the gate judges and the reports show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tooling.gate.model import Finding
from tooling.typed import read_as

WIDENED, NARROWED = "widened", "narrowed"


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Something that holds data and does not outlive the plan.

    Attributes:
        address: The resource.
        what: What goes, in words: ``the table and its items``.
        allowed: Whether the environment lets resources of that type go.
    """

    address: str
    what: str
    allowed: bool = False


@dataclass(frozen=True, kw_only=True)
class Door:
    """A way in from outside of the account.

    Attributes:
        address: The resource that opens it.
        what: What is reached, in words: ``tcp/443 to aws_lb.web``.
        reached_from: Who gets there: ``the internet``, ``192.0.2.0/24``, ``account 123456789012``.
        new: Whether it is there only after this plan.
        authenticated: Whether whoever comes has to prove who they are before anything of ours runs. None when that is
            up to what is behind.
        undecided: Whether it is there at all will be known only after the apply, or by somebody who looks.
        leads_to: What is behind it, in short: services, functions, routes, origins.
    """

    address: str
    what: str
    reached_from: str
    new: bool = False
    authenticated: bool | None = None
    undecided: bool = False
    leads_to: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """Two doors with the same key are the same door."""
        return self.address, self.what, self.reached_from

    @property
    def sentence(self) -> str:
        """The door in one line, without its address."""
        asked = {True: "who comes is asked to prove who they are", False: "nobody is asked who they are", None: ""}
        remarks = [asked[self.authenticated], "not decided before the apply" if self.undecided else ""]
        remark = ", ".join(filter(None, remarks))
        return f"{self.what}, from {self.reached_from}" + (f" ({remark})" if remark else "")


@dataclass(frozen=True, kw_only=True)
class GrantChange:
    """A statement that grants more, or less, than before.

    Attributes:
        subject: Address of what is granted something (a role), or of what others may use (a key, a bucket, a queue).
        statement: What comes or goes, in words.
        direction: ``widened`` or ``narrowed``.
        existing: Whether the subject is there already.
        undecided: Some of it is known only after the apply.
        before: The statements of the subject that it is measured against, in words; empty for a new subject.
        after: The same after the plan.
    """

    subject: str
    statement: str
    direction: str
    existing: bool
    undecided: bool = False
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What the plan of one stack does to what people and data rely on.

    Attributes:
        destroys: Addresses that are deleted.
        replaces: Addresses that are deleted and made anew.
        forgets: Addresses that leave the state and stay in the account.
        stateful: What holds data and goes.
        doors: All ways in from outside after the plan, new ones first.
        grants: Statements that grant more or less than before.
        existing: Whether the stack is there already.
        findings: What of all this is against the limits.
    """

    destroys: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    forgets: tuple[str, ...] = ()
    stateful: tuple[Loss, ...] = ()
    doors: tuple[Door, ...] = ()
    grants: tuple[GrantChange, ...] = ()
    existing: bool = False
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    @property
    def new_doors(self) -> tuple[Door, ...]:
        return tuple(door for door in self.doors if door.new)

    @property
    def widened(self) -> tuple[GrantChange, ...]:
        """Statements that grant more than before; those of a subject that is new are among them."""
        return tuple(grant for grant in self.grants if grant.direction == WIDENED)

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say about what changes."""
        return not (self.destroys or self.replaces or self.forgets or self.new_doors or self.grants)

    def to_json(self) -> dict[str, Any]:
        """For ``gate.json``. The findings are not in it: they stand with all the others."""
        return {
            "existing": self.existing,
            "destroys": list(self.destroys),
            "replaces": list(self.replaces),
            "forgets": list(self.forgets),
            "stateful": [asdict(loss) for loss in self.stateful],
            "doors": [asdict(door) for door in self.doors],
            "grants": [asdict(grant) for grant in self.grants],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Changes:
        """Read what :meth:`to_json` wrote.

        Raises:
            ValueError: It is something else.
        """
        return read_as(cls, content, may_lack=frozenset({"findings"}))
