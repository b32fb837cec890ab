from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from tests.unit.gate.conftest import ROOT, Judge, finding_of, planted
from tooling.errors import Exit, ToolError
from tooling.gate import Severity
from tooling.gate.waivers import ledger_ids, load_waivers

#: Refused by GP_LOGS_1 and, being unencrypted and short, by checks of checkov.
FOR_EVER = planted({"aws_cloudwatch_log_group.a": {"name": "a", "retention_in_days": 0}})
TWO = planted(
    {
        'module.m["x"].aws_cloudwatch_log_group.a': {"name": "a"},
        'module.m["y"].aws_cloudwatch_log_group.a': {"name": "b"},
    }
)
WHOLE = {
    "check": "GP_LOGS_1",
    "address": "aws_cloudwatch_log_group.a",
    "reason": "because",
    "requirement": "KF-COST-02",
    "owner": "platform",
    "expires": "2027-11-30",
}


def waiver(**changed: str | None) -> str:
    fields = {key: value for key, value in {**WHOLE, **changed}.items() if value is not None}
    first, *rest = [f"{key}: {value}" for key, value in fields.items()]
    return "\n".join([f"- {first}", *(f"  {line}" for line in rest)]) + "\n"


def test_a_waiver_takes_a_finding_out_and_says_who_answers_for_it(judge: Judge) -> None:
    # WHEN
    result = judge(FOR_EVER, waivers=waiver(), fail_on=Severity.MEDIUM)

    # THEN
    finding = finding_of(result, "GP_LOGS_1")
    assert finding in result.waived
    assert finding not in result.findings
    assert finding.waived_by is not None
    assert (finding.waived_by.requirement, finding.waived_by.owner) == ("KF-COST-02", "platform")
    assert result.passed


def test_without_the_waiver_the_same_plan_is_refused(judge: Judge) -> None:
    assert not judge(FOR_EVER, fail_on=Severity.MEDIUM).passed


def test_a_waiver_holds_for_its_check_only(judge: Judge) -> None:
    # WHEN
    result = judge(FOR_EVER, waivers=waiver(check="CKV_AWS_158"), fail_on=Severity.MEDIUM)

    # THEN
    assert finding_of(result, "GP_LOGS_1") in result.findings
    assert not result.passed


NOT_KNOWN_YET = planted(
    {"aws_cloudwatch_log_group.a": {"name": "a", "unknown": {"retention_in_days": True}, "expressions": {}}}
)


@pytest.mark.parametrize("only_undecided", ["true", "false"])
def test_a_waiver_can_be_for_what_is_not_known_yet_only(judge: Judge, only_undecided: str) -> None:
    # GIVEN
    waivers = waiver(only_undecided=only_undecided)

    # WHEN
    unknown = judge(NOT_KNOWN_YET, waivers=waivers)
    wrong = judge(FOR_EVER, waivers=waivers)

    # THEN
    assert finding_of(unknown, "GP_LOGS_1") in unknown.waived
    assert (finding_of(wrong, "GP_LOGS_1") in wrong.waived) is (only_undecided == "false")
    assert bool(wrong.unused_waivers) is (only_undecided == "true")


def test_brackets_in_an_address_are_literal(judge: Judge) -> None:
    # WHEN
    text = waiver(address="'module.m[\"x\"].aws_cloudwatch_log_group.a'")
    result = judge(TWO, waivers=text)

    # THEN
    assert [finding.address for finding in result.waived] == ['module.m["x"].aws_cloudwatch_log_group.a']


def test_a_star_in_an_address_matches_all_instances(judge: Judge) -> None:
    # WHEN
    result = judge(TWO, waivers=waiver(address="'module.m[*].aws_cloudwatch_log_group.?'"))

    # THEN
    assert len([finding for finding in result.waived if finding.check_id == "GP_LOGS_1"]) == 2


@pytest.mark.parametrize(("day", "holds"), [(date(2027, 11, 30), True), (date(2027, 12, 1), False)])
def test_a_waiver_holds_until_the_end_of_its_last_day(judge: Judge, day: date, holds: bool) -> None:
    # WHEN
    result = judge(FOR_EVER, waivers=waiver(), fail_on=Severity.MEDIUM, today=day)

    # THEN
    assert result.passed is holds


