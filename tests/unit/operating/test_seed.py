"""`groundplan seed`: the document's sample data, written once, and never where data is kept."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import REPOSITORY, Answer, Project
from tooling.environment.config import load_environment
from tooling.target import Target
from tooling.workspace import Workspace

Applied = Callable[..., Project]
SEED = "cdktf_app/architectures/kefir/seed.yaml"


@dataclass
class Kefir:
    """A stack of kefir: a table as the module has it, and a user pool."""

    project: Project
    target: Target
    table: str
    pool: str

    def seed(self, *args: str, **environ: str) -> Answer:
        return run_here(self.project, "seed", "--stack", "kefir", *args, environ=environ)

    def under(self, key: str, begin: str) -> list[dict[str, str]]:
        found = self.target.client("dynamodb").query(
            TableName=self.table,
            KeyConditionExpression="PK = :key AND begins_with(SK, :begin)",
            ExpressionAttributeValues={":key": {"S": key}, ":begin": {"S": begin}},
        )["Items"]
        return [{name: value["S"] for name, value in item.items()} for item in found]

    def items(self) -> list[Any]:
        found = self.target.client("dynamodb").scan(TableName=self.table)["Items"]
        return sorted(found, key=lambda item: (item["PK"]["S"], item["SK"]["S"]))


@pytest.fixture
def kefir(applied: Applied, target: Target, name: str) -> Kefir:
    table, pool = make_table(target, name), make_pool(target, name)
    project = applied("kefir", outputs={"table_name": table, "user_pool_id": pool})
    return with_seed(Kefir(project, target, table, pool))


def with_seed(kefir: Kefir) -> Kefir:
    file = kefir.project.root / SEED
    file.parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / SEED, file)
    return kefir


def make_table(target: Target, name: str, **settings: Any) -> str:
    keys = ("PK", "SK", "GSI1PK", "GSI1SK")
    target.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        KeySchema=_key("PK", "SK"),
        GlobalSecondaryIndexes=[
            {"IndexName": "GSI1", "KeySchema": _key("GSI1PK", "GSI1SK"), "Projection": {"ProjectionType": "ALL"}}
        ],
        **settings,
    )
    return name


def _key(first: str, second: str) -> list[dict[str, str]]:
    return [{"AttributeName": first, "KeyType": "HASH"}, {"AttributeName": second, "KeyType": "RANGE"}]


def make_pool(target: Target, name: str) -> str:
    made = target.client("cognito-idp").create_user_pool(PoolName=name, UsernameAttributes=["email"])
    return str(made["UserPool"]["Id"])


@pytest.mark.requirement("KF-SEED-01", "KF-SEED-02", "KF-SEED-03", "KF-SEED-04", "KF-SEED-05")
def test_the_documents_data_is_in_the_table_and_its_user_in_the_pool(kefir: Kefir) -> None:
    answer = kefir.seed("--json")

    assert answer.code == 0, answer.said
    (profile,) = kefir.under("USER#test123", "PROFILE")
    assert (profile["userId"], profile["email"]) == ("test123", "test@example.com")
    user = kefir.target.client("cognito-idp").admin_get_user(UserPoolId=kefir.pool, Username="test@example.com")
    assert {"Name": "email", "Value": "test@example.com"} in user["UserAttributes"]
    batches = kefir.under("USER#test123", "BATCH#")
    assert sorted(batch["status"] for batch in batches) == ["active", "in_fridge"]
    assert [len(kefir.under(f"BATCH#{batch['batchId']}", "EVENT#")) for batch in batches] == [2, 2]
    written = len(kefir.items())
    assert json.loads(answer.out) | {"places": {}} == {"places": {}, "items": written, "users": 1, "kept": 0}


@pytest.mark.requirement("KF-SEED-05")
def test_one_reminder_is_due_through_the_index_and_one_is_not_yet(kefir: Kefir) -> None:
    kefir.seed()

    def pending(until: str) -> list[str]:
        # As functions/kefir/reminderProcessor asks.
        found = kefir.target.client("dynamodb").query(
            TableName=kefir.table,
            IndexName="GSI1",
            KeyConditionExpression="GSI1PK = :pending AND GSI1SK <= :now",
            ExpressionAttributeValues={":pending": {"S": "REMINDER#PENDING"}, ":now": {"S": until}},
        )["Items"]
        return [item["SK"]["S"] for item in found]

    assert pending(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}.999Z") == ["REMINDER#reminder-due"]
    assert pending("9999") == ["REMINDER#reminder-due", "REMINDER#reminder-later"]


@pytest.mark.requirement("KF-SEED-06")
def test_a_second_time_changes_nothing_and_keeps_what_was_changed_since(kefir: Kefir) -> None:
    # GIVEN seeded data, of which one batch was worked on
    kefir.seed()
    kefir.target.client("dynamodb").update_item(
        TableName=kefir.table,
        Key={"PK": {"S": "USER#test123"}, "SK": {"S": "BATCH#batch-active"}},
        UpdateExpression="SET #name = :name",
        ExpressionAttributeNames={"#name": "name"},
        ExpressionAttributeValues={":name": {"S": "mine"}},
    )
    before = kefir.items()

    # WHEN it is seeded again
    again = json.loads(kefir.seed("--json").out)

    # THEN all is as it was
    assert kefir.items() == before
    assert (again["items"], again["users"], again["kept"]) == (0, 0, len(before) + 1)


@pytest.mark.requirement("KF-SEED-06")
def test_the_shell_may_name_table_pool_and_region(kefir: Kefir) -> None:
    west = kefir.target.client("dynamodb", "us-west-2")
    west.create_table(
        TableName=kefir.table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("PK", "SK")],
        KeySchema=_key("PK", "SK"),
    )
    pool = kefir.target.client("cognito-idp", "us-west-2").create_user_pool(PoolName=kefir.table)["UserPool"]["Id"]

    answer = kefir.seed("--json", TABLE_NAME=kefir.table, USER_POOL_ID=pool, AWS_REGION="us-west-2")

    assert answer.code == 0, answer.said
    assert json.loads(answer.out)["places"] == {"table": kefir.table, "user_pool": pool, "region": "us-west-2"}
    assert west.scan(TableName=kefir.table)["Count"] > 0
    assert kefir.items() == []


@pytest.mark.requirement("KF-SEED-01")
def test_a_stack_that_keeps_its_data_is_refused(applied: Applied, target: Target, name: str) -> None:
    table, pool = make_table(target, name), make_pool(target, name)
    outputs = {"table_name": table, "user_pool_id": pool}
    kefir = with_seed(Kefir(applied("kefir", outputs=outputs, retain_data=True), target, table, pool))

    answer = kefir.seed("--yes", TABLE_NAME=table, USER_POOL_ID=pool)

    assert answer.code == 1
    assert "sample data is not written where data is kept" in answer.err
    assert kefir.items() == []


def test_a_protected_table_is_refused_whatever_the_shell_says(kefir: Kefir) -> None:
    protected = make_table(kefir.target, f"{kefir.table}-prod", DeletionProtectionEnabled=True)

    answer = kefir.seed(TABLE_NAME=protected)

    assert answer.code == 1
    assert f"the table {protected} is protected against deletion" in answer.err
    assert kefir.target.client("dynamodb").scan(TableName=protected)["Count"] == 0


def test_an_architecture_without_sample_data_says_so(applied: Applied) -> None:
    answer = run_here(applied("rewind"), "seed", "--stack", "rewind")

    assert answer.code == 2
    assert "rewind has no sample data" in answer.err


def test_an_item_without_a_key_of_the_table_is_named_before_anything_is_written(kefir: Kefir) -> None:
    file = kefir.project.root / SEED
    file.write_text(file.read_text() + "\n  - {PK: only}\n")

    answer = kefir.seed()

    assert answer.code == 2
    assert f"{SEED}: items.9 has no SK, a key of the table" in answer.err
    assert kefir.items() == []


@pytest.mark.parametrize(
    ("text", "says"), [("", "table: Field required"), ("- 1", "the file: "), ("{", "it is no YAML")]
)
def test_a_file_that_is_no_sample_data_is_refused(kefir: Kefir, text: str, says: str) -> None:
    (kefir.project.root / SEED).write_text(text)

    answer = kefir.seed()

    assert answer.code == 2
    assert f"{SEED}: {says}" in answer.err


@pytest.mark.requirement("KF-SEED-01")
@pytest.mark.parametrize(("env", "kept"), [("dev", False), ("prod", True)])
def test_the_committed_environments_say_where_data_is_kept(env: str, kept: bool) -> None:
    assert load_environment(Workspace(REPOSITORY), env).stacks["kefir"].retain_data is kept


def test_an_unknown_entry_of_the_file_is_named(kefir: Kefir) -> None:
    file = kefir.project.root / SEED
    file.write_text(file.read_text() + "\nitmes: []\n")

    answer = kefir.seed()

    assert answer.code == 2
    assert f"{SEED}: itmes: Extra inputs are not permitted" in answer.err


def test_it_asks_where_the_environment_says_so(applied: Applied, target: Target, name: str) -> None:
    table, pool = make_table(target, name), make_pool(target, name)
    project = applied("kefir", outputs={"table_name": table, "user_pool_id": pool}, confirm=True)
    kefir = with_seed(Kefir(project, target, table, pool))

    # In a process of its own, which has no terminal.
    answer = project.run("seed", "--stack", "kefir")

    assert answer.code == 2
    assert f"nobody is there to confirm 9 sample items into {table}, 1 user into {pool}" in answer.err
    assert kefir.items() == []
