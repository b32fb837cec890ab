"""A verdict as SARIF 2.1.0, which code hosts show beside the change (``gate.sarif``)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from tooling.gate.model import Finding, Severity
from tooling.gate.result import GateResult
from tooling.gate.rules import RULES

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVEL = {
    Severity.INFO: "note",
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}

#: GitHub sorts by this number: from 9 critical, from 7 high, from 4 medium.
_SCORE = {
    Severity.INFO: "0.5",
    Severity.LOW: "2.0",
    Severity.MEDIUM: "5.0",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}


def to_sarif(result: GateResult) -> dict[str, Any]:
    """One SARIF log with one run.

    Each result names its address as logical location, and as physical one the block that declares it; where that is
    not known the root of its stack, since code hosts want a file. Findings that somebody answers for are in it as
    suppressed results. What a check could not decide is in it as a result of the kind "open".
    """
    findings = [*result.findings, *result.waived, *result.baselined, *result.excused, *result.undecided_passes]
    baselined = frozenset(map(id, result.baselined))
    opened = frozenset(map(id, result.undecided_passes))
    rules = list({finding.check_id: finding for finding in findings}.values())
    index = {finding.check_id: at for at, finding in enumerate(rules)}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "groundplan gate",
                        "semanticVersion": result.checkov_version,
                        "rules": [_rule(finding) for finding in rules],
                    }
                },
                "automationDetails": {"id": f"groundplan-gate/{result.stack}/"},
                "columnKind": "utf16CodeUnits",
                "invocations": [{"executionSuccessful": True}],
                "results": [
                    _result(
                        finding,
                        index[finding.check_id],
                        result.stack,
                        baselined=id(finding) in baselined,
                        opened=id(finding) in opened,
                    )
                    for finding in findings
                ],
            }
        ],
    }


def one_log(logs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One log with the runs of several: a run a stack."""
    runs = [run for log in logs for run in log["runs"]]
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": runs}


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.check_id,
        "shortDescription": {"text": finding.name},
        "fullDescription": {"text": f"{finding.name} ({finding.source})"},
        "defaultConfiguration": {"level": _LEVEL[finding.severity]},
        "properties": {"security-severity": _SCORE[finding.severity], "tags": ["security", "terraform-plan"]},
    }


def _result(finding: Finding, rule: int, stack: str, *, baselined: bool, opened: bool) -> dict[str, Any]:
    text = f"{finding.address}: {finding.message}"
    identity = f"{stack}\n{finding.check_id}\n{finding.address}"
    if finding.check_id in RULES:  # These may say several things of one address, and a waiver's is not unique.
        identity += f"\n{finding.message}"
    file, _, line = finding.declared_at.rpartition(":")
    result: dict[str, Any] = {
        "ruleId": finding.check_id,
        "ruleIndex": rule,
        # What is not decided is no failure (3.27.9), and has no level then.
        **({"kind": "open", "level": "none"} if opened else {"level": _LEVEL[finding.severity]}),
        "message": {"text": f"{text} ({finding.remark})" if finding.remark else text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": file or f"envs/{stack}/main.tf", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": int(line) if file else 1},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.address, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"groundplan/v1": hashlib.sha256(identity.encode()).hexdigest()},
    }
    if reason := _reason(finding, baselined):
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return result


def _reason(finding: Finding, baselined: bool) -> str:
    """Why a finding does not refuse the plan; empty for one that does."""
    if (waiver := finding.waived_by) is not None:
        return f"{waiver.reason} ({waiver.asked_by}, {waiver.owner}, until {waiver.expires})"
    if finding.glass is not None:
        return f"glass broken for this changeset: {finding.glass.reason}"
    return "in the baseline of the environment" if baselined else ""
