"""`groundplan db`: snapshots, restores beside what is there, the test of the backups, checks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.project import Project
from tests.unit.operating.databases import STACK, WithDatabase, with_database
from tooling.databases.checking import check_database
from tooling.databases.model import Database, find_database
from tooling.databases.restore_testing import compare
from tooling.databases.restoring import Window, check_moment, restorable, window_of
from tooling.errors import Exit, ToolError
from tooling.live import live_stack
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


def test_a_snapshot_is_asked_for_where_the_environment_says_so(applied: Applied, target: Target, name: str) -> None:
    stack = with_database(applied, target, name, confirm=True)

    answer = stack.project.run("db", "snapshot", "--stack", STACK)

    assert answer.code == 2
    assert f"nobody is there to confirm a snapshot of {name}" in answer.err
    assert stack.manual_snapshots() == []


@pytest.mark.requirement("FD-DR-02")
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
    assert {one["Key"]: one["Value"] for one in new["TagList"]} == {
        "Architecture": STACK,
        "groundplan": f"restored from {stack.name}",
    }


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


def test_a_snapshot_that_is_none_of_the_database_is_refused(stack: WithDatabase) -> None:
    taken = json.loads(stack.db("snapshot", "--json").out)["name"]

    answer = stack.db("restore", "--snapshot", "of-another")

    assert answer.code == 2
    assert f"there is no snapshot 'of-another' of {stack.name}\nhint: there are: " in answer.err
    assert taken in answer.err
    assert stack.instances() == [stack.name]


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
    _beside(stack, Tags=[{"Key": "groundplan", "Value": f"restored from {stack.name}"}])

    answer = stack.db("restore-test")

    assert answer.code == 0, answer.said
    assert stack.instances() == [stack.name]


def _beside(stack: WithDatabase, **settings: Any) -> None:
    stack.rds.create_db_instance(
        DBInstanceIdentifier=f"{stack.name}-restore-test",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        **settings,
    )


def test_somebodys_instance_of_the_tests_name_is_not_deleted(stack: WithDatabase) -> None:
    _beside(stack, Tags=[{"Key": "groundplan", "Value": "restored from another"}])

    answer = stack.db("restore-test")

    assert answer.code == 1
    assert f"the instance {stack.name}-restore-test is there, and no restore test made it" in answer.err
    assert stack.instances() == [stack.name, f"{stack.name}-restore-test"]


@pytest.mark.requirement("FD-DR-03")
def test_a_restored_database_that_is_not_its_source_fails_the_test(stack: WithDatabase) -> None:
    source = Database("module.x", stack.name, "us-east-1", stack.told())
    less = {**stack.told(), "StorageEncrypted": False, "AllocatedStorage": 19, "PubliclyAccessible": True}

    findings = compare(source, less)

    assert [one.name for one in findings if one.bad] == ["encryption", "open to the internet", "storage"]


def test_the_backups_of_an_earlier_instance_of_the_name_do_not_count(stack: WithDatabase) -> None:
    session = open_session(Workspace(stack.project.root), "local", [STACK])
    live = live_stack(session, session.stack)
    database = find_database(live)
    own = restorable(live, database)
    earlier = own.first - timedelta(days=5)
    backups = [
        {"Status": "active", "RestoreWindow": {"EarliestTime": own.first, "LatestTime": own.last}},
        {"Status": "retained", "RestoreWindow": {"EarliestTime": earlier, "LatestTime": earlier}},
    ]

    assert window_of(backups, "us-east-1") == own


@pytest.mark.parametrize(
    ("status", "means"),
    [
        ("available", "ok"),
        ("backing-up", "warned"),
        ("storage-optimization", "warned"),
        ("rebooting", "failed"),
        ("storage-full", "failed"),
    ],
)
def test_a_database_answers_while_rds_backs_it_up_or_changes_it(stack: WithDatabase, status: str, means: str) -> None:
    session = open_session(Workspace(stack.project.root), "local", [STACK])
    database = Database("module.x", stack.name, "us-east-1", {**stack.told(), "DBInstanceStatus": status})

    first = next(check_database(live_stack(session, session.stack), database, host="", port=0, sslmode="require"))

    assert (first.name, first.status) == ("status", means)


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
