from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.gate.conftest import Judge, planted, real
from tests.unit.gate.test_waivers import FOR_EVER, waiver
from tooling.gate import GateResult, Severity, from_json, to_json, to_sarif


@pytest.fixture
def result(judge: Judge) -> GateResult:
    """Findings of several severities, one waived, one back after its waiver's date, one unused waiver."""
    text = waiver() + waiver(check="CKV_AWS_158", expires="2026-01-01") + waiver(address="aws_cloudwatch_log_group.no")
    return judge(FOR_EVER, waivers=text)


def test_a_verdict_survives_json(result: GateResult) -> None:
    # WHEN
    read = from_json(json.loads(json.dumps(to_json(result))))

    # THEN
    assert read == result


def test_json_says_what_a_reader_asks_first(result: GateResult) -> None:
    # WHEN
    data = to_json(result)

    # THEN
    assert (data["stack"], data["passed"], data["fail_on"]) == ("dev/kefir", False, "LOW")
    assert data["refused"] == len(result.refused) > 0
    (expired,) = [finding for finding in data["findings"] if finding["check_id"] == "CKV_AWS_158"]
    assert expired["remark"].startswith("waiver expired on 2026-01-01")
    assert data["waived"][0]["waived_by"]["requirement"] == "KF-COST-02"
    assert data["unused_waivers"][0]["address"] == "aws_cloudwatch_log_group.no"


@pytest.mark.parametrize("change", [{"format": 2}, {"findings": None}, {"canary": None}])
def test_rejects_json_of_another_format_or_with_a_hole(result: GateResult, change: dict[str, Any]) -> None:
    # GIVEN
    data = {key: value for key, value in {**to_json(result), **change}.items() if value is not None}

    # THEN
    with pytest.raises(ValueError, match=r"gate\.json"):
        from_json(data)


def test_sarif_is_whole_by_the_rules_of_2_1_0(judge: Judge) -> None:
    # GIVEN
    plan = real("kefir_before_apply")

    # WHEN
    log = to_sarif(judge(plan, stack="prod/kefir"))

    # THEN
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert run["results"]
    for entry in run["results"]:
        assert rules[entry["ruleIndex"]]["id"] == entry["ruleId"]
        assert entry["level"] in {"none", "note", "warning", "error"}
        assert entry["message"]["text"]
        (location,) = entry["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"] == {"uri": "envs/prod/kefir/main.tf", "uriBaseId": "%SRCROOT%"}
        assert physical["region"]["startLine"] == 1
        assert location["logicalLocations"][0]["fullyQualifiedName"].startswith("module.kefir.")
    fingerprints = [entry["partialFingerprints"]["groundplan/v1"] for entry in run["results"]]
    assert len(set(fingerprints)) == len(fingerprints)


def test_sarif_shows_waived_findings_as_suppressed(result: GateResult) -> None:
    # WHEN
    (run,) = to_sarif(result)["runs"]

    # THEN
    suppressed = [entry for entry in run["results"] if "suppressions" in entry]
    assert [entry["ruleId"] for entry in suppressed] == ["GP_LOGS_1"]
    assert suppressed[0]["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "because (KF-COST-02, platform, until 2027-11-30)",
        }
    ]


def test_sarif_levels_follow_severities(judge: Judge) -> None:
    # GIVEN findings of every severity
    statement = {"actions": ["*"], "resources": ["*"]}
    plan = planted(
        {
            "data.aws_iam_policy_document.d": {"statement": [statement]},
            "aws_cloudwatch_log_group.a": {"name": "a"},
        }
    )
    result = judge(plan)

    # WHEN
    (run,) = to_sarif(result)["runs"]

    # THEN
    pairs = zip(result.findings, run["results"], strict=True)
    assert {(finding.severity, entry["level"]) for finding, entry in pairs} == {
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "note"),
        (Severity.INFO, "note"),
    }


def test_sarif_of_a_clean_plan_has_no_results(judge: Judge) -> None:
    # WHEN
    (run,) = to_sarif(judge(planted({})))["runs"]

    # THEN
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
