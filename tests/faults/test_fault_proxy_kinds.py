"""Plan and apply while calls fail: what passes is ridden out; what does not ends in a sentence and loses nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.in_process import run_here
from tests.support.project import Answer, Project, with_aws
from tooling.faultproxy import FaultPlan, FaultProxy, Kind, Rule
from tooling.target import Target

PASSING = [Kind.DELAY, Kind.ERROR500, Kind.SLOWDOWN503, Kind.THROTTLE, Kind.RESET, Kind.TRUNCATE, Kind.HANG]
ROLES = """\
provider "aws" {
  region = "us-east-1"
  default_tags {
    tags = {
      Architecture = "tiny"
      Environment  = "local"
      ManagedBy    = "groundplan"
    }
  }
}

locals {
  trust = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "first" {
  name               = "{NAME}-first"
  assume_role_policy = local.trust
}

resource "aws_iam_role" "second" {
  name               = "{NAME}-second"
  assume_role_policy = local.trust
  depends_on         = [aws_iam_role.first]
}
"""


@contextmanager
def through(target: Target, project: Project, *rules: Rule, seed: int = 1) -> Iterator[FaultProxy]:
    """Every command of the project goes through a proxy."""
    assert target.endpoint is not None
    with FaultProxy(target.endpoint, FaultPlan(seed, rules)) as proxy:
        project.environ["EMULATOR_ENDPOINT"] = proxy.endpoint
        try:
            yield proxy
        finally:
            del project.environ["EMULATOR_ENDPOINT"]


def roles(target: Target, prefix: str) -> list[str]:
    found = (role["RoleName"] for role in target.client("iam").list_roles()["Roles"])
    return sorted(name for name in found if name.startswith(prefix))


def said_well(answer: Answer) -> None:
    """One sentence, and no traceback."""
    assert answer.code == 1, answer.said
    assert "error: " in answer.err
    assert "Traceback" not in answer.said


def is_whole(project: Project) -> None:
    """Nothing is locked, no run is open, and a plan has nothing to do."""
    again = run_here(project, "plan", "--exit-code")
    assert again.code == 0, again.said


@pytest.mark.parametrize("kind", PASSING)
def test_what_passes_is_ridden_out(tiny: Project, target: Target, kind: Kind) -> None:
    # GIVEN every third call or so fails, those for the state included, and never two in a row. Terraform does not ask
    # again for an answer that breaks off in its body, and a condition is not met twice, so that kind is for what boto3
    # reads.
    broken_off = kind == Kind.TRUNCATE
    caller = "boto3" if broken_off else "*"
    reads = [Rule(kind, method="GET", caller=caller, nth=number, seconds=0.2) for number in range(2, 90, 3)]
    writes = [Rule(kind, method="PUT", nth=number, seconds=0.2) for number in range(2, 90, 3) if not broken_off]

    with through(target, tiny, *reads, *writes) as proxy:
        planned = run_here(tiny, "plan")
        applied = run_here(tiny, "apply")

    assert planned.code == 0, planned.said
    assert applied.code == 0, applied.said
    assert set(proxy.counts) == {kind}
    is_whole(tiny)


@pytest.mark.parametrize("kind", [*PASSING[1:], Kind.EXPIRED])
def test_what_does_not_pass_ends_a_plan_in_one_sentence(tiny: Project, target: Target, kind: Kind) -> None:
    # GIVEN a stack that is initialised, so that boto3 asks before Terraform does
    assert run_here(tiny, "plan").code == 0
    latest = tiny.latest
    tiny.environ["AWS_MAX_ATTEMPTS"] = "2"

    with through(target, tiny, Rule(kind, service="s3", seconds=0.2)):
        planned = run_here(tiny, "plan")

    said_well(planned)
    assert tiny.latest == latest
    is_whole_plan = run_here(tiny, "plan")
    assert is_whole_plan.code == 0, is_whole_plan.said


@pytest.mark.parametrize("kind", [*PASSING[1:], Kind.EXPIRED])
def test_what_does_not_pass_ends_an_apply_in_one_sentence_and_it_is_as_before(
    tiny: Project, target: Target, kind: Kind
) -> None:
    assert run_here(tiny, "plan").code == 0
    tiny.environ["AWS_MAX_ATTEMPTS"] = "2"

    with through(target, tiny, Rule(kind, service="s3", seconds=0.2)):
        applied = run_here(tiny, "apply")

    said_well(applied)
    again = run_here(tiny, "apply")
    assert again.code == 0, again.said
    is_whole(tiny)


def test_the_provider_rides_out_a_mix_of_faults(tiny: Project, target: Target, bucket: str) -> None:
    with_aws(tiny, ROLES.replace("{NAME}", bucket))
    assert run_here(tiny, "plan").code == 0
    mix = [
        Rule(kind, caller="provider", method="POST", times=2, seconds=0.3)
        for kind in (Kind.DELAY, Kind.ERROR500, Kind.SLOWDOWN503, Kind.THROTTLE, Kind.RESET, Kind.HANG)
    ]

    with through(target, tiny, *mix) as proxy:
        applied = run_here(tiny, "apply")

    assert applied.code == 0, applied.said
    assert len(proxy.counts) >= 4
    is_whole(tiny)


def test_a_token_that_expires_in_the_middle_is_named_and_nothing_is_lost(
    tiny: Project, target: Target, bucket: str
) -> None:
    # GIVEN an apply of two resources, one after the other
    with_aws(tiny, ROLES.replace("{NAME}", bucket))
    assert run_here(tiny, "plan").code == 0

    # WHEN the token expires before the second is made, for the provider, the state and boto3 alike
    second = Rule("expired", operation="CreateRole", since=2)
    with through(target, tiny, second) as proxy:
        begun = tiny.run("apply")
        proxy.become(FaultPlan(rules=(Rule("expired"),)))
        meanwhile = tiny.run("plan")

    # THEN it says so, and with a new token the rest is made
    said_well(begun)
    assert "the AWS credentials have expired" in begun.err
    said_well(meanwhile)
    assert "the AWS credentials have expired" in meanwhile.err
    for command in ("resume", "plan", "apply"):
        answer = run_here(tiny, command)
        assert answer.code == 0, answer.said
    is_whole(tiny)
    assert roles(target, bucket) == [f"{bucket}-first", f"{bucket}-second"]


@pytest.mark.parametrize("kind", [Kind.RESET, Kind.ERROR500])
def test_a_create_whose_answer_is_lost_is_found_again(tiny: Project, target: Target, bucket: str, kind: Kind) -> None:
    # GIVEN an apply, and a role that is made although its answer never comes
    with_aws(tiny, ROLES.replace("{NAME}", bucket))
    assert run_here(tiny, "plan").code == 0

    with through(target, tiny, Rule(kind, operation="CreateRole", nth=1, after=True)) as proxy:
        begun = tiny.run("apply")

    # THEN the provider's second try is refused, for it is there already
    said_well(begun)
    assert proxy.counts == {kind: 1}
    # and resume finds it instead of making it twice
    resumed = run_here(tiny, "resume", "--json")
    assert resumed.code == 0, resumed.said
    (one,) = json.loads(resumed.out)
    assert one["adopted"] == ["module.tiny.aws_iam_role.first"]
    for command in ("plan", "apply"):
        answer = run_here(tiny, command)
        assert answer.code == 0, answer.said
    is_whole(tiny)
