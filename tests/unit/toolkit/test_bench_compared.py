"""make bench compares nothing with a plan or an apply that does something else."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bench.applies import reject_another_state
from bench.from_code import changes, reject_another_plan
from tooling.errors import ToolError

BUCKET, ROLE = ("aws_s3_bucket", "create"), ("aws_iam_role", "create")


def test_a_plan_counts_what_is_done_with_the_resources_of_each_type(tmp_path: Path) -> None:
    found = [("managed", "aws_s3_bucket", ["create"])] * 2
    found += [("managed", "aws_s3_bucket", ["delete", "create"]), ("data", "aws_iam_policy_document", ["read"])]
    plan = [{"mode": mode, "type": kind, "change": {"actions": actions}} for mode, kind, actions in found]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"resource_changes": plan}), encoding="utf-8")

    assert changes(file) == {BUCKET: 2, ("aws_s3_bucket", "delete create"): 1}


def test_a_plan_that_does_the_same_is_compared() -> None:
    reject_another_plan("kefir", ours=Counter({BUCKET: 2, ROLE: 1}), theirs=Counter({ROLE: 1, BUCKET: 2}))


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ({}, r"kefir has nothing that groundplan's has not, and lacks 1 aws_iam_role \(create\), 2 aws_s3_bucket"),
        ({BUCKET: 1, ROLE: 1}, r"lacks 1 aws_s3_bucket \(create\)$"),
        ({BUCKET: 2, ROLE: 2}, r"has 1 aws_iam_role \(create\) that groundplan's has not, and lacks nothing"),
        ({BUCKET: 2, ("aws_iam_role", "no-op"): 1}, r"has 1 aws_iam_role \(no-op\) .* lacks 1 aws_iam_role \(create\)"),
    ],
    ids=["nothing", "less", "more", "another action"],
)
def test_a_plan_that_does_something_else_ends_the_comparison(theirs: dict[tuple[str, str], int], said: str) -> None:
    with pytest.raises(ToolError, match=said):
        reject_another_plan("kefir", ours=Counter({BUCKET: 2, ROLE: 1}), theirs=Counter(theirs))


def test_two_plans_that_do_nothing_are_not_compared() -> None:
    with pytest.raises(ToolError, match="plan of kefir changes nothing"):
        reject_another_plan("kefir", ours=Counter(), theirs=Counter())


def test_an_apply_that_made_the_same_is_compared() -> None:
    reject_another_state(ours={"aws_s3_bucket.photos"}, theirs={"aws_s3_bucket.photos"})


@pytest.mark.parametrize("ours", [set(), {"aws_s3_bucket.photos"}], ids=["nothing", "something else"])
@pytest.mark.parametrize("theirs", [set(), {"aws_s3_bucket.photos", "aws_iam_role.job"}], ids=["nothing", "more"])
def test_an_apply_that_made_something_else_ends_the_comparison(ours: set[str], theirs: set[str]) -> None:
    said = rf"of {len(ours)} resources that groundplan made and {len(theirs)} that terraform made, {len(ours & theirs)}"

    with pytest.raises(ToolError, match=said):
        reject_another_state(ours=ours, theirs=theirs)
