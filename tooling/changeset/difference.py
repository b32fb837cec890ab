"""Two changesets of one environment, compared: only what one has and the other has not, or has differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tooling.plan.comparing import PlanDifference, ValueDifference, compare_plans

if TYPE_CHECKING:
    from tooling.changeset.model import Changeset
    from tooling.changeset.reading import ReadChangeset, ReadStack
    from tooling.gate import Finding, GateResult

_SHARED = {
    "commit": "commit",
    "settings": "env.toml",
    "target": "target",
    "account_id": "account",
    "region": "region",
    "kind": "kind",
    "toolkit": "groundplan",
    "terraform": "Terraform",
}
_GATE = {
    "policies": "policies",
    "waivers": "waivers",
    "severity": "severity map",
    "requirements": "ledger of requirements",
    "baseline": "baseline",
    "fail_on": "gate's threshold",
    "checkov": "checkov",
}
_COST = {"prices": "table of prices", "usage": "usage.yaml"}
_STACK = {
    "module": "module",
    "root": "root module",
    "tfvars": "tfvars",
    "lock": "lock file",
    "functions": "functions' sources",
    "provider": "provider",
    "lineage": "line of the state",
    "serial": "serial of the state",
    "gate_passed": "gate passed",
    "targets": "restricted to",
}


@dataclass(frozen=True)
class FindingDifference:
    """One finding that came, went or is judged otherwise.

    Attributes:
        first, second: Severity and standing in each changeset (``HIGH, refuses``); empty where it is not found.
    """

    check_id: str
    address: str
    message: str
    first: str
    second: str


@dataclass(frozen=True)
class StackDifference:
    """One stack.

    Attributes:
        only_in: ``first`` or ``second`` for a stack that one changeset alone covers; else empty.
        parts: What the plans were made from and that moved; digests are shortened.
        first_usd, second_usd: The monthly estimates; None: there is none.
    """

    architecture: str
    only_in: str
    plan: PlanDifference
    findings: tuple[FindingDifference, ...]
    parts: tuple[ValueDifference, ...]
    first_usd: float | None
    second_usd: float | None

    @property
    def same(self) -> bool:
        moved = self.only_in or self.findings or self.parts or self.first_usd != self.second_usd
        return self.plan.same and not moved


@dataclass(frozen=True)
class ChangesetDifference:
    """Two changesets; ``parts`` is what all stacks share."""

    first: str
    second: str
    parts: tuple[ValueDifference, ...]
    stacks: tuple[StackDifference, ...]

    @property
    def same(self) -> bool:
        return not self.parts and all(stack.same for stack in self.stacks)

    @property
    def same_changes(self) -> bool:
        """Whether both do the very same, as far as that can be told: a secret that was masked cannot."""
        return all(not stack.only_in and stack.plan.same and not stack.plan.hidden for stack in self.stacks)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "same": self.same, "same_changes": self.same_changes}


def compare(
    first: ReadChangeset,
    second: ReadChangeset,
    plans: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] | None = None,
) -> ChangesetDifference:
    """Compare two changesets.

    Args:
        first, second: Read and found to be as sealed.
        plans: By architecture both plans in clear, so that secrets are compared too. Default: the masked ones.
    """
    ours = {stack.part.architecture: stack for stack in first.stacks}
    theirs = {stack.part.architecture: stack for stack in second.stacks}
    return ChangesetDifference(
        first.changeset.id,
        second.changeset.id,
        tuple(_shared(first.changeset, second.changeset)),
        tuple(
            _stack(name, ours.get(name), theirs.get(name), (plans or {}).get(name)) for name in sorted({*ours, *theirs})
        ),
    )


def _stack(
    name: str,
    first: ReadStack | None,
    second: ReadStack | None,
    plans: tuple[Mapping[str, Any], Mapping[str, Any]] | None,
) -> StackDifference:
    ours, theirs = plans or (first.plan if first else {}, second.plan if second else {})
    return StackDifference(
        architecture=name,
        only_in="" if first and second else "first" if first else "second",
        plan=compare_plans(ours, theirs),
        findings=tuple(_findings(first.gate if first else None, second.gate if second else None)),
        parts=tuple(_moved(first.part, second.part, _STACK)) if first and second else (),
        first_usd=first.part.monthly_usd if first else None,
        second_usd=second.part.monthly_usd if second else None,
    )


def _shared(first: Changeset, second: Changeset) -> Iterator[ValueDifference]:
    yield from _moved(first, second, _SHARED)
    if first.commit == second.commit and first.dirty != second.dirty:
        yield ValueDifference("uncommitted changes", _word(first.dirty), _word(second.dirty))
    yield from _moved(first.gate, second.gate, _GATE)
    yield from _moved(first.cost, second.cost, _COST)


def _moved(first: object, second: object, names: Mapping[str, str]) -> Iterator[ValueDifference]:
    for field, name in names.items():
        one, other = getattr(first, field), getattr(second, field)
        if one != other:
            yield ValueDifference(name, _word(one), _word(other))


def _word(value: object) -> str:
    """A value as a reader wants it: digests and commits are long, twelve digits tell them apart."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "nothing"
    text = str(value) or "none"
    return text[:12] if len(text) >= 40 and all(letter in "0123456789abcdef" for letter in text) else text


def _findings(first: GateResult | None, second: GateResult | None) -> Iterator[FindingDifference]:
    ours, theirs = dict(_standings(first)), dict(_standings(second))
    for key in sorted({*ours, *theirs}):
        one, other = ours.get(key, ""), theirs.get(key, "")
        if one != other:
            yield FindingDifference(*key, one, other)


def _standings(result: GateResult | None) -> Iterator[tuple[tuple[str, str, str], str]]:
    if result is None:
        return
    yield from _standing(result.reported, "reported")
    yield from _standing(result.baselined, "in the baseline")
    yield from _standing(result.excused, "excused by breaking the glass")
    yield from _standing(result.waived, "waived")
    yield from _standing(result.refused, "refuses")


def _standing(findings: tuple[Finding, ...], how: str) -> Iterator[tuple[tuple[str, str, str], str]]:
    for finding in findings:
        yield (finding.check_id, finding.address, finding.message), f"{finding.severity.name}, {how}"
