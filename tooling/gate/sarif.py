"""A verdict as SARIF 2.1.0, which code hosts show beside the change (``gate.sarif``)."""

from __future__ import annotations

import hashlib
from typing import Any

from tooling.gate.model import Finding, GateResult, Severity

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

    A resource of a plan has no line in a file: each result names its address as logical
    location and, since code hosts want a file, the root of its stack. Waived findings
    are in it as suppressed results.
    """
    findings = [*result.findings, *result.waived]
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
                "results": [_result(finding, index[finding.check_id], result.stack) for finding in findings],
            }
        ],
    }


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.check_id,
        "shortDescription": {"text": finding.name},
        "fullDescription": {"text": f"{finding.name} ({finding.source})"},
        "defaultConfiguration": {"level": _LEVEL[finding.severity]},
        "properties": {"security-severity": _SCORE[finding.severity], "tags": ["security", "terraform-plan"]},
    }


def _result(finding: Finding, rule: int, stack: str) -> dict[str, Any]:
    text = f"{finding.address}: {finding.message}"
    identity = f"{stack}\n{finding.check_id}\n{finding.address}"
    result: dict[str, Any] = {
        "ruleId": finding.check_id,
        "ruleIndex": rule,
        "level": _LEVEL[finding.severity],
        "message": {"text": f"{text} ({finding.remark})" if finding.remark else text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": f"envs/{stack}/main.tf", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.address, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"groundplan/v1": hashlib.sha256(identity.encode()).hexdigest()},
    }
    if (waiver := finding.waived_by) is not None:
        reason = f"{waiver.reason} ({waiver.requirement}, {waiver.owner}, until {waiver.expires})"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return result
