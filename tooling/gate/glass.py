"""Breaking the glass: a limit that is stepped over once, by address and with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tooling.errors import Exit, ToolError
from tooling.gate.model import BrokenGlass, Finding
from tooling.gate.result import GateResult
from tooling.gate.rules import BREAKABLE


def excuse(
    findings: Iterable[Finding], glass: Sequence[BrokenGlass]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that stay open, and those that a broken glass excuses.

    Only limits on a change can be stepped over, and only at the very address that is named.
    """
    reasons = {broken.address: broken for broken in glass}
    opened: list[Finding] = []
    excused: list[Finding] = []
    for finding in findings:
        broken = reasons.get(finding.address) if finding.check_id in BREAKABLE else None
        if broken is None:
            opened.append(finding)
        else:
            excused.append(replace(finding, glass=broken))
    return tuple(opened), tuple(excused)


def must_excuse(glass: Sequence[BrokenGlass], results: Iterable[GateResult]) -> None:
    """Every broken glass has to excuse something in one of the stacks of a run.

    One that excuses nothing is mistyped or no longer needed, and would stand in the seal as a permission.

    Raises:
        ToolError: It excuses nothing (exit code 2).
    """
    excused = {finding.address for result in results for finding in result.excused}
    for broken in glass:
        if broken.address not in excused:
            raise ToolError(
                f"breaking the glass for {broken.address} excuses nothing",
                hint=f"write the address exactly as the gate prints it; it excuses {', '.join(sorted(BREAKABLE))}",
                exit_code=Exit.USAGE,
            )
