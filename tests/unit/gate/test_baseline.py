from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.unit.gate.conftest import TODAY, Judge, planted
from tests.unit.gate.test_waivers import waiver
from tooling.errors import Exit, ToolError
from tooling.gate import Finding, GateResult, Severity
from tooling.gate.baseline import Entry, as_yaml, load_baseline, renewed

Json = dict[str, Any]
CHECKS = {"GP_LOGS_1", "CKV_AWS_24"}


def groups(**retentions: int) -> Json:
    return planted(
        {
            f"aws_cloudwatch_log_group.{name}": {"name": name, "retention_in_days": days}
            for name, days in retentions.items()
        }
    )


def adopted(result: GateResult, file: Path, *, accept_new: bool = False) -> None:
    """Write the baseline as the command does."""
    known = load_baseline(file, checks=CHECKS | {"CKV_AWS_158", "CKV_AWS_338", "CKV_AWS_66"}, root=file.parent)
    first = accept_new or not file.exists()
    file.write_text(as_yaml(renewed(known, {result.stack: result}, accept_new=first, today=TODAY, by="platform")))


def checks(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.check_id} {finding.address}" for finding in findings if finding.own]


def test_what_was_there_is_shown_and_counted_and_does_not_refuse(judge: Judge, tmp_path: Path) -> None:
    # GIVEN
    file = tmp_path / "baseline.yaml"
    before = judge(groups(old=0), baseline=file)
    adopted(before, file)

    # WHEN
    after = judge(groups(old=0), baseline=file)

    # THEN
    assert not before.passed
    assert after.passed
    assert after.findings == ()
    assert {finding.check_id for finding in after.baselined} == {finding.check_id for finding in before.findings}
    assert after.checks_evaluated == before.checks_evaluated


def test_only_what_is_new_fails(judge: Judge, tmp_path: Path) -> None:
    # GIVEN
    file = tmp_path / "baseline.yaml"
    adopted(judge(groups(old=0), baseline=file), file)

    # WHEN
    result = judge(groups(old=0, new=0), baseline=file)

    # THEN
    assert not result.passed
    assert checks(result.findings) == ["GP_LOGS_1 aws_cloudwatch_log_group.new"]
    assert checks(result.baselined) == ["GP_LOGS_1 aws_cloudwatch_log_group.old"]


def test_a_finding_on_other_values_is_a_new_one(judge: Judge, tmp_path: Path) -> None:
    # GIVEN a door that was there, from one network
    def rule(cidr: str) -> Json:
        values = {"cidr_ipv4": cidr, "from_port": 22, "to_port": 23, "ip_protocol": "tcp", "description": "a"}
        return planted({"aws_vpc_security_group_ingress_rule.r": values})

    def tall(port: int) -> Json:
        plan = rule("0.0.0.0/0")
        for resource in plan["planned_values"]["root_module"]["resources"]:
            resource["values"]["to_port"] = port
        return plan

    file = tmp_path / "baseline.yaml"
    file.write_text("[]\n")
    known = judge(rule("0.0.0.0/0"))
    (entry,) = [
        entry
        for entry in renewed((), {known.stack: known}, accept_new=True, today=TODAY, by="a")
        if entry.check == "CKV_AWS_24"
    ]
    file.write_text(as_yaml([entry]))

    # WHEN
    same, wider = judge(rule("0.0.0.0/0"), baseline=file), judge(tall(65535), baseline=file)

    # THEN
    assert [finding.check_id for finding in same.baselined] == ["CKV_AWS_24"]
    assert "CKV_AWS_24" in {finding.check_id for finding in wider.refused}
    assert wider.baselined == ()


def test_it_is_about_one_stack(judge: Judge, tmp_path: Path) -> None:
    # GIVEN
    file = tmp_path / "baseline.yaml"
    adopted(judge(groups(old=0), baseline=file, stack="dev/kefir"), file)

    # WHEN
    other = judge(groups(old=0), baseline=file, stack="dev/rewind")

    # THEN
    assert other.baselined == ()
    assert other.mended == ()
    assert not other.passed


def test_what_is_mended_is_said_and_taken_out_and_nothing_comes_in_by_itself(judge: Judge, tmp_path: Path) -> None:
    # GIVEN
    file = tmp_path / "baseline.yaml"
    adopted(judge(groups(a=0, b=0), baseline=file), file)
    entries = file.read_text().count("- stack:")

    # WHEN one is mended and one comes
    result = judge(groups(a=0, b=400, c=0), baseline=file)
    adopted(result, file)

    # THEN
    assert len(result.mended) == 1
    assert all(place.startswith(str(file)) for place in result.mended)
    assert file.read_text().count("- stack:") == entries - 1
    assert checks(judge(groups(a=0, b=400, c=0), baseline=file).findings) == [
        "GP_LOGS_1 aws_cloudwatch_log_group.c",
    ]


