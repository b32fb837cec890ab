"""A verdict as JSON (``gate.json``), and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from tooling.gate.model import Finding, Severity, Waiver
from tooling.gate.result import GateResult
from tooling.gate.sarif import to_sarif
from tooling.typed import read_as

__all__ = ["from_json", "to_json", "to_sarif"]

#: Of the layout below; raised when a reader of old files would misread a new one.
FORMAT = 2


def to_json(result: GateResult) -> dict[str, Any]:
    """The verdict as plain JSON values. Holds no attribute of any resource."""
    return {
        "format": FORMAT,
        "stack": result.stack,
        "passed": result.passed,
        "fail_on": result.fail_on.name,
        "evaluated_on": result.evaluated_on.isoformat(),
        "resources_evaluated": result.resources_evaluated,
        "checks_evaluated": result.checks_evaluated,
        "checks_failed": result.checks_failed,
        "checks_passed": result.checks_passed,
        "nothing_to_check": result.nothing_to_check,
        "own_checks": list(result.own_checks),
        "canary": list(result.canary),
        "checkov_version": result.checkov_version,
        "refused": len(result.refused),
        "undecided": len(result.undecided),
        "findings": [_finding(finding) for finding in result.findings],
        "waived": [_finding(finding) for finding in result.waived],
        "baselined": [_finding(finding) for finding in result.baselined],
        "excused": [_finding(finding) for finding in result.excused],
        "undecided_passes": [_finding(finding) for finding in result.undecided_passes],
        "unused_waivers": [_waiver(waiver) for waiver in result.unused_waivers],
        "expiring": [_waiver(waiver) for waiver in result.expiring],
        "mended": list(result.mended),
        "changes": result.changes.to_json() if result.changes is not None else None,
    }


def from_json(data: Mapping[str, Any]) -> GateResult:
    """What ``to_json`` wrote.

    Raises:
        ValueError: It is of another format, or not whole.
    """
    if data.get("format") != FORMAT:
        raise ValueError(f"gate.json is of format {data.get('format')}, this version reads {FORMAT}")
    asked = {field.name: data[field.name] for field in fields(GateResult) if field.name in data}
    for name in ("findings", "waived", "baselined", "excused", "undecided_passes"):
        if name in asked:
            asked[name] = [_with_number(finding) for finding in asked[name]]
    try:
        return read_as(
            GateResult,
            {**asked, "fail_on": int(Severity.parse(data.get("fail_on", "")))},
            # Of ``changes``: they stand with all the others.
            may_lack=frozenset({"findings"}),
        )
    except ValueError as error:
        raise ValueError(f"gate.json: {error}") from error


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "check_id": finding.check_id,
        "name": finding.name,
        "severity": finding.severity.name,
        "address": finding.address,
        "message": finding.message,
        "remark": finding.remark,
        "source": finding.source,
        "undecided": finding.undecided,
        "crashed": finding.crashed,
        "waived_by": _waiver(finding.waived_by) if finding.waived_by else None,
        "expired_waiver": _waiver(finding.expired_waiver) if finding.expired_waiver else None,
        "declared_at": finding.declared_at,
        "glass": {"address": finding.glass.address, "reason": finding.glass.reason} if finding.glass else None,
        "seen": finding.seen,
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    plain = {field.name: getattr(waiver, field.name) for field in fields(waiver)}
    return {**plain, "expires": waiver.expires.isoformat(), "stacks": list(waiver.stacks)}


def _with_number(finding: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in finding.items() if name != "remark"}
    return {**plain, "severity": int(Severity.parse(plain.get("severity", "")))}
