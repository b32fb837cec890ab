"""Doomscroll with dev's values: made, read back, searched for its secrets, planned again, released, destroyed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.account import Account
from tests.emulator.stack import change, must, project_of
from tests.support.leftovers import files, holding, objects
from tests.support.project import Answer, Project, tiny_project, with_aws
from tooling.emulator.process import RunningEmulator

DEV = "111122223333"
PASSWORD = "planted-Password-0123456789+=&<>"
SESSION_SECRET = "planted-session-secret-0123456789-0123456789"
PLANTED = {"TF_VAR_db_password": PASSWORD, "TF_VAR_session_secret": SESSION_SECRET}
# What writes, and what shows what was written.
COMMANDS = (
    ("plan",),
    ("apply", "--yes"),
    ("verify",),
    ("output", "--json"),
    ("plan", "--exit-code"),
    ("gate", "--json"),
)
# What doomscroll must not do: the argument next to the write-only one.
LEAK = """\
variable "db_password" {
  type      = string
  sensitive = true
}

resource "aws_secretsmanager_secret" "leaking" {
  name                    = "leaking"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "leaking" {
  secret_id     = aws_secretsmanager_secret.leaking.id
  secret_string = var.db_password
}
"""
pytestmark = pytest.mark.xdist_group("doomscroll-dev-on-the-emulator")


@dataclass(frozen=True)
class Run:
    """A stack that was applied, and what every command said on the way."""

    project: Project
    answers: dict[tuple[str, ...], Answer]


@pytest.fixture(scope="module")
def account(emulator: RunningEmulator) -> Account:
    return Account(emulator, DEV)


@pytest.fixture(scope="module")
def unarmed(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> Project:
    """The project of a user who has not exported the secrets yet."""
    return project_of(tmp_path_factory.mktemp("project"), home, env="dev", stack="doomscroll")


@pytest.fixture(scope="module")
def applied(unarmed: Project) -> Run:
    """dev's values, applied with the planted secrets; the last plan finds nothing to change."""
    project = Project(unarmed.root, {**unarmed.environ, **PLANTED})
    return Run(project, {command: must(project.run(*command, seconds=900)) for command in COMMANDS})


@pytest.fixture(scope="module")
def outputs(applied: Run) -> dict[str, Any]:
    return dict(json.loads(applied.answers["output", "--json"].out)["doomscroll"])


@pytest.mark.requirement("FD-ECS-01", "FD-COST-05", "FD-RDS-03")
def test_dev_has_names_of_its_own_and_spare_capacity(outputs: dict[str, Any], account: Account) -> None:
    (service,) = account.client("ecs").describe_services(
        cluster="fckdoomscroll-dev", services=[outputs["service_name"]]
    )["services"]
    (database,) = account.pages("rds", "describe_db_instances", "DBInstances")

    assert outputs["cluster_name"] == "fckdoomscroll-dev"
    assert outputs["log_group"] == "/ecs/fckdoomscroll-dev"
    assert [entry["capacityProvider"] for entry in service["capacityProviderStrategy"]] == ["FARGATE_SPOT"]
    assert (service["desiredCount"], service["runningCount"]) == (2, 2)
    assert (database["DBInstanceIdentifier"], database["DBInstanceClass"]) == ("fckdoomscroll-db-dev", "db.t4g.micro")


def test_the_account_equals_the_state_and_a_new_plan_is_empty(applied: Run) -> None:
    assert "no changes" in applied.answers["plan", "--exit-code"].out
    found = re.search(r"(\d+) of (\d+) resources are there", applied.answers[("verify",)].out)
    assert found
    there, of_all = map(int, found.groups())
    assert there == of_all > 130


def content(account: Account, name: str) -> Any:
    return json.loads(account.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])


@pytest.mark.requirement("FD-RDS-21", "FD-RDS-22", "FD-SEC-M1", "FD-SEC-M2", "FD-SEC-M3")
def test_the_secrets_arrive_where_the_application_reads_them(outputs: dict[str, Any], account: Account) -> None:
    host, _, port = outputs["db_endpoint"].partition(":")

    assert content(account, "fckdoomscroll-dev/database") == {
        "username": "fckadmin",
        "password": PASSWORD,
        "host": host,
        "port": int(port),
        "dbname": "fckdoomscroll",
    }
    assert content(account, "fckdoomscroll-dev/jwt") == {"session_secret": SESSION_SECRET}
    users = content(account, "fckdoomscroll-dev/cognito")
    client = account.client("cognito-idp").describe_user_pool_client(
        UserPoolId=outputs["user_pool_id"], ClientId=outputs["user_pool_client_id"]
    )["UserPoolClient"]
    assert users == {
        "user_pool_id": outputs["user_pool_id"],
        "client_id": client["ClientId"],
        "client_secret": client["ClientSecret"],
    }


