"""What a changeset is made of: plain values, one digest (SHA-256, hex) for every part."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from tooling.typed import read_as

FORMAT = 2
LATEST = "latest"
CHANGESET = "changeset.json"
PLAN, PLAN_JSON = "plan.tfplan", "plan.json"
GATE, SARIF, JUNIT = "gate.json", "gate.sarif", "gate.junit.xml"
COST = "cost.json"
# Places in the sources, rows and timings, which the report shows.
FACTS = "facts.json"
REPORT, PAGE = "report.md", "report.html"
# Every file of a stack that the seal covers, where it is there; without the first four there is no changeset.
STACK_FILES = (PLAN, PLAN_JSON, GATE, SARIF, JUNIT, COST, FACTS)
NEEDED_FILES = STACK_FILES[:4]
# ``adopt`` writes what is there into the state and changes nothing; ``revert`` is an apply to some resources only.
APPLY, DESTROY, ADOPT, REVERT = "apply", "destroy", "adopt", "revert"
KINDS = (APPLY, DESTROY, ADOPT, REVERT)
# Fields of a stack that came later.
_MAY_LACK = frozenset({"targets", "surroundings"})
#: Names of stacks are names of folders.
ARCHITECTURE = re.compile(r"[a-z][a-z0-9_-]{0,63}\Z")


@dataclass(frozen=True)
class Glass:
    """A limit that was broken on purpose, for this changeset only."""

    address: str
    reason: str


@dataclass(frozen=True)
class SealedStack:
    """The parts of one stack, as digests, and what they say.

    Attributes:
        architecture: Its name.
        files: Those of :data:`STACK_FILES` that the changeset holds.
        module: The module's own files.
        root: Files of the root module, without the next two.
        tfvars: Values of the root module.
        lock: The lock file, and in it the provider's published hashes.
        functions: Sources of the functions that are deployed; empty without any.
        provider: The executables of the providers that planned; empty without any.
        lineage, serial: The state that was planned against; ``""`` and 0 for none.
        gate_passed: What the gate said.
        changes: How many resources are created, updated, replaced, destroyed.
        monthly_usd: What the stack is estimated to cost a month; None: not estimated.
        glass: Limits that were broken on purpose.
        targets: Addresses that the plan is restricted to, and what these depend on; empty for the whole stack.
        surroundings: What else the plan was made with, as :func:`surroundings_of` tells it; empty in changesets of
            earlier versions.
    """

    architecture: str
    files: dict[str, str]
    module: str
    root: str
    tfvars: str
    lock: str
    functions: str
    provider: str
    lineage: str
    serial: int
    gate_passed: bool
    changes: dict[str, int]
    monthly_usd: float | None = None
    glass: tuple[Glass, ...] = ()
    targets: tuple[str, ...] = ()
    surroundings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SealedGate:
    """What the verdicts rest on.

    Attributes:
        policies: The folder of own checks, severities and waivers included.
        waivers, severity, requirements, baseline: Single files; empty for one that there is not.
        fail_on: The threshold.
        checkov: Its version.
    """

    policies: str
    waivers: str
    severity: str
    requirements: str
    baseline: str
    fail_on: str
    checkov: str


@dataclass(frozen=True)
class SealedCost:
    """What the estimate rests on.

    Attributes:
        monthly_usd: All stacks together; None: not estimated.
        prices: The table of prices; empty for none.
        prices_as_of: Date of the oldest price in use; empty for none.
        usage: ``envs/<env>/usage.yaml``; empty for none.
    """

    monthly_usd: float | None
    prices: str
    prices_as_of: str
    usage: str


@dataclass(frozen=True)
class Changeset:
    """The sealed set of plans of one run.

    Attributes:
        id: Time and a random part; the name of its folder.
        kind: One of :data:`KINDS`.
        target: ``aws`` or ``emulator``.
        created, expires: UTC, ISO 8601.
        by: ARN of who planned it.
        commit: Git commit it was planned from, or an empty string; ``dirty`` if files differed from it.
        settings: Digest of ``env.toml``.
        seal: Digest over all the rest.
    """

    id: str
    env: str
    kind: str
    target: str
    account_id: str
    region: str
    created: str
    expires: str
    by: str
    toolkit: str
    terraform: str
    commit: str
    dirty: bool
    settings: str
    gate: SealedGate
    cost: SealedCost
    stacks: tuple[SealedStack, ...]
    seal: str = ""

    @property
    def gate_passed(self) -> bool:
        return all(stack.gate_passed for stack in self.stacks)

    @property
    def changes(self) -> int:
        return sum(sum(stack.changes.values()) for stack in self.stacks)

    @property
    def created_at(self) -> datetime:
        return datetime.fromisoformat(self.created)

    @property
    def expires_at(self) -> datetime:
        return datetime.fromisoformat(self.expires)

    def part(self, architecture: str) -> SealedStack | None:
        """The parts of one stack; None for one that this changeset does not cover."""
        return next((part for part in self.stacks if part.architecture == architecture), None)

    def to_json(self) -> dict[str, Any]:
        content = asdict(self)
        for part in content["stacks"]:
            # Written only where it says something: what was sealed before it was there keeps its seal.
            for name in _MAY_LACK:
                if not part[name]:
                    del part[name]
        return {"format": FORMAT, **content}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Changeset:
        """The reverse, without ``format``.

        Raises:
            ValueError: It is something else.
        """
        changeset = read_as(cls, content, may_lack=_MAY_LACK)
        if changeset.created_at.tzinfo is None or changeset.expires_at.tzinfo is None:
            raise ValueError("a time without a zone")
        for part in changeset.stacks:
            if not ARCHITECTURE.match(part.architecture):
                raise ValueError(f"{part.architecture[:60]!r} is no name of a stack")
            if unknown := sorted(part.files.keys() - set(STACK_FILES)):
                raise ValueError(f"{unknown[0][:60]!r} is no file of a changeset")
        return changeset
