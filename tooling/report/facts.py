"""``facts.json`` of a stack: what a report needs besides plan, verdict and cost, taken when the plan was made.

Sealed with the rest, so that a report can be rendered again after the sources have moved on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.plan.summary import PlanSummary
from tooling.report.rows import TouchedRow, touched_rows
from tooling.typed import read_as

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.gate import Finding, GateResult
    from tooling.workspace import Workspace

_MOST_LINES = 14


@dataclass(frozen=True)
class Facts:
    """See the module's docstring.

    Attributes:
        seconds: How long each phase took: ``init`` (missing when nothing was to do), ``plan``, ``gate`` ...
        declared: ``file:line`` of each resource block, by its address without instance keys.
        quoted: The lines of the blocks that findings are about, by ``file:line``.
        rows: Rows of the ledger that the plan touches.
        reused: ``cost`` and ``gate`` where an estimate or verdict is that of an earlier plan which said the same.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)
    quoted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: tuple[TouchedRow, ...] = ()
    reused: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Facts:
        """What :meth:`to_json` wrote.

        Raises:
            ValueError: It is something else.
        """
        # Younger than the files of some changesets.
        return read_as(cls, content, may_lack=frozenset({"reused"}))


def gather(
    workspace: Workspace,
    stack: Stack,
    *,
    summary: PlanSummary,
    result: GateResult,
    declared: Mapping[str, str],
    seconds: Mapping[str, float],
    reused: tuple[str, ...] = (),
) -> Facts:
    """Take them while the sources are what the plan was made from.

    Args:
        workspace: Whose sources.
        stack: Whose plan.
        summary: What the plan changes.
        result: What the gate says of it.
        declared: ``file:line`` of each resource block.
        seconds: How long each phase took.
        reused: What was taken over from an earlier plan.
    """
    findings = (*result.findings, *result.waived, *result.baselined, *result.excused)
    return Facts(
        seconds={phase: round(value, 3) for phase, value in seconds.items()},
        declared=dict(declared),
        quoted=quoted(workspace.root, findings),
        rows=touched_rows(
            workspace, stack.architecture, frozenset(change.type for change in summary.changes), result.waived
        ),
        reused=reused,
    )


def quoted(root: Path, findings: Iterable[Finding]) -> dict[str, tuple[str, ...]]:
    """The blocks that findings are about, as they are written."""
    texts: dict[str, list[str]] = {}
    found: dict[str, tuple[str, ...]] = {}
    for finding in findings:
        file, _, line = finding.declared_at.rpartition(":")
        if not file or not line.isdigit() or finding.declared_at in found:
            continue
        if file not in texts:
            path = root / file
            texts[file] = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        found[finding.declared_at] = _block(texts[file], int(line) - 1)
    return {place: lines for place, lines in found.items() if lines}


def _block(lines: list[str], first: int) -> tuple[str, ...]:
    """From its head to the brace that ends it; a long block is cut."""
    taken: list[str] = []
    for line in lines[first : first + _MOST_LINES + 1]:
        taken.append(line)
        if line.rstrip() == "}":
            return tuple(taken)
    return (*taken[:_MOST_LINES], "  …") if len(taken) > _MOST_LINES else tuple(taken)
