"""`groundplan db`: snapshots, restores beside what is there, the test of the backups, checks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.project import Project
from tests.unit.operating.databases import STACK, WithDatabase, with_database
from tooling.databases.restoring import Window, check_moment
from tooling.databases.snapshots import snapshot_stacks
from tooling.errors import Exit, ToolError
from tooling.session import open_session
from tooling.target import Target
from tooling.workspace import Workspace

Applied = Callable[..., Project]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def stack(applied: Applied, target: Target, name: str) -> WithDatabase:
    return with_database(applied, target, name)


@pytest.mark.requirement("FD-DR-01")
def test_a_snapshot_is_taken_and_listed(stack: WithDatabase) -> None:
    answer = stack.db("snapshot", "--json")

    assert answer.code == 0, answer.said
    taken = json.loads(answer.out)
    (found,) = stack.manual_snapshots()
    assert (found["DBSnapshotIdentifier"], found["Status"]) == (taken["name"], "available")
    assert found["DBInstanceIdentifier"] == stack.name
    listed = json.loads(stack.db("snapshots", "--json").out)
    assert [one["name"] for one in listed["snapshots"] if one["kind"] == "manual"] == [taken["name"]]


@pytest.mark.requirement("FD-DR-01")
def test_two_snapshots_of_one_second_have_names_of_their_own(stack: WithDatabase) -> None:
    names = {json.loads(stack.db("snapshot", "--json").out)["name"] for _ in range(2)}

    assert {one["DBSnapshotIdentifier"] for one in stack.manual_snapshots()} == names
    assert len(names) == 2


@pytest.mark.requirement("FD-DR-01")
def test_before_an_apply_every_database_that_is_there_is_copied_and_the_reason_kept(stack: WithDatabase) -> None:
    session = open_session(Workspace(stack.project.root), "local", [STACK])

    taken = snapshot_stacks(session, "before 20261121T100000Z-abcdef")

    (found,) = stack.manual_snapshots()
    assert [one.name for one in taken] == [found["DBSnapshotIdentifier"]]
    assert {"Key": "groundplan", "Value": "before 20261121T100000Z-abcdef"} in found["TagList"]


def test_a_stack_without_a_database_has_nothing_to_copy_before_an_apply(applied: Applied) -> None:
    project = applied(STACK)
    session = open_session(Workspace(project.root), "local", [STACK])

    assert snapshot_stacks(session, "before it") == ()


def test_a_snapshot_is_asked_for_where_the_environment_says_so(applied: Applied, target: Target, name: str) -> None:
    stack = with_database(applied, target, name, confirm=True)

    answer = stack.project.run("db", "snapshot", "--stack", STACK)

    assert answer.code == 2
    assert f"nobody is there to confirm a snapshot of {name}" in answer.err
    assert stack.manual_snapshots() == []


@pytest.mark.requirement("FD-DR-02", "SM-FR2-02")
def test_a_restore_is_a_new_private_instance_with_the_networks_of_the_old_one(stack: WithDatabase) -> None:
    before = stack.told()

    answer = stack.db("restore", "--to", "latest", "--as", f"{stack.name}-back", "--json")

    assert answer.code == 0, answer.said
    assert stack.told() | {"LatestRestorableTime": 0} == before | {"LatestRestorableTime": 0}
    new = stack.told(f"{stack.name}-back")
    assert json.loads(answer.out)["host"] == new["Endpoint"]["Address"]
    assert (new["PubliclyAccessible"], new["DeletionProtection"], new["StorageEncrypted"]) == (False, True, True)
    assert [one["DBParameterGroupName"] for one in new["DBParameterGroups"]] == [f"{stack.name}-parameters"]
    assert new["DBName"] == "fckdoomscroll"


@pytest.mark.requirement("FD-DR-02")
def test_a_moment_older_than_the_backups_is_refused_and_nothing_is_made(stack: WithDatabase) -> None:
    answer = stack.db("restore", "--to", "8d ago")

    assert answer.code == 2
    assert "is older than what is kept: from" in answer.err
    assert "backups are kept for 7 days" in answer.err
    assert stack.instances() == [stack.name]


WEEK = Window(NOW - timedelta(days=7), NOW - timedelta(minutes=5))


@pytest.mark.requirement("FD-DR-02")
@pytest.mark.parametrize("hours", [24 * 7, 24 * 6.9, 1, 5 / 60])
def test_any_moment_of_the_last_seven_days_is_taken(hours: float) -> None:
    check_moment(WEEK, NOW - timedelta(hours=hours), "prod/doomscroll", 7)


@pytest.mark.requirement("FD-DR-02")
@pytest.mark.parametrize(("hours", "says"), [(24 * 7.01, "is older than"), (0.0, "is after the last"), (-1.0, "after")])
def test_a_moment_outside_of_the_last_seven_days_is_refused(hours: float, says: str) -> None:
    with pytest.raises(ToolError, match=says) as caught:
        check_moment(WEEK, NOW - timedelta(hours=hours), "prod/doomscroll", 7)

    assert caught.value.exit_code == Exit.USAGE


def test_a_snapshot_is_restored_under_a_name_that_says_so(stack: WithDatabase) -> None:
    taken = json.loads(stack.db("snapshot", "--json").out)["name"]

    answer = stack.db("restore", "--snapshot", taken, "--json")

    assert answer.code == 0, answer.said
    new = json.loads(answer.out)["identifier"]
    assert new.startswith(f"{stack.name}-at-")
    assert stack.instances() == sorted([stack.name, new])


def test_a_name_that_is_taken_is_refused(stack: WithDatabase) -> None:
    answer = stack.db("restore", "--to", "latest", "--as", stack.name)

    assert answer.code == 1
    assert "DBInstanceAlreadyExists" in answer.err


@pytest.mark.parametrize("args", [(), ("--to", "latest", "--snapshot", "x")])
def test_a_moment_or_a_snapshot_has_to_be_given(stack: WithDatabase, args: tuple[str, ...]) -> None:
    answer = stack.db("restore", *args)

    assert (answer.code, answer.err.splitlines()[0]) == (2, "error: give either --to or --snapshot")


def test_a_database_without_backups_says_so(applied: Applied, target: Target, name: str) -> None:
    stack = with_database(applied, target, name, BackupRetentionPeriod=0)

    answer = stack.db("restore", "--to", "latest")

    assert answer.code == 1
    assert f"{name} has no backups yet that could be restored" in answer.err


@pytest.mark.requirement("FD-DR-03")
def test_the_restore_test_restores_looks_and_deletes(stack: WithDatabase) -> None:
    answer = stack.db("restore-test", "--json")

    assert answer.code == 0, answer.said
    result = json.loads(answer.out)
    assert {one["name"]: one["saw"] for one in result["findings"]} == {
        "status": "available",
        "engine": "postgres",
        "database in it": "fckdoomscroll",
        "owner": "fckadmin",
        "encryption": "True",
        "open to the internet": "False",
        "storage": "20 GiB",
    }
    assert stack.instances() == [stack.name]
    assert stack.told()["DBInstanceStatus"] == "available"


@pytest.mark.requirement("FD-DR-03")
def test_what_a_killed_restore_test_left_is_deleted_by_the_next(stack: WithDatabase) -> None:
    stack.rds.create_db_instance(
        DBInstanceIdentifier=f"{stack.name}-restore-test",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
    )

    answer = stack.db("restore-test")

    assert answer.code == 0, answer.said
    assert stack.instances() == [stack.name]


def test_the_check_says_what_it_saw(stack: WithDatabase) -> None:
    answer = stack.db("check")

    assert answer.code == 0, answer.said
    assert f"✓ status: {stack.name} is available, postgres 16.11" in answer.out
    assert "✓ encrypted connections: rds.force_ssl = 1" in answer.out
    assert f"✓ secret: {stack.name}/database names fckadmin at {stack.name}." in answer.out
    assert "· connection: " in answer.out
    assert "correct horse" not in answer.said


def test_a_secret_that_names_another_host_is_a_failure(stack: WithDatabase) -> None:
    old = {"username": "fckadmin", "password": "hidden-word", "host": "old.example", "port": 5432, "dbname": "x"}
    secrets = stack.target.client("secretsmanager")
    secrets.put_secret_value(SecretId=f"{stack.name}/database", SecretString=json.dumps(old))

    answer = stack.db("check")

    assert answer.code == 1
    assert f"✗ secret: {stack.name}/database names fckadmin at old.example:5432; the database is" in answer.out
    assert "the database is not as it should be: secret" in answer.err
    assert "hidden-word" not in answer.said


def test_a_tunnel_that_is_not_open_is_a_failure(stack: WithDatabase) -> None:
    answer = stack.db("check", "--host", "127.0.0.1", "--port", "9")

    assert answer.code == 1
    assert "✗ connection: 127.0.0.1:9: " in answer.out
    assert "next: is the tunnel open?" in answer.out


def test_a_stack_without_a_database_says_so(applied: Applied) -> None:
    stack = applied("kefir")

    answer = stack.run("db", "check", "--stack", "kefir")

    assert answer.code == 2
    assert "0 databases, one is expected" in answer.err


def test_a_replica_is_no_database_of_its_own(stack: WithDatabase) -> None:
    answer = stack.db("snapshot", "--database", f"{stack.name}-replica")

    assert answer.code == 2
    assert f"hint: there are: {stack.name}\n" in answer.err
