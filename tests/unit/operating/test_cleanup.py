"""`groundplan cleanup`: what nobody uses goes, what may be somebody's stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.project import Answer, Project
from tests.unit.operating.databases import STACK, WithDatabase, with_database
from tooling.target import Target

Applied = Callable[..., Project]


@dataclass
class Littered:
    """A stack with two manual snapshots, a volume of its own and one of nobody's, and two log groups without end."""

    inner: WithDatabase
    old: str
    new: str
    ours: str
    strange: str
    logs: str

    def cleanup(self, *args: str) -> Answer:
        return self.inner.run("cleanup", "--stack", STACK, *args)

    def found(self, *args: str) -> dict[str, Any]:
        answer = self.cleanup("--json", *args)
        assert answer.code == 0, answer.said
        mine = {self.old, self.new, self.ours, self.strange, self.logs, f"/other/{self.inner.name}"}
        return {one["name"]: one for one in json.loads(answer.out)["leftovers"] if one["name"] in mine}

    def volumes(self) -> set[str]:
        return {one["VolumeId"] for one in self.inner.target.client("ec2").describe_volumes()["Volumes"]}

    def retention(self, group: str) -> Any:
        logs = self.inner.target.client("logs")
        return logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0].get("retentionInDays")


@pytest.fixture
def stack(applied: Applied, target: Target, name: str) -> Littered:
    inner = with_database(applied, target, name)
    old, new = (f"{name}-{which}" for which in ("old", "young"))
    for snapshot in (old, new):
        inner.rds.create_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=snapshot)
    ec2, logs = target.client("ec2"), target.client("logs")
    tags = [{"Key": "Architecture", "Value": STACK}, {"Key": "Environment", "Value": "local"}]
    ours = ec2.create_volume(
        AvailabilityZone="us-east-1a", Size=8, TagSpecifications=[{"ResourceType": "volume", "Tags": tags}]
    )["VolumeId"]
    strange = ec2.create_volume(AvailabilityZone="us-east-1a", Size=8)["VolumeId"]
    group = f"/aws/rds/instance/{name}/upgrade"
    for each in (group, f"/other/{name}"):
        logs.create_log_group(logGroupName=each)
    return Littered(inner, old, new, ours, strange, group)


@pytest.mark.requirement("FD-COST-07")
def test_a_dry_run_lists_all_that_was_left_and_touches_nothing(stack: Littered) -> None:
    found = stack.found("--dry-run", "--older-than", "0s")

    assert {name: one["keep"] for name, one in found.items()} == {
        stack.old: "",
        stack.new: f"it is the newest of {stack.inner.name}",
        stack.ours: "",
        stack.strange: "its tags do not name this stack",
        stack.logs: "",
        f"/other/{stack.inner.name}": "no resource of this stack writes it",
    }
    assert len(stack.inner.manual_snapshots()) == 2
    assert {stack.ours, stack.strange} <= stack.volumes()
    assert stack.retention(stack.logs) is None


@pytest.mark.requirement("FD-COST-07")
def test_what_is_the_stacks_goes_and_nothing_else(stack: Littered) -> None:
    answer = stack.cleanup("--older-than", "0s", "--log-days", "14")

    assert answer.code == 0, answer.said
    assert [one["DBSnapshotIdentifier"] for one in stack.inner.manual_snapshots()] == [stack.new]
    assert stack.strange in stack.volumes()
    assert stack.ours not in stack.volumes()
    assert (stack.retention(stack.logs), stack.retention(f"/other/{stack.inner.name}")) == (14, None)


@pytest.mark.requirement("FD-COST-07")
def test_what_is_younger_is_not_even_told(stack: Littered) -> None:
    found = stack.found("--dry-run", "--older-than", "1d")

    assert {one["kind"] for one in found.values()} == {"log group"}


def test_the_snapshot_of_a_database_that_is_gone_is_left_alone(stack: Littered) -> None:
    gone = f"{stack.inner.name}-gone"
    stack.inner.rds.create_db_instance(
        DBInstanceIdentifier=gone, DBInstanceClass="db.t4g.micro", Engine="postgres", AllocatedStorage=20
    )
    for number in range(2):
        stack.inner.rds.create_db_snapshot(DBInstanceIdentifier=gone, DBSnapshotIdentifier=f"{gone}-{number}")
    stack.inner.rds.delete_db_instance(DBInstanceIdentifier=gone, SkipFinalSnapshot=True)

    answer = stack.cleanup("--older-than", "0s")

    assert f"snapshot {gone}-0 (us-east-1), of {gone}" in answer.out
    assert f"left alone, {gone} is gone, and this may be all that is left of it" in answer.out
    assert len(stack.inner.rds.describe_db_snapshots(DBInstanceIdentifier=gone)["DBSnapshots"]) == 2


def test_a_second_time_there_is_nothing_to_do(stack: Littered) -> None:
    stack.cleanup("--older-than", "0s")

    again = stack.cleanup("--older-than", "0s")

    assert (again.code, again.out.splitlines()[-1]) == (0, "0 cleaned up")


def test_it_asks_where_the_environment_says_so(applied: Applied, target: Target, name: str) -> None:
    inner = with_database(applied, target, name, confirm=True)
    target.client("logs").create_log_group(logGroupName=f"/aws/rds/instance/{name}/upgrade")

    answer = inner.project.run("cleanup", "--stack", STACK)

    assert answer.code == 2
    assert "nobody is there to confirm 1 log groups kept 30 days" in answer.err


def test_an_age_that_is_none_is_refused(stack: Littered) -> None:
    answer = stack.cleanup("--older-than", "a month")

    assert answer.code == 2
    assert "'a month ago' is no time" in answer.err
