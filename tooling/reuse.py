"""Verdicts and estimates of a plan, taken over from an earlier one where nothing moved that they rest on.

Only ``plan`` takes them over, and says so in ``facts.json``. Whoever applies such a plan, or asks for the gate, has it
evaluated anew (:mod:`tooling.gating`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tooling import digest
from tooling.changeset.sealing import PRICES, sources
from tooling.costing import estimate_plan
from tooling.kept import Kept, kept_in, makers_digest
from tooling.workspace import write_private

if TYPE_CHECKING:
    from tooling.cost import CostEstimate
    from tooling.environment.config import EnvironmentConfig
    from tooling.environment.stacks import Stack
    from tooling.gate import Finding, GateConfig, GateResult
    from tooling.plan.masking import MaskedPlan
    from tooling.workspace import Workspace

Result = TypeVar("Result")
GATE, COST = "gate", "cost"
# In a stack's work folder: what it was judged by.
_JUDGED = "judged.key"
_UNORDERED = "relevant_attributes"
# checkov reads settings from variables that begin so.
_CHECKOV = ("CHECKOV", "CKV_", "BC_", "PRISMA_")


@dataclass(frozen=True)
class Reuse:
    """What is known of one plan of one stack.

    Attributes:
        workspace: The project.
        stack: Whose plan.
        plan: The plan, masked.
        content: Digest of all that it says; the moment at which it was made is no part of that.
    """

    workspace: Workspace
    stack: Stack
    plan: MaskedPlan
    content: str

    @property
    def _kept(self) -> Kept:
        return kept_in(self.workspace.work)

    def _read(self, kind: str, key: str, reader: Callable[[Any], Result]) -> Result | None:
        known = self._kept.read(kind, key)
        try:
            return None if known is None else reader(known)
        except (ValueError, AttributeError):
            # Whoever wrote that, it is to be made anew.
            return None

    def estimate(self, config: EnvironmentConfig) -> tuple[CostEstimate, bool]:
        """What the stack costs, and whether that is of an earlier plan.

        Raises:
            ToolError: See :func:`tooling.costing.estimate_plan`.
        """
        from tooling import cost
        from tooling.cost.usage import FILE

        key = digest.of_value(
            {
                "toolkit": makers_digest(),
                "plan": self.content,
                "stack": self.stack.name,
                "region": config.region,
                "usage": _told(self.workspace.envs / self.stack.env / FILE),
                "prices": _told(PRICES),
            }
        )
        if (known := self._read(COST, key, cost.from_json)) is not None:
            return known, True
        made = estimate_plan(self.workspace, config, self.stack, self.plan)
        self._kept.keep(COST, key, cost.to_json(made))
        return made, False

    def verdict(
        self, config: GateConfig, *, declared: Mapping[str, str], further: Sequence[Finding]
    ) -> tuple[GateResult, bool]:
        """What the gate says, and whether it said so of an earlier plan.

        Args:
            config: What the plan is held to.
            declared: ``file:line`` of each resource block.
            further: Findings on the plan's cost.

        Raises:
            ToolError: See :func:`tooling.gate.evaluate`.
        """
        from tooling import gate

        key = digest.of_value(
            {
                "rules": rules_digest(config),
                "plan": self.content,
                "stack": self.stack.name,
                "declared": dict(declared),
                "further": _told(tuple(further)),
            }
        )
        if (known := self._read(GATE, key, gate.from_json)) is not None:
            return known, True
        made = gate.evaluate(self.plan, stack=self.stack.name, config=config, declared=declared, further=tuple(further))
        self._kept.keep(GATE, key, gate.to_json(made))
        return made, False


def of_plan(workspace: Workspace, stack: Stack, plan: MaskedPlan) -> Reuse:
    """To look for what is known of a plan."""
    said = {name: value for name, value in plan.items() if name != "timestamp"}
    # Terraform gives these in another order each time.
    said[_UNORDERED] = sorted(map(digest.of_value, plan.get(_UNORDERED, ())))
    return Reuse(workspace, stack, plan, digest.of_value(said))


def rules_digest(config: GateConfig) -> str:
    """Over all that a verdict rests on besides the plan: every setting, and what lies in the files that they name."""
    return digest.of_value(
        {
            "toolkit": makers_digest(),
            "python": sys.version,
            "config": _told(config),
            "ledger": _told(config.ledger),
            "checkov": {name: value for name, value in os.environ.items() if name.startswith(_CHECKOV)},
        }
    )


def expected_to_hold(stack: Stack, rules: str, functions: Path) -> bool:
    """Whether nothing of the sources of a stack, and nothing that it is held to, moved since it was judged last.

    Only a guess of what its plan will be: the plan decides.

    Args:
        stack: The stack.
        rules: Of :func:`rules_digest`.
        functions: The project's sources of functions.
    """
    try:
        return (stack.work / _JUDGED).read_text(encoding="ascii") == _judged_by(stack, rules, functions)
    except OSError:
        return False


def note_judged(stack: Stack, rules: str, functions: Path) -> None:
    """That a stack was judged, for :func:`expected_to_hold` of the next run."""
    write_private(stack.work / _JUDGED, _judged_by(stack, rules, functions))


def _judged_by(stack: Stack, rules: str, functions: Path) -> str:
    return digest.of_value([rules, sources(stack, functions)])


def _told(value: Any) -> Any:
    """A setting as a JSON value; of a file or folder its name and what is in it."""
    if isinstance(value, Path):
        if value.is_dir():
            files = [path for path in value.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
            return [str(value), digest.of_files(value, files)]
        return [str(value), digest.of_file(value) if value.is_file() else None]
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _told(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_told(item) for item in value]
    return value
