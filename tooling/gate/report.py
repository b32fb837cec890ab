"""A verdict as JSON (``gate.json``), and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from tooling.gate.model import BrokenGlass, Finding, GateResult, Severity, Waiver
from tooling.gate.sarif import to_sarif

if TYPE_CHECKING:
    from tooling.gate.changes import Changes

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
    try:
        return GateResult(
            stack=data["stack"],
            passed=data["passed"],
            fail_on=Severity.parse(data["fail_on"]),
            evaluated_on=date.fromisoformat(data["evaluated_on"]),
            findings=tuple(_read_finding(finding) for finding in data["findings"]),
            waived=tuple(_read_finding(finding) for finding in data["waived"]),
            baselined=tuple(_read_finding(finding) for finding in data["baselined"]),
            excused=tuple(_read_finding(finding) for finding in data["excused"]),
            undecided_passes=tuple(_read_finding(finding) for finding in data["undecided_passes"]),
            unused_waivers=tuple(_read_waiver(waiver) for waiver in data["unused_waivers"]),
            expiring=tuple(_read_waiver(waiver) for waiver in data["expiring"]),
            mended=tuple(data["mended"]),
            changes=_read_changes(data["changes"]),
            resources_evaluated=data["resources_evaluated"],
            checks_evaluated=data["checks_evaluated"],
            checks_failed=data["checks_failed"],
            own_checks=tuple(data["own_checks"]),
            canary=tuple(data["canary"]),
            checkov_version=data["checkov_version"],
        )
    except KeyError as error:
        raise ValueError(f"gate.json lacks {error}") from error


def _read_changes(data: Mapping[str, Any] | None) -> Changes | None:
    if data is None:
        return None
    from tooling.gate.changes import Changes

    return Changes.from_json(data)


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


def _read_finding(data: Mapping[str, Any]) -> Finding:
    return Finding(
        check_id=data["check_id"],
        name=data["name"],
        severity=Severity.parse(data["severity"]),
        address=data["address"],
        message=data["message"],
        source=data["source"],
        undecided=data["undecided"],
        crashed=data["crashed"],
        waived_by=_read_waiver(data["waived_by"]) if data["waived_by"] else None,
        expired_waiver=_read_waiver(data["expired_waiver"]) if data["expired_waiver"] else None,
        declared_at=data["declared_at"],
        glass=BrokenGlass(**data["glass"]) if data["glass"] else None,
        seen=data["seen"],
    )


def _read_waiver(data: Mapping[str, Any]) -> Waiver:
    return Waiver(**{**data, "expires": date.fromisoformat(data["expires"]), "stacks": tuple(data["stacks"])})
