"""Verdicts as JUnit XML, which every CI shows beside its tests (``gate.junit.xml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as xml

from tooling.gate.model import Finding
from tooling.gate.result import GateResult

#: What XML 1.0 cannot hold, escaped or not (https://www.w3.org/TR/xml/#charsets).
_FORBIDDEN = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def to_junit(results: Iterable[GateResult]) -> str:
    """One test suite a stack.

    A finding that refuses is a failure; one that is below the threshold a passed test with a note; one that is waived,
    was there before or is excused a skipped test, with who answers for it. What passed is counted in the properties:
    a test case each would be thousands. Of several findings of one check at one address, a test case has all.
    """
    root = xml.Element("testsuites", name="groundplan gate")
    for result in results:
        root.append(_suite(result))
    for total in ("tests", "failures", "skipped"):
        root.set(total, str(sum(int(suite.get(total, "0")) for suite in root)))
    root.set("errors", "0")
    xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml.tostring(root, encoding="unicode")}\n'


def _suite(result: GateResult) -> xml.Element:
    suite = xml.Element("testsuite", name=result.stack)
    properties = xml.SubElement(suite, "properties")
    findings = len({(each.check_id, each.address) for each in (*result.findings, *_answered_for(result))})
    for name, value in (
        ("passed", str(result.passed).lower()),
        ("fail_on", result.fail_on.name),
        ("evaluated_on", result.evaluated_on.isoformat()),
        ("checks_evaluated", str(result.checks_evaluated)),
        ("checks_passed", str(result.checks_passed)),
        ("undecided", str(len(result.undecided))),
        ("resources_evaluated", str(result.resources_evaluated)),
        ("checkov_version", result.checkov_version),
    ):
        xml.SubElement(properties, "property", name=name, value=value)
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in (*result.findings, *_answered_for(result)):
        groups.setdefault((finding.check_id, finding.address), []).append(finding)
    refused = set(map(id, result.refused))
    failures = skipped = 0
    for group in groups.values():
        case = xml.SubElement(suite, "testcase", _named(group[0], result.stack))
        failing = [finding for finding in group if id(finding) in refused]
        notes = [finding for finding in group if id(finding) not in refused and not _why_skipped(finding, result)]
        if failing:
            failures += 1
            failure = xml.SubElement(
                case, "failure", type=failing[0].severity.name, message=_clean("; ".join(_lines(failing)))
            )
            failure.text = _clean("\n".join([*_lines(failing), *_whereabouts(failing[0])]))
        elif notes:
            xml.SubElement(case, "system-out").text = _clean("\n".join([*_lines(notes), *_whereabouts(notes[0])]))
        else:
            skipped += 1
            xml.SubElement(case, "skipped", message=_clean(_why_skipped(group[0], result)))
    suite.set("tests", str(findings))
    suite.set("failures", str(failures))
    suite.set("errors", "0")
    suite.set("skipped", str(skipped))
    suite.set("time", "0")
    return suite


def _named(finding: Finding, stack: str) -> dict[str, str]:
    named = {"classname": f"{stack}.{finding.check_id}", "name": f"{finding.check_id} {_clean(finding.address)}"}
    file, _, line = finding.declared_at.rpartition(":")
    return {**named, "file": file, "line": line} if file else named


def _answered_for(result: GateResult) -> Sequence[Finding]:
    return (*result.waived, *result.baselined, *result.excused)


def _why_skipped(finding: Finding, result: GateResult) -> str:
    """Who answers for a finding; empty for one that nobody answers for."""
    if (waiver := finding.waived_by) is not None:
        return f"waived: {waiver.reason} ({waiver.asked_by}, {waiver.owner}, until {waiver.expires})"
    if finding.glass is not None:
        return f"glass broken: {finding.glass.reason}"
    return "in the baseline" if any(finding is each for each in result.baselined) else ""


def _lines(findings: Sequence[Finding]) -> list[str]:
    return [each.message + (f" ({each.remark})" if each.remark else "") for each in findings]


def _whereabouts(finding: Finding) -> list[str]:
    return [f"{finding.severity.name} {finding.address}", *filter(None, [finding.declared_at])]


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