def test_past_its_date_the_finding_is_back_and_says_so(judge: Judge) -> None:
    # WHEN
    result = judge(FOR_EVER, waivers=waiver(expires="2026-01-31"))

    # THEN
    finding = finding_of(result, "GP_LOGS_1")
    assert finding in result.refused
    assert finding.remark.startswith("waiver expired on 2026-01-31")
    assert result.unused_waivers == ()


def test_a_valid_waiver_counts_although_an_expired_one_stands_before_it(judge: Judge) -> None:
    # WHEN
    result = judge(FOR_EVER, waivers=waiver(expires="2026-01-31") + waiver(address="aws_cloudwatch_log_group.*"))

    # THEN
    assert finding_of(result, "GP_LOGS_1") in result.waived


def test_a_waiver_that_matches_nothing_is_reported(judge: Judge) -> None:
    # WHEN
    result = judge(FOR_EVER, waivers=waiver(address="aws_cloudwatch_log_group.b"))

    # THEN
    assert [unused.address for unused in result.unused_waivers] == ["aws_cloudwatch_log_group.b"]


def test_a_waiver_for_other_stacks_neither_holds_nor_counts_as_unused(judge: Judge) -> None:
    # WHEN
    result = judge(FOR_EVER, waivers=waiver(stacks="[prod/*, local/kefir]"), stack="dev/kefir")

    # THEN
    assert finding_of(result, "GP_LOGS_1") in result.findings
    assert result.unused_waivers == ()


@pytest.mark.parametrize("stack", ["prod/kefir", "prod/rewind", "local/kefir"])
def test_stacks_are_globs(judge: Judge, stack: str) -> None:
    # WHEN
    result = judge(FOR_EVER, waivers=waiver(stacks="[prod/*, local/kefir]"), stack=stack)

    # THEN
    assert finding_of(result, "GP_LOGS_1") in result.waived


@pytest.mark.parametrize("ticket", ["OPS-12", "A1B-7", "https://tickets.example.com/browse/12"])
def test_a_ticket_stands_for_the_row_where_no_row_asks_for_it(judge: Judge, ticket: str) -> None:
    # WHEN
    result = judge(FOR_EVER, waivers=waiver(requirement=None, ticket=ticket))

    # THEN
    waived = finding_of(result, "GP_LOGS_1").waived_by
    assert waived is not None
    assert (waived.requirement, waived.ticket, waived.asked_by) == ("", ticket, ticket)


@pytest.mark.parametrize(
    ("today", "days", "expiring"),
    [
        (date(2027, 10, 31), 30, True),
        (date(2027, 10, 30), 30, False),
        (date(2027, 11, 30), 0, True),
        (date(2027, 12, 1), 30, False),
    ],
)
def test_a_waiver_that_is_about_to_end_is_reported(judge: Judge, today: date, days: int, expiring: bool) -> None:
    # WHEN
    result = judge(FOR_EVER, waivers=waiver(), today=today, warn_expiring_days=days)

    # THEN
    assert [waiver.check for waiver in result.expiring] == (["GP_LOGS_1"] if expiring else [])


def test_a_place_in_the_project_is_named_from_its_folder(judge: Judge, folder: Path) -> None:
    # GIVEN a project whose waivers are beside its policies
    file = folder / "waivers.yaml"
    file.write_text(waiver())
    (folder.parent / "specs").mkdir()

    # WHEN
    (read,) = load_waivers(file, requirements={"KF-COST-02"}, checks={"GP_LOGS_1"}, root=folder.parent)

    # THEN
    assert read.where == "policies/waivers.yaml:1"


def test_waivers_that_were_read_before_are_read_anew_when_anything_of_them_moved(folder: Path) -> None:
    # GIVEN waivers that were read, and others of the same size and time in their place
    file = folder / "waivers.yaml"
    file.write_text(waiver(ticket="ABC-1", requirement=None))
    times = file.stat().st_mtime_ns, file.stat().st_mtime_ns
    (before,) = load_waivers(file, requirements=(), checks={"GP_LOGS_1"})
    file.write_text(waiver(ticket="ABC-2", requirement=None))
    os.utime(file, ns=times)

    # WHEN
    (after,) = load_waivers(file, requirements=(), checks={"GP_LOGS_1"})

    # THEN, and a check that is no more is found out as well
    assert (before.ticket, after.ticket) == ("ABC-1", "ABC-2")
    with pytest.raises(ToolError, match="GP_LOGS_1"):
        load_waivers(file, requirements=(), checks={"GP_LOGS_2"})


