"""`groundplan backup`: tables and databases are copied when somebody says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import Project
from tests.unit.operating.databases import with_database
from tooling.target import Target

Applied = Callable[..., Project]


@pytest.fixture
def table(target: Target, name: str) -> str:
    target.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
    )
    return name


@pytest.fixture
def project(applied: Applied, table: str) -> Project:
    return applied("kefir", {"aws_dynamodb_table.table": {"name": table}}, retain_data=True)


def _backups(target: Target, table: str) -> list[Any]:
    return list(target.client("dynamodb").list_backups(TableName=table)["BackupSummaries"])


@pytest.mark.requirement("KF-NX-09")
def test_a_table_is_copied_and_the_copy_listed(project: Project, target: Target, table: str) -> None:
    answer = run_here(project, "backup", "create", "--stack", "kefir", "--json")

    assert answer.code == 0, answer.said
    (copy,) = json.loads(answer.out)
    (found,) = _backups(target, table)
    assert (found["BackupArn"], found["BackupStatus"]) == (copy["id"], "AVAILABLE")
    listed = json.loads(run_here(project, "backup", "list", "--stack", "kefir", "--json").out)
    assert listed["copies"] == [copy]


@pytest.mark.requirement("KF-NX-09")
def test_a_copy_can_be_restored_from_as_the_runbook_says(project: Project, target: Target, table: str) -> None:
    client = target.client("dynamodb")
    client.put_item(TableName=table, Item={"PK": {"S": "kept"}})
    (copy,) = json.loads(run_here(project, "backup", "create", "--stack", "kefir", "--json").out)
    client.delete_item(TableName=table, Key={"PK": {"S": "kept"}})

    client.restore_table_from_backup(TargetTableName=f"{table}-back", BackupArn=copy["id"])

    assert client.scan(TableName=f"{table}-back")["Items"] == [{"PK": {"S": "kept"}}]


def test_the_list_warns_of_a_table_that_keeps_nothing_by_itself(project: Project, target: Target, table: str) -> None:
    before = run_here(project, "backup", "list", "--stack", "kefir")
    target.client("dynamodb").update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )

    after = run_here(project, "backup", "list", "--stack", "kefir")

    assert f"! {table}: nothing is kept by itself" in before.out
    assert f"✓ {table}: any moment of the last 35 days" in after.out


@pytest.mark.requirement("FD-DR-01")
def test_a_database_is_copied_as_a_snapshot(applied: Applied, target: Target, name: str) -> None:
    stack = with_database(applied, target, name)

    answer = stack.run("backup", "create", "--stack", "doomscroll", "--json")

    assert answer.code == 0, answer.said
    (copy,) = json.loads(answer.out)
    assert [one["DBSnapshotIdentifier"] for one in stack.manual_snapshots()] == [copy["name"]]
    assert f"✓ {name}: any moment of the last 7 days" in stack.run("backup", "list", "--stack", "doomscroll").out


def test_a_name_that_is_not_there_is_refused_and_nothing_is_copied(
    project: Project, target: Target, table: str
) -> None:
    answer = run_here(project, "backup", "create", "--stack", "kefir", "--only", "other")

    assert answer.code == 2
    assert f"there is no table or database 'other'\nhint: there are: {table}" in answer.err
    assert _backups(target, table) == []


def test_a_stack_without_data_says_so(applied: Applied) -> None:
    answer = run_here(applied("rewind"), "backup", "create", "--stack", "rewind")

    assert answer.code == 2
    assert "has no table and no database to copy" in answer.err
