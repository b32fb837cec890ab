"""The three secrets: their names, what is in them, and that the plan does not show it."""

from __future__ import annotations

import re

import pytest

from tests.plan.doomscroll.conftest import SECRETS
from tests.support.databases import INSTANCE, credentials, primary, secret_content
from tests.support.planner import Planner
from tests.support.plans import Plan, Resource

SECRET, VERSION = "aws_secretsmanager_secret", "aws_secretsmanager_secret_version"


def secret(plan: Plan, name: str) -> Resource:
    return plan.one(SECRET, name=f"fckdoomscroll{plan.input('name_suffix') or ''}/{name}")


def version(plan: Plan, name: str) -> Resource:
    """The one version of a secret."""
    (found,) = [each for each in plan.all(VERSION) if plan.referred(each, "secret_id", SECRET) == secret(plan, name)]
    return found


def content(sources: str, name: str) -> dict[str, str]:
    return secret_content(sources, f"{name}_secret_version")


@pytest.mark.requirement("FD-SEC-M1", "FD-SEC-M2", "FD-SEC-M3")
def test_there_are_three_secrets_apart_in_each_environment(prod: Plan, dev: Plan, chosen: Plan) -> None:
    for plan, prefix in ((prod, "fckdoomscroll"), (dev, "fckdoomscroll-dev"), (chosen, "fckdoomscroll-test")):
        assert sorted(each["name"] for each in plan.all(SECRET)) == [
            f"{prefix}/cognito",
            f"{prefix}/database",
            f"{prefix}/jwt",
        ]
        assert len(plan.all(VERSION)) == 3


@pytest.mark.requirement("FD-SEC-M1", "FD-RDS-21")
def test_secret_of_the_database_says_how_to_connect(every: Plan, chosen: Plan, planner: Planner) -> None:
    fields = content(planner.sources("doomscroll"), "database")

    assert fields == {
        "username": "fckadmin",
        "password": "var.db_password",
        "host": "aws_db_instance.database.address",
        "port": "5432",
        "dbname": "fckdoomscroll",
    }
    for plan, number in ((every, 1), (chosen, 3)):
        database = primary(plan)
        assert (fields["username"], fields["dbname"]) == (database["username"], database["db_name"])
        assert int(fields["port"]) == database["port"]
        assert fields["host"] == f"{database.block}.address"
        assert plan.references(version(plan, "database"), "secret_string_wo") == {
            "var.db_password",
            f"{database.block}.address",
            database.block,
        }
        # Raised together with the database's own, so that both change with one apply.
        assert version(plan, "database")["secret_string_wo_version"] == number == database["password_wo_version"]


@pytest.mark.requirement("FD-SEC-M2")
def test_secret_of_cognito_says_who_the_application_is(every: Plan, chosen: Plan, planner: Planner) -> None:
    for plan in (every, chosen):
        (pool,), (client,) = plan.all("aws_cognito_user_pool"), plan.all("aws_cognito_user_pool_client")

        assert content(planner.sources("doomscroll"), "cognito") == {
            "user_pool_id": f"{pool.block}.id",
            "client_id": f"{client.block}.id",
            "client_secret": f"{client.block}.client_secret",
        }
        assert plan.references(version(plan, "cognito"), "secret_string_wo") == {
            f"{pool.block}.id",
            pool.block,
            f"{client.block}.id",
            f"{client.block}.client_secret",
            client.block,
        }
        assert client["generate_secret"] is True


@pytest.mark.requirement("FD-SEC-M3")
def test_secret_of_sessions_is_the_users_own(every: Plan, chosen: Plan, planner: Planner) -> None:
    sources = planner.sources("doomscroll")
    (declared,) = re.findall(r'^variable "session_secret" {\n(.*?)^}', sources, re.M | re.S)

    assert content(sources, "jwt") == {"session_secret": "var.session_secret"}
    assert re.search(r"^  ephemeral += true$", declared, re.M)
    assert re.search(r"^  sensitive += true$", declared, re.M)
    for plan, number in ((every, 1), (chosen, 4)):
        assert plan.references(version(plan, "jwt"), "secret_string_wo") == {"var.session_secret"}
        assert version(plan, "jwt")["secret_string_wo_version"] == number


@pytest.mark.requirement("FD-SEC-M1", "FD-SEC-M2", "FD-SEC-M3", "FD-SEC-03")
def test_no_plan_shows_what_is_in_them(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        for each in plan.all(VERSION):
            assert not {"secret_string", "secret_binary"} & plan.arguments(each)
            assert {each.values.get(name) for name in ("secret_string", "secret_string_wo")} == {None}
        assert credentials(plan) == []
        for given in SECRETS.values():
            assert plan.places_of(given) == frozenset()
        assert len(plan.all(INSTANCE)) >= 1


@pytest.mark.requirement("FD-SEC-M1")
def test_a_deleted_secret_can_be_had_back_unless_all_of_the_stack_may_go(prod: Plan, development: Plan) -> None:
    assert {each["recovery_window_in_days"] for each in prod.all(SECRET)} == {30}
    assert {each["recovery_window_in_days"] for each in development.all(SECRET)} == {0}
