"""`groundplan verify` and `accept` on a stack that is really applied: its promises, its plan, its gate."""

from __future__ import annotations

import json

import pytest

from tests.support.in_process import run_here
from tests.support.project import Project, with_aws
from tooling.target import Target

QUEUE = 'resource "aws_sqs_queue" "work" {\n  name = "{NAME}"\n  sqs_managed_sse_enabled = true\n}\n'
LOGS = 'resource "aws_cloudwatch_log_group" "log" {\n  name = "/{NAME}"\n  retention_in_days = 30\n}\n'
CRITERIA = """\
title: Acceptance criteria
items:
  - {row: SM-AC-01, says: infrastructure is deployed and configured, plan: true}
  - {row: SM-AC-10, says: infrastructure is scalable and secure, gate: true}
"""


@pytest.fixture
def applied(tiny: Project, bucket: str) -> Project:
    with_aws(tiny, (LOGS + QUEUE).replace("{NAME}", bucket))
    toml = tiny.root / "envs/local/env.toml"
    toml.write_text(toml.read_text() + '\n[gate]\nfail_on = "CRITICAL"\n')
    tiny.write("cdktf_app/architectures/tiny/acceptance.yaml", CRITERIA)
    for verb in ("plan", "apply"):
        answer = run_here(tiny, verb)
        assert answer.code == 0, answer.said
    return tiny


@pytest.mark.requirement("SM-AC-01", "SM-AC-10")
def test_promises_are_asked_after_the_resources_and_criteria_with_them(
    applied: Project, target: Target, bucket: str
) -> None:
    # GIVEN a queue that loses what cannot be handled

    # WHEN
    asked, unasked = run_here(applied, "verify", "--json"), run_here(applied, "verify", "--no-promises")

    # THEN the resources are sound and one promise is broken
    assert unasked.code == 0, unasked.said
    assert asked.code == 1, asked.said
    (found,) = json.loads(asked.out)
    assert found["sound"]
    assert {one["name"]: one["status"] for one in found["promises"]} == {
        "queues are encrypted and lose nothing": "failed",
        "logs are kept for a set time": "ok",
    }
    assert "promises are broken: queues are encrypted and lose nothing" in asked.err

    # WHEN
    accepted = run_here(applied, "accept", "--stack", "tiny")

    # THEN
    assert accepted.code == 0, accepted.said
    assert "SM-AC-01 ✓" in accepted.out
    assert "SM-AC-10 ✓" in accepted.out

    # WHEN the gate becomes stricter
    toml = applied.root / "envs/local/env.toml"
    toml.write_text(toml.read_text().replace('fail_on = "CRITICAL"', 'fail_on = "LOW"'))
    accepted = run_here(applied, "accept", "--stack", "tiny")

    # THEN
    assert accepted.code == 1
    assert "1 of 2 ticked; open: SM-AC-10" in accepted.err

    # WHEN somebody changes it behind everybody's back as well
    target.client("logs").delete_log_group(logGroupName=f"/{bucket}")
    accepted = run_here(applied, "accept", "--stack", "tiny")

    # THEN
    assert accepted.code == 1
    assert "0 of 2 ticked; open: SM-AC-01, SM-AC-10" in accepted.err