def test_what_is_new_comes_in_when_that_is_asked_for(judge: Judge, tmp_path: Path) -> None:
    # GIVEN
    file = tmp_path / "baseline.yaml"
    adopted(judge(groups(a=0), baseline=file), file)

    # WHEN
    adopted(judge(groups(a=0, b=0), baseline=file), file, accept_new=True)

    # THEN
    assert judge(groups(a=0, b=0), baseline=file).passed


def test_a_plan_that_leaves_nothing_takes_nothing_out(judge: Judge, tmp_path: Path) -> None:
    # GIVEN
    file = tmp_path / "baseline.yaml"
    adopted(judge(groups(a=0), baseline=file), file)
    text = file.read_text()

    # WHEN
    adopted(judge(planted({}), baseline=file), file)

    # THEN
    assert file.read_text() == text


def test_an_expired_waiver_does_not_find_its_way_into_it(judge: Judge, tmp_path: Path) -> None:
    # GIVEN
    file = tmp_path / "baseline.yaml"
    adopted(judge(groups(a=0), baseline=file), file)
    expired = waiver(expires="2026-01-31")

    # WHEN
    result = judge(groups(a=0), baseline=file, waivers=expired)

    # THEN
    assert checks(result.refused) == ["GP_LOGS_1 aws_cloudwatch_log_group.a"]


@pytest.mark.parametrize("check_id", ["GP_BLAST_3", "GP_SUPPLY_1", "GP_PRIVILEGE_1", "GP_EXPOSURE_2", "GP_WAIVER_1"])
def test_what_a_plan_does_is_never_in_it(check_id: str) -> None:
    # GIVEN
    finding = Finding(
        check_id=check_id, name="n", severity=Severity.HIGH, address="aws_sns_topic.t", message="m", source="s"
    )
    result = GateResult(
        stack="dev/kefir",
        passed=False,
        fail_on=Severity.LOW,
        evaluated_on=TODAY,
        findings=(finding,),
        waived=(),
        unused_waivers=(),
        resources_evaluated=1,
        checks_evaluated=1,
        own_checks=(),
        canary=(),
        checkov_version="0",
    )

    # THEN
    assert renewed((), {"dev/kefir": result}, accept_new=True, today=TODAY, by="a") == ()


ENTRY = {
    "stack": "dev/kefir",
    "check": "GP_LOGS_1",
    "address": "aws_cloudwatch_log_group.a",
    "finding": "0123456789abcdef",
    "found": "2026-11-21",
    "by": "platform",
}


def entry(**changed: str | None) -> str:
    fields = {key: value for key, value in {**ENTRY, **changed}.items() if value is not None}
    first, *rest = [f"{key}: {value}" for key, value in fields.items()]
    return "\n".join([f"- {first}", *(f"  {line}" for line in rest)]) + "\n"


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    # GIVEN values that YAML would take for something else
    written = Entry(
        stack="dev/kefir",
        check="GP_LOGS_1",
        address='module.a["0x1F"].aws_cloudwatch_log_group.a[0]',
        finding="0123456789012345",
        found=date(2026, 11, 21),
        by="2026-11-21",
    )
    file = tmp_path / "baseline.yaml"
    file.write_text(as_yaml([written]))

    # WHEN
    (read,) = load_baseline(file, checks=CHECKS, root=tmp_path)

    # THEN
    assert read.where == "baseline.yaml:4"
    assert Entry(**{**vars(read), "where": ""}) == written


def test_where_there_is_none_nothing_was_there(tmp_path: Path) -> None:
    assert load_baseline(tmp_path / "baseline.yaml", checks=CHECKS, root=tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (entry(by=None), 1, "the entry lacks by"),
        (entry(check="GP_NONE_1"), 2, "there is no check 'GP_NONE_1'"),
        (entry(check="GP_BLAST_1"), 2, "findings of GP_BLAST_1 cannot be in a baseline"),
        (entry(check="GP_SUPPLY_2"), 2, "findings of GP_SUPPLY_2 cannot be in a baseline"),
        (entry(stack="kefir"), 1, "'kefir' is no stack"),
        (entry(finding="0123"), 4, "'0123' is no fingerprint"),
        (entry(found="yesterday"), 5, "'yesterday' is not a date"),
        (entry(found="2026-02-30"), 5, "'2026-02-30' is not a date"),
        (entry(by='""'), 6, "'by' is empty"),
        (entry(until="2027-01-01"), 7, "an entry has no field 'until'"),
        (entry() + entry(), 7, "the finding stands there twice"),
        ("stack: dev/kefir\n", 1, "expected a list"),
        ("- [\n", 2, "is not YAML"),
    ],
)
def test_rejects_a_malformed_file_with_its_line(
    judge: Judge, tmp_path: Path, text: str, line: int, message: str
) -> None:
    # GIVEN
    file = tmp_path / "baseline.yaml"
    file.write_text(text)

    # WHEN
    with pytest.raises(ToolError, match=message) as caught:
        judge(planted({}), baseline=file)

    # THEN
    assert caught.value.where == f"{file}:{line}"
    assert caught.value.exit_code is Exit.USAGE
