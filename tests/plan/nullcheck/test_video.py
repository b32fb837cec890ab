"""MediaConvert: the queue of the jobs."""

from __future__ import annotations

import pytest

from tests.plan.nullcheck.functions import suffix
from tests.support.plans import Plan


@pytest.mark.requirement("NC-MC-02")
def test_jobs_have_a_queue_of_their_own_that_costs_nothing(everywhere: Plan) -> None:
    queue = everywhere.one("aws_media_convert_queue")

    assert queue["name"] == f"nullcheck-chunking{suffix(everywhere)}"
    assert (queue["pricing_plan"], queue["status"]) == ("ON_DEMAND", "ACTIVE")
    assert "reservation_plan_settings" not in everywhere.arguments(queue)


@pytest.mark.requirement("NC-MC-03")
def test_a_chunk_has_120_seconds(minimal: Plan, every: Plan) -> None:
    assert minimal.variables["chunk_seconds"]["default"] == 120
    assert every.input("chunk_seconds") == 120


@pytest.mark.requirement("NC-MC-01")
def test_arn_of_the_role_is_an_output(every: Plan) -> None:
    assert every.output_references("mediaconvert_role_arn") == {
        "aws_iam_role.chunking_role",
        "aws_iam_role.chunking_role.arn",
    }
