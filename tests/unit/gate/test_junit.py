from __future__ import annotations

from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree as xml

from tests.unit.gate.conftest import Judge, planted
from tests.unit.gate.test_report import result
from tooling.gate import GateResult, Severity, to_junit

__all__ = ["result"]


def suites(*results: GateResult) -> list[xml.Element]:
    return list(xml.fromstring(to_junit(results)))


def properties(suite: xml.Element) -> dict[str, str]:
    return {each.attrib["name"]: each.attrib["value"] for each in suite.iter("property")}


def outcomes(suite: xml.Element) -> Counter[str]:
    """How the cases ended: by the name of what stands in them."""
    return Counter(next(iter(child.tag for child in case), "passed") for case in suite.iter("testcase"))


def test_a_stack_is_a_suite_whose_counts_are_those_of_its_cases(result: GateResult) -> None:
    # WHEN
    root = xml.fromstring(to_junit([result, replace(result, stack="dev/rewind")]))

    # THEN
    assert [suite.attrib["name"] for suite in root] == ["dev/kefir", "dev/rewind"]
    for suite in root:
        found = outcomes(suite)
        assert suite.attrib["tests"] == str(found.total())
        assert suite.attrib["failures"] == str(found["failure"]) != "0"
        assert suite.attrib["skipped"] == str(found["skipped"]) != "0"
        assert suite.attrib["errors"] == "0"
    for total in ("tests", "failures", "skipped"):
        assert int(root.attrib[total]) == sum(int(suite.attrib[total]) for suite in root)


def test_what_refuses_fails_and_says_where_it_is_declared(result: GateResult) -> None:
    # WHEN
    (suite,) = suites(result)

    # THEN
    failed = {case.attrib["name"]: case for case in suite.iter("testcase") if case.find("failure") is not None}
    assert set(failed) == {f"{finding.check_id} {finding.address}" for finding in result.refused}
    case = failed["CKV_AWS_158 aws_cloudwatch_log_group.a"]
    assert (case.attrib["file"], case.attrib["line"]) == ("modules/kefir/logs.tf", "3")
    assert case.attrib["classname"] == "dev/kefir.CKV_AWS_158"
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib["type"] == "LOW"
    assert "waiver expired on 2026-01-01" in failure.attrib["message"]


def test_what_somebody_answers_for_is_skipped_with_the_reason(result: GateResult) -> None:
    # WHEN
    (suite,) = suites(result)

    # THEN
    reasons = {
        case.attrib["name"]: skipped.attrib["message"]
        for case in suite.iter("testcase")
        for skipped in case.iter("skipped")
    }
    assert reasons == {
        "GP_LOGS_1 aws_cloudwatch_log_group.a": "waived: because (KF-COST-02, platform, until 2026-11-30)",
        "GP_LOGS_1 aws_cloudwatch_log_group.old": "in the baseline",
        "CKV_AWS_158 aws_cloudwatch_log_group.old": "in the baseline",
        "GP_BLAST_3 aws_dynamodb_table.t": 'glass broken: copied <to> the "new" one & gone',
    }


def test_what_passed_and_what_is_undecided_is_counted(result: GateResult) -> None:
    # WHEN
    (suite,) = suites(result)

    # THEN
    counted = properties(suite)
    assert counted["checks_passed"] == str(result.checks_passed)
    assert counted["undecided"] == str(len(result.undecided))
    assert counted["passed"] == "false"


def test_what_is_below_the_threshold_passes_with_a_note(judge: Judge) -> None:
    # GIVEN
    plan = planted({"aws_cloudwatch_log_group.a": {"name": "a", "retention_in_days": 0}})

    # WHEN
    (suite,) = suites(judge(plan, fail_on=Severity.CRITICAL))

    # THEN
    assert set(outcomes(suite)) == {"system-out"}
    assert suite.attrib["failures"] == "0"


def test_several_findings_of_a_check_at_an_address_are_one_case(judge: Judge, result: GateResult) -> None:
    # GIVEN
    first = result.refused[0]
    twice = replace(result, findings=(first, replace(first, message="something else")))

    # WHEN
    (suite,) = suites(twice)

    # THEN
    (failure,) = suite.iter("failure")
    assert first.message in failure.attrib["message"]
    assert "something else" in failure.attrib["message"]
    assert suite.attrib["failures"] == "1"


def test_what_xml_cannot_hold_does_not_break_it(result: GateResult) -> None:
    # GIVEN
    nasty = replace(result.refused[0], message='\x00\x1b[31m]]> <&" \ud800 ok', address='aws_x.y["<k>&\x07"]')

    # WHEN
    (suite,) = suites(replace(result, findings=(nasty,)))

    # THEN
    (failure,) = suite.iter("failure")
    assert failure.attrib["message"].endswith('[31m]]> <&" \N{REPLACEMENT CHARACTER} ok')


def test_a_plan_without_findings_is_a_suite_without_cases(judge: Judge) -> None:
    # WHEN
    (suite,) = suites(judge(planted({})))

    # THEN
    assert (suite.attrib["tests"], outcomes(suite)) == ("0", Counter())
