from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit.gate.conftest import TODAY, Judge, planted, real
from tests.unit.gate.test_waivers import waiver
from tooling.gate import (
    BrokenGlass,
    ChangeLimits,
    GateResult,
    Severity,
    from_json,
    one_log,
    to_json,
    to_markdown,
    to_sarif,
)
from tooling.gate.baseline import as_yaml, renewed


@pytest.fixture
def result(judge: Judge, tmp_path: Path) -> GateResult:
    """Of everything that a verdict can hold, one: see the asserts."""
    plan = planted(
        {
            "aws_cloudwatch_log_group.a": {"name": "a", "retention_in_days": 0},
            "aws_cloudwatch_log_group.old": {"name": "old", "retention_in_days": 0},
            "aws_security_group.g": {"name": "g", "description": "g", "unknown": {"ingress": True}},
        }
    )
    gone = {"address": "aws_dynamodb_table.t", "mode": "managed", "type": "aws_dynamodb_table", "name": "t"}
    plan["resource_changes"].append({**gone, "change": {"actions": ["delete"], "before": {"name": "t"}}})
    text = (
        waiver(expires="2026-11-30")
        + waiver(check="CKV_AWS_158", expires="2026-01-01")
        + waiver(address="aws_cloudwatch_log_group.no")
    )
    baseline = tmp_path / "baseline.yaml"
    before = judge(plan, waivers=text)
    old = [finding for finding in before.findings if finding.address == "aws_cloudwatch_log_group.old"]
    gone_since = replace(old[0], message="mended")
    entries = renewed(
        (), {"dev/kefir": replace(before, findings=(*old, gone_since))}, accept_new=True, today=TODAY, by="platform"
    )
    baseline.write_text(as_yaml(entries))
    result = judge(
        plan,
        waivers=text,
        baseline=baseline,
        limits=ChangeLimits(max_destroys=9, max_replaces=9),
        glass=(BrokenGlass(address="aws_dynamodb_table.t", reason='copied <to> the "new" one & gone'),),
        declared={"aws_cloudwatch_log_group.a": "modules/kefir/logs.tf:3"},
    )
    for part in ("refused", "waived", "unused_waivers", "baselined", "mended", "excused", "expiring"):
        assert getattr(result, part), part
    assert result.undecided_passes
    assert result.changes is not None
    return result


def test_a_verdict_survives_json(result: GateResult) -> None:
    # WHEN
    read = from_json(json.loads(json.dumps(to_json(result))))

    # THEN
    assert read == result
    assert to_json(read) == to_json(result)


def test_json_says_what_a_reader_asks_first(result: GateResult) -> None:
    # WHEN
    data = to_json(result)

    # THEN
    assert (data["stack"], data["passed"], data["fail_on"]) == ("dev/kefir", False, "LOW")
    assert data["refused"] == len(result.refused) > 0
    (expired,) = [finding for finding in data["findings"] if finding["check_id"] == "CKV_AWS_158"]
    assert expired["declared_at"] == "modules/kefir/logs.tf:3"
    assert data["checks_passed"] + data["checks_failed"] == data["checks_evaluated"] == result.checks_evaluated
    assert data["undecided"] == len(result.undecided) >= len(data["undecided_passes"]) > 0
    assert expired["remark"].startswith("waiver expired on 2026-01-01")
    assert data["waived"][0]["waived_by"]["requirement"] == "KF-COST-02"
    assert data["unused_waivers"][0]["address"] == "aws_cloudwatch_log_group.no"


@pytest.mark.parametrize("change", [{"format": 1}, {"findings": None}, {"canary": None}])
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
    reasons = {
        (entry["ruleId"], entry["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]): suppression
        for entry in run["results"]
        for suppression in entry.get("suppressions", ())
    }
    assert {(suppression["kind"], suppression["status"]) for suppression in reasons.values()} == {
        ("external", "accepted")
    }
    assert {key: suppression["justification"] for key, suppression in reasons.items()} == {
        ("GP_LOGS_1", "aws_cloudwatch_log_group.a"): "because (KF-COST-02, platform, until 2026-11-30)",
        ("GP_LOGS_1", "aws_cloudwatch_log_group.old"): "in the baseline of the environment",
        ("CKV_AWS_158", "aws_cloudwatch_log_group.old"): "in the baseline of the environment",
        ("GP_BLAST_3", "aws_dynamodb_table.t"): 'glass broken for this changeset: copied <to> the "new" one & gone',
    }


def test_sarif_names_the_block_that_declares_a_resource_or_else_the_root_of_its_stack(result: GateResult) -> None:
    # WHEN
    (run,) = to_sarif(result)["runs"]

    # THEN
    places = {
        (location["logicalLocations"][0]["fullyQualifiedName"], physical["artifactLocation"]["uri"]): physical["region"]
        for entry in run["results"]
        for location in entry["locations"]
        for physical in [location["physicalLocation"]]
    }
    assert places["aws_cloudwatch_log_group.a", "modules/kefir/logs.tf"] == {"startLine": 3}
    assert places["aws_security_group.g", "envs/dev/kefir/main.tf"] == {"startLine": 1}
    (waivers,) = [uri for address, uri in places if address == "aws_cloudwatch_log_group.no"]
    assert waivers.endswith("waivers.yaml")


def test_sarif_tells_what_is_not_decided_from_what_failed(result: GateResult) -> None:
    # WHEN
    (run,) = to_sarif(result)["runs"]

    # THEN by 3.27.9 and 3.27.10 of the standard, a result that is no failure has no level
    opened = [entry for entry in run["results"] if entry.get("kind") == "open"]
    assert len(opened) == len(result.undecided_passes)
    assert {entry["level"] for entry in opened} == {"none"}


def test_several_stacks_are_runs_of_one_log(result: GateResult) -> None:
    # WHEN
    log = one_log([to_sarif(result), to_sarif(replace(result, stack="dev/rewind"))])

    # THEN
    ids = [run["automationDetails"]["id"] for run in log["runs"]]
    assert ids == ["groundplan-gate/dev/kefir/", "groundplan-gate/dev/rewind/"]
    assert set(log) == {"$schema", "version", "runs"}


def test_markdown_has_every_part_the_worst_first(result: GateResult) -> None:
    # WHEN
    text = to_markdown([result])

    # THEN
    assert text.startswith("## `dev/kefir`: gate **REFUSED**")
    titles = [line.removeprefix("### ").rpartition(" (")[0] for line in text.splitlines() if line.startswith("### ")]
    assert titles == [
        "Refused",
        "Excused by broken glass",
        "Waivers that end soon",
        "Mended: take these out of the baseline",
        "In the baseline",
        "Waived",
        "Undecided before the apply",
    ]
    assert "because (KF-COST-02, platform, until 2026-11-30)" in text
    assert "modules/kefir/logs.tf:3" in text
    # Nothing of what people write is taken for markup.
    assert r"copied \<to\> the" in text


def test_markdown_counts_what_does_not_fit(judge: Judge) -> None:
    # GIVEN
    plan = planted({f"aws_cloudwatch_log_group.g{n}": {"name": "a", "retention_in_days": 0} for n in range(60)})

    # WHEN
    text = to_markdown([judge(plan)])

    # THEN
    assert "### Refused (120)" in text
    assert "and 70 more" in text


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
    pairs = zip((*result.findings, *result.undecided_passes), run["results"], strict=True)
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
