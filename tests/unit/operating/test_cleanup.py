"""`groundplan cleanup`: what nobody uses goes, what may be somebody's stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import Answer, Project
from tests.unit.operating.conftest import second_region
from tests.unit.operating.databases import STACK, WithDatabase, with_database
from tooling.cleaning import LOG_GROUP, SNAPSHOT, VOLUME, Leftover, in_words
from tooling.target import Target

Applied = Callable[..., Project]


@dataclass
class Littered:
    """A stack with three manual snapshots, three volumes and two log groups without end; see :func:`stack`."""

    inner: WithDatabase
    old: str
    new: str
    by_hand: str
    ours: str
    strange: str
    managed: str
    logs: str

    def cleanup(self, *args: str) -> Answer:
        return self.inner.run("cleanup", "--stack", STACK, *args)

    def found(self, *args: str) -> dict[str, Any]:
        answer = self.cleanup("--json", *args)
        assert answer.code == 0, answer.said
        mine = {
            self.old,
            self.new,
            self.by_hand,
            self.ours,
            self.strange,
            self.managed,
            self.logs,
            f"/other/{self.inner.name}",
        }
        return {one["name"]: one for one in json.loads(answer.out)["leftovers"] if one["name"] in mine}

    def volumes(self) -> set[str]:
        return {one["VolumeId"] for one in self.inner.target.client("ec2").describe_volumes()["Volumes"]}

    def retention(self, group: str) -> Any:
        logs = self.inner.target.client("logs")
        return logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0].get("retentionInDays")


@pytest.fixture
def stack(applied: Applied, target: Target, name: str) -> Littered:
    ec2, logs = target.client("ec2"), target.client("logs")
    tags = [{"Key": "Architecture", "Value": STACK}, {"Key": "Environment", "Value": "local"}]
    ours, managed = (
        ec2.create_volume(
            AvailabilityZone="us-east-1a", Size=8, TagSpecifications=[{"ResourceType": "volume", "Tags": tags}]
        )["VolumeId"]
        for _ in range(2)
    )
    inner = with_database(applied, target, name, more={"aws_ebs_volume.volume": {"id": managed}})
    old, by_hand, new = (f"{name}-{which}" for which in ("a", "by-hand", "young"))
    for snapshot in (old, by_hand, new):
        own = [] if snapshot == by_hand else [{"Key": "groundplan", "Value": "db snapshot"}]
        inner.rds.create_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=snapshot, Tags=own)
    strange = ec2.create_volume(AvailabilityZone="us-east-1a", Size=8)["VolumeId"]
    group = f"/aws/rds/instance/{name}/upgrade"
    for each in (group, f"/other/{name}"):
        logs.create_log_group(logGroupName=each)
    return Littered(inner, old, new, by_hand, ours, strange, managed, group)


@pytest.mark.requirement("FD-COST-07")
def test_a_dry_run_lists_all_that_was_left_and_touches_nothing(stack: Littered) -> None:
    found = stack.found("--dry-run", "--older-than", "0s")

    assert {name: one["keep"] for name, one in found.items()} == {
        stack.old: "",
        stack.new: f"it is the newest of {stack.inner.name}",
        stack.by_hand: "somebody took it by other means, and may have had a reason",
        stack.ours: "",
        stack.managed: "it is in the state",
        stack.strange: "its tags do not name this stack",
        stack.logs: "",
        f"/other/{stack.inner.name}": "no resource of this stack writes it",
    }
    assert len(stack.inner.manual_snapshots()) == 3
    assert {stack.ours, stack.strange} <= stack.volumes()
    assert stack.retention(stack.logs) is None


@pytest.mark.requirement("FD-COST-07")
def test_what_is_the_stacks_goes_and_nothing_else(stack: Littered) -> None:
    answer = stack.cleanup("--older-than", "0s", "--log-days", "14")

    assert answer.code == 0, answer.said
    left = {one["DBSnapshotIdentifier"] for one in stack.inner.manual_snapshots()}
    assert left == {stack.new, stack.by_hand}
    assert {stack.strange, stack.managed} <= stack.volumes()
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
    assert "nobody is there to confirm 1 log group kept 30 days" in answer.err


def test_an_age_that_is_none_is_refused(stack: Littered) -> None:
    answer = stack.cleanup("--older-than", "a month")

    assert answer.code == 2
    assert "'a month' is no age\nhint: write 30d, 12h or 90m" in answer.err


def test_what_is_about_to_be_done_is_counted() -> None:
    going = [Leftover(kind, "x", "eu-west-1", "") for kind in (SNAPSHOT, VOLUME, SNAPSHOT, LOG_GROUP, LOG_GROUP)]

    assert in_words(going, 14) == "2 snapshots, 1 volume deleted; 2 log groups kept 14 days"


def test_a_final_snapshot_stays_when_it_is_old(applied: Applied, target: Target, name: str) -> None:
    inner = with_database(applied, target, name, attributes={"final_snapshot_identifier": f"{name}-final"})
    for which in ("final", "later"):
        own = [{"Key": "groundplan", "Value": "x"}]
        inner.rds.create_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=f"{name}-{which}", Tags=own)

    inner.run("cleanup", "--stack", STACK, "--older-than", "0s")

    left = {one["DBSnapshotIdentifier"] for one in inner.manual_snapshots()}
    assert left == {f"{name}-final", f"{name}-later"}


def test_a_log_group_of_the_other_region_is_cleaned_there(applied: Applied, target: Target, name: str) -> None:
    # GIVEN a function in either region, and a log group of the first's in the state
    functions = {f"aws_lambda_function.{which}": {"function_name": name} for which in ("first", "second")}
    group = {"aws_cloudwatch_log_group.logs": {"name": f"/aws/lambda/{name}"}}
    project = applied("rewind", {**functions, **group}, aliases={"aws_lambda_function.second": "failover"})
    second_region(project, "rewind", "failover")
    west = target.client("logs", "us-west-2")
    for client in (target.client("logs"), west):
        client.create_log_group(logGroupName=f"/aws/lambda/{name}")

    # WHEN it is cleaned up
    answer = run_here(project, "cleanup", "--stack", "rewind")

    # THEN the one that the state does not hold has an end
    assert answer.code == 0, answer.said
    kept = [
        client.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"][0].get("retentionInDays")
        for client in (target.client("logs"), west)
    ]
    assert kept == [None, 30]
