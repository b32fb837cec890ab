"""What the gate is asked and what it answers: plain values, no checkov in sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from pathlib import Path


class Severity(IntEnum):
    """How bad a finding is, worst last, so that ``>=`` reads as "at least as bad as"."""

    INFO = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5

    @classmethod
    def parse(cls, text: str) -> Severity:
        """The severity of that name, in any case.

        Raises:
            ValueError: No severity has that name.
        """
        try:
            return cls[text.upper()]
        except KeyError:
            names = ", ".join(level.name for level in cls)
            raise ValueError(f"severity is '{text}', known are {names}") from None


@dataclass(frozen=True, kw_only=True)
class BrokenGlass:
    """A limit that somebody steps over in this one changeset, knowingly.

    Attributes:
        address: The one address it holds for, exactly.
        reason: Why, in the words of who does it.
    """

    address: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChangeLimits:
    """How much a plan may take away, open and grant.

    Attributes:
        max_destroys: Resources that may be deleted.
        max_replaces: Resources that may be replaced.
        stateful_may_go: Types that hold data and may be deleted or replaced all the same, as globs.
        protected: Addresses that are never deleted or replaced, as globs.
        new_exposure: Whether a stack that exists may get a new door to the internet: ``refuse`` or ``show``.
        wider_grants: Whether an existing role may be granted more: ``refuse`` or ``show``.
        destroying: The plan is to destroy the stack, so that deletes are not counted.
        half_made: The stack's first apply ended half way, so that what is missing does not come to a stack that exists.
    """

    max_destroys: int
    max_replaces: int
    stateful_may_go: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    new_exposure: str = "refuse"
    wider_grants: str = "refuse"
    destroying: bool = False
    half_made: bool = False


@dataclass(frozen=True, kw_only=True)
class GateConfig:
    """What one run of the gate is held to.

    Attributes:
        fail_on: Findings of this severity and above refuse, unless waived.
        waivers: The file of waivers (``policies/waivers.yaml``).
        policies: The folder of own checks, their examples and ``severity.yaml``.
        today: The day that waivers and dated checks are measured against. Given
            rather than read from the clock, so that a verdict can be repeated.
        requirements: The ledger whose ids waivers name. Default:
            ``specs/requirements.yaml`` beside the ``policies`` folder.
        limits: What the plan may change. Default: changes are not looked at.
        glass: Limits that are stepped over in this changeset.
        baseline: The file of findings that were there when the environment was taken over. Default, and where there
            is no such file: none.
        warn_expiring_days: Waivers that hold for no more than so many days are reported.
    """

    fail_on: Severity
    waivers: Path
    policies: Path
    today: date
    requirements: Path | None = None
    limits: ChangeLimits | None = None
    glass: tuple[BrokenGlass, ...] = ()
    baseline: Path | None = None
    warn_expiring_days: int = 30

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.policies.resolve().parent

    @property
    def ledger(self) -> Path:
        return self.requirements or self.root / "specs" / "requirements.yaml"


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """A finding that somebody answers for.

    Attributes:
        check: Id of the one check that is waived.
        address: Resource address it holds for; ``*`` and ``?`` are wild, everything
            else, brackets and quotes too, is literal.
        reason: Why the refused value stays.
        requirement: The ledger row that asks for the refused value; empty where a ticket does.
        owner: Who answers for it.
        expires: Last day on which it holds.
        stacks: Stacks it holds in, as globs over ``<env>/<architecture>``.
        where: ``file:line`` it was read from.
        only_undecided: Whether it ends where the value gets known: it does not hold for one that is wrong.
        ticket: Where the refused value was agreed on, for what no row of the ledger asks for; else empty.
    """

    check: str
    address: str
    reason: str
    requirement: str
    owner: str
    expires: date
    stacks: tuple[str, ...]
    where: str
    only_undecided: bool = False
    ticket: str = ""

    @property
    def asked_by(self) -> str:
        """The row or the ticket."""
        return self.requirement or self.ticket


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One check that did not pass on one resource.

    Attributes:
        check_id: ``CKV_…`` for checkov's own, ``GP_…`` for those in ``policies/``.
        name: The rule, as a sentence.
        severity: From ``policies/severity.yaml``; a check without an entry is HIGH.
        address: Terraform address of the resource (or ``aws.default``, a provider).
        message: What is wrong on this resource.
        source: Where the check is written: a file in ``policies/`` or a module of checkov.
        undecided: The value that the check asks for is known only after apply.
        crashed: The check itself failed, so nothing is known about the resource.
        waived_by: The waiver that holds for it, if any.
        expired_waiver: The waiver that held for it until its date passed.
        declared_at: ``file:line`` of the block in the configuration that it is about; empty when that is not known.
        glass: Who stepped over the limit in this changeset, and why.
        seen: Digest of the values that the check looked at, to tell the same finding from one on other values.
    """

    check_id: str
    name: str
    severity: Severity
    address: str
    message: str
    source: str
    undecided: bool = False
    crashed: bool = False
    waived_by: Waiver | None = None
    expired_waiver: Waiver | None = None
    declared_at: str = ""
    glass: BrokenGlass | None = None
    seen: str = ""

    @property
    def own(self) -> bool:
        return not self.check_id.startswith("CKV")

    @property
    def remark(self) -> str:
        """What a reader has to know besides the message; empty mostly."""
        if self.expired_waiver is not None:
            return f"waiver expired on {self.expired_waiver.expires} ({self.expired_waiver.where})"
        if self.crashed:
            return "the check itself failed"
        return "known only after apply" if self.undecided else ""
