"""Findings of the rules about changes."""

from __future__ import annotations

from tooling.gate.model import Finding
from tooling.gate.rules import RULES
from tooling.gate.severity import UNRATED


def finding(check_id: str, address: str, message: str, *, undecided: bool = False) -> Finding:
    """One of a rule of ``tooling.gate.rules``; how bad it is ``policies/severity.yaml`` says later."""
    rule = RULES[check_id]
    return Finding(
        check_id=check_id,
        name=rule.name,
        severity=UNRATED,
        address=address,
        message=message,
        source=rule.source,
        undecided=undecided,
    )
