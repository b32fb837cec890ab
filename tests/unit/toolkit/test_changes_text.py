"""What a plan takes away, opens and grants, as it is printed."""

from __future__ import annotations

from datetime import date

import pytest

from tooling.cli.changes_text import changes_text
from tooling.gate import BrokenGlass, Finding, GateResult, Severity
from tooling.gate.changes import Changes, Door, GrantChange, Loss

WIDER = GrantChange(subject="aws_iam_role.r", statement="may s3:*", direction="widened", existing=True)
NARROWER = GrantChange(subject="aws_iam_role.r", statement="may s3:Get*", direction="narrowed", existing=True)


def result(changes: Changes | None, *excused: Finding) -> GateResult:
    return GateResult(
        stack="prod/kefir",
        passed=True,
        fail_on=Severity.LOW,
        evaluated_on=date(2026, 11, 21),
        findings=(),
        waived=(),
        unused_waivers=(),
        resources_evaluated=1,
        checks_evaluated=1,
        own_checks=(),
        canary=(),
        checkov_version="3",
        changes=changes,
        excused=excused,
    )


def doors(count: int) -> tuple[Door, ...]:
    return tuple(Door(address=f"aws_lb.l{n}", what="x", reached_from="the internet", new=True) for n in range(count))


def test_what_goes_opens_and_widens_is_told_in_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    changes = Changes(
        destroys=("a.b", "a.c"),
        replaces=("a.d",),
        stateful=(Loss(address="a.b", what="a table and its items"),),
        doors=doors(1),
        grants=(WIDER, NARROWER),
        existing=True,
    )

    changes_text(result(changes))

    assert capsys.readouterr().out.splitlines() == [
        "  blast radius: 2 destroyed, 1 replaced",
        "  ! data goes: a.b: a table and its items",
        "  ! new door: aws_lb.l0: x, from the internet",
        "  ! granted more: aws_iam_role.r: may s3:*",
        "  1 grant narrower",
    ]


def test_many_of_a_kind_are_cut_short(capsys: pytest.CaptureFixture[str]) -> None:
    changes_text(result(Changes(doors=doors(11), existing=True)))

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 9
    assert lines[-1] == "    and 3 more: gate.json has them"


def test_of_a_new_stack_the_doors_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    changes_text(result(Changes(doors=doors(3))))

    assert capsys.readouterr().out == "  3 doors to the outside, all new: gate.json has them\n"


def test_a_broken_glass_is_told_once_with_all_that_it_excuses(capsys: pytest.CaptureFixture[str]) -> None:
    glass = BrokenGlass(address="a.b", reason="no longer called by anybody")
    excused = [
        Finding(
            check_id=check_id,
            name="",
            severity=Severity.HIGH,
            address="a.b",
            message="",
            source="",
            glass=glass,
        )
        for check_id in ("GP_BLAST_4", "GP_BLAST_1")
    ]

    changes_text(result(None, *excused))

    assert capsys.readouterr().out == "  ! broken glass: a.b: no longer called by anybody (GP_BLAST_1, GP_BLAST_4)\n"


def test_where_nothing_changes_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    changes_text(result(Changes(existing=True)))

    assert capsys.readouterr().out == ""
