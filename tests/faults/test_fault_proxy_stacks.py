"""Many stacks in one apply, and every call of one of them fails: the others do not notice."""

from __future__ import annotations

import pytest

from tests.support.in_process import run_here
from tests.support.project import MODULE, Project
from tests.support.twin import with_twin
from tooling.faultproxy import FaultPlan, FaultProxy, Rule
from tooling.target import Target


@pytest.fixture
def two(tiny: Project) -> Project:
    """The stacks tiny and twin."""
    with_twin(tiny, MODULE)
    return tiny


def keys(target: Target, bucket: str) -> list[str]:
    found = target.client("s3").list_objects_v2(Bucket=bucket)
    return [entry["Key"] for entry in found.get("Contents", [])]


def test_a_plan_whose_one_stack_fails_leaves_no_changeset_and_no_lock(
    two: Project, target: Target, bucket: str
) -> None:
    # GIVEN a changeset, and from then on every call about the twin's state fails
    assert run_here(two, "plan").code == 0
    latest = two.latest
    assert target.endpoint is not None

    with FaultProxy(target.endpoint, FaultPlan(rules=(Rule("expired", key="local/twin.*"),))) as proxy:
        planned = run_here(two, "plan", environ={"EMULATOR_ENDPOINT": proxy.endpoint})

    # THEN neither stack is half planned, and neither is locked
    assert planned.code == 1, planned.said
    assert "local/twin" in planned.err
    assert "Traceback" not in planned.said
    assert two.latest == latest
    assert not [key for key in keys(target, bucket) if key.endswith(".tflock")]


def test_an_apply_whose_one_stack_fails_ends_the_others_whole(two: Project, target: Target, bucket: str) -> None:
    # GIVEN a changeset of both
    assert run_here(two, "plan").code == 0
    assert target.endpoint is not None

    # WHEN Terraform gets no answer about the twin's state
    twin = Rule("expired", caller="backend", key="local/twin.*")
    with FaultProxy(target.endpoint, FaultPlan(rules=(twin,))) as proxy:
        applied = two.run("apply", environ={"EMULATOR_ENDPOINT": proxy.endpoint})

    # THEN tiny is whole, and the twin is as it was: no lock, no state, no run that is open
    assert applied.code == 1, applied.said
    assert "local/twin" in applied.err
    assert "local/tiny:" not in [line for line in applied.err.splitlines() if line.startswith("error")]
    assert "Traceback" not in applied.said
    there = keys(target, bucket)
    assert "local/tiny.tfstate" in there
    assert "local/twin.tfstate" not in there
    assert not [key for key in there if key.endswith(".tflock") or "/journals/" in key]
    # and the next apply makes only what is left
    rest = run_here(two, "apply")
    assert rest.code == 0, rest.said
    assert "local/twin.tfstate" in keys(target, bucket)
    again = run_here(two, "plan", "--exit-code")
    assert again.code == 0, again.said
