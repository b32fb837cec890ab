"""What a plan changes, as gate.json keeps it."""

from __future__ import annotations

import json

import pytest

from tests.unit.gate.changes.conftest import Look
from tooling.gate.changes import Changes, Door, GrantChange, Loss


def test_what_is_written_is_read_again() -> None:
    changes = Changes(
        destroys=("aws_eip.a",),
        replaces=("aws_eip.b",),
        forgets=("aws_eip.c",),
        stateful=(Loss(address="aws_kms_key.k", what="a key", allowed=True),),
        doors=(Door(address="aws_lb.l", what="x", reached_from="y", new=True, undecided=True, leads_to=("z",)),),
        grants=(
            GrantChange(subject="aws_iam_role.r", statement="may x", direction="widened", existing=True, after=("x",)),
        ),
        existing=True,
    )

    assert Changes.from_json(json.loads(json.dumps(changes.to_json()))) == changes


@pytest.mark.parametrize("part", ["existing", "destroys", "stateful", "doors", "grants"])
def test_a_part_that_is_missing_is_an_error(part: str) -> None:
    content = Changes().to_json()
    del content[part]

    with pytest.raises(ValueError):
        Changes.from_json(content)


def test_findings_are_no_part_of_it_since_they_stand_with_all_others(look: Look) -> None:
    changes = look({"aws_cloudfront_distribution.d": {"after": {}}})

    assert changes.findings
    assert "findings" not in changes.to_json()


def test_new_doors_come_first_and_say_what_they_are_in_one_line(look: Look) -> None:
    there = {"enabled": True}

    changes = look(
        {
            "aws_cloudfront_distribution.a": {"before": there, "after": there},
            "aws_lambda_function_url.z": {"after": {"authorization_type": "NONE"}},
        }
    )

    assert [door.address for door in changes.doors] == ["aws_lambda_function_url.z", "aws_cloudfront_distribution.a"]
    assert changes.doors[0].sentence == "the URL of a function, from the internet (nobody is asked who they are)"
    assert not changes.quiet