@pytest.mark.requirement("FD-RDS-22", "FD-SEC-03", "FD-SEC-M3")
@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_no_secret_is_in_a_plan_a_state_a_log_or_a_report(applied: Run, account: Account, planted: str) -> None:
    searched = [name for name, _ in files(applied.project.root)]
    stored = [name for name, _ in objects(account.client("s3"))]

    assert holding(planted, files(applied.project.root)) == []
    assert holding(planted, objects(account.client("s3"))) == []
    assert [command for command, answer in applied.answers.items() if planted in answer.said] == []
    # It was looked for where it would be.
    for ending in (
        "plan.tfplan!tfplan",
        "plan.json",
        "gate.json",
        "gate.sarif",
        "report.md",
        "/plan.log",
    ):
        assert any(name.endswith(ending) for name in searched), ending
    assert any(fnmatch(name, "*/run-*.jsonl") for name in searched), "no journal"
    assert any("/dev/doomscroll" in name and ".tfstate@" in name for name in stored), stored


@pytest.mark.requirement("FD-RDS-22")
def test_a_saved_plan_is_not_applied_without_the_secrets(unarmed: Project, applied: Run) -> None:
    """A saved plan does not hold them: whoever applies it has to have them as well."""
    must(applied.project.run("plan", seconds=300))

    answer = unarmed.run("apply", "--yes", seconds=300)

    assert answer.code != 0
    assert "db_password and session_secret have no value" in answer.err
    assert "export TF_VAR_db_password TF_VAR_session_secret, then apply again" in answer.err


@pytest.mark.requirement("FD-RDS-22")
def test_the_search_finds_a_secret_that_is_not_write_only(tmp_path: Path, home: Path, account: Account) -> None:
    """The same search over a stack that keeps its secret: Terraform's own files hold it, what we write does not."""
    tiny = tiny_project(tmp_path, home, "leaking-state")
    with_aws(tiny, "")
    tiny.write("envs/local/tiny/leak.tf", LEAK)
    settings = tiny.root / "envs/local/env.toml"
    settings.write_text(f'{settings.read_text()}\n[gate]\nfail_on = "CRITICAL"\n')
    project = Project(tiny.root, PLANTED)
    must(project.run("bootstrap", "--env", "local"))
    said = [must(project.run(*command, seconds=300)).said for command in (("plan",), ("apply", "--yes"))]
    of_state = Account(account.emulator, "123456789012").client("s3")

    found = holding(PASSWORD, files(project.root))
    assert [name for name in found if name.endswith("plan.tfplan!tfplan")]
    assert not [name for name in found if not name.rpartition("!")[0].endswith("plan.tfplan")]
    assert holding(PASSWORD, objects(of_state))
    assert not [text for text in said if PASSWORD in text]


@pytest.mark.requirement("FD-RDS-18")
def test_a_protected_database_outlives_a_destroy_and_a_released_one_does_not(applied: Run, account: Account) -> None:
    project = applied.project

    # WHEN the database is still protected, nothing goes
    before = account.holdings()
    refused = project.run("destroy", "--yes", seconds=900)

    assert refused.code == 4, refused.said
    assert "module.doomscroll.aws_db_instance.database" in refused.err
    assert "protected from deletion" in refused.err
    assert account.holdings() == before

    # AND when it is not any more, as the gate has to be told, everything does
    change(project.root / "envs/dev/doomscroll/terraform.tfvars", deletion_protection="false")
    waivers = project.root / "policies/waivers.yaml"
    waivers.write_text(waivers.read_text().replace("[local/doomscroll]", "[local/doomscroll, dev/doomscroll]"))
    must(project.run("plan", seconds=300))
    must(project.run("apply", "--yes", seconds=900))
    must(project.run("destroy", "--yes", seconds=900))

    assert set(account.holdings()) == {"buckets"}
    assert all(name.startswith("groundplan-") for name in account.holdings()["buckets"])
    must(project.run("synth", "--check", seconds=120))