@pytest.mark.parametrize("field", [field for field in WHOLE if field != "requirement"])
def test_rejects_a_waiver_that_lacks_a_field(judge: Judge, field: str) -> None:
    with pytest.raises(ToolError, match=f"the waiver lacks {field}") as caught:
        judge(FOR_EVER, waivers="# first\n" + waiver(**{field: None}))

    assert caught.value.where is not None
    assert caught.value.where.endswith("waivers.yaml:2")
    assert caught.value.exit_code is Exit.USAGE


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (waiver(requirement="KF-NOPE-01"), 4, "the ledger has no row 'KF-NOPE-01'"),
        (waiver(requirement=None), 1, "the waiver lacks requirement or ticket"),
        (waiver(ticket="OPS-1"), 7, "the waiver has both requirement and ticket"),
        (waiver(requirement=None, ticket="somebody said so"), 6, "'somebody said so' is no ticket"),
        (waiver(requirement=None, ticket="OPS-0"), 6, "'OPS-0' is no ticket"),
        (waiver(check="GP_BLAST_1"), 1, "GP_BLAST_1 cannot be waived"),
        (waiver(check="GP_WAIVER_1"), 1, "GP_WAIVER_1 cannot be waived"),
        (waiver(check="CKV_AWS_99999"), 1, "there is no check 'CKV_AWS_99999'"),
        (waiver(check='"CKV_*"'), 1, r"there is no check 'CKV_\*'"),
        (waiver(address='"*"'), 2, r"the address '\*' names no resource type"),
        (waiver(address='"module.kefir.*"'), 2, "names no resource type"),
        (waiver(expires="30.11.2027"), 6, "'30.11.2027' is not a date"),
        (waiver(expires="2027-02-30"), 6, "'2027-02-30' is not a date"),
        (waiver(expires="20271130"), 6, "'20271130' is not a date"),
        (waiver(reason='""'), 3, "'reason' is empty"),
        (waiver(reason="[a]"), 3, "expected a single value, found a sequence"),
        (waiver(until="2027-11-30"), 7, "a waiver has no field 'until'"),
        (waiver(stacks="dev/kefir"), 7, "expected a list, found a scalar"),
        (waiver(stacks="[]"), 7, "'stacks' is empty"),
        (waiver(stacks="[dev]"), 7, "'dev' is no stack"),
        (waiver(only_undecided="yes"), 7, "'yes' is neither true nor false"),
        (waiver() + "  check: GP_TAGS_1\n", 7, "'check' is given twice"),
        ("waivers: []\n", 1, "expected a list, found a mapping"),
        ("- CKV_AWS_1\n", 1, "expected 'key: value' lines"),
        ("- check: [\n", 2, "is not YAML"),
    ],
)
def test_rejects_a_malformed_file_with_its_line(judge: Judge, text: str, line: int, message: str) -> None:
    with pytest.raises(ToolError, match=message) as caught:
        judge(FOR_EVER, waivers=text)

    assert caught.value.where is not None
    assert caught.value.where.endswith(f"waivers.yaml:{line}")
    assert caught.value.exit_code is Exit.USAGE


def test_rejects_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="cannot be read") as caught:
        load_waivers(tmp_path / "none.yaml", requirements=(), checks=())

    assert caught.value.exit_code is Exit.USAGE


def test_an_empty_file_waives_nothing(tmp_path: Path) -> None:
    # GIVEN
    file = tmp_path / "waivers.yaml"
    file.write_text("# none yet\n")

    # THEN
    assert load_waivers(file, requirements=(), checks=()) == ()


def test_the_ledger_is_read_whole() -> None:
    # WHEN
    ids = ledger_ids(ROOT / "specs" / "requirements.yaml")

    # THEN
    assert len(ids) == 681
    assert {"KF-MON-15", "SM-NET-06", "RW-DDB-03"} <= ids


def test_a_missing_ledger_is_an_error_and_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="cannot be read"):
        ledger_ids(tmp_path / "requirements.yaml")
