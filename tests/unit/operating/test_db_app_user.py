"""`groundplan db create-app-user`, against a PostgreSQL that really runs, whose owner is no superuser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.support.postgres import Postgres, can_run, postgres_running
from tests.support.project import Answer, Project
from tests.unit.operating.databases import STACK, WithDatabase, with_database
from tooling.databases.app_user import scram_verifier
from tooling.target import Target

Applied = Callable[..., Project]
pytestmark = pytest.mark.skipif(not can_run(), reason="no PostgreSQL on this machine, or nobody to run it as")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres_running("fckdoomscroll", "fckadmin") as running:
        running.ask("CREATE TABLE posts (id serial PRIMARY KEY, body text)")
        yield running


@dataclass
class Stack:
    """A stack whose secret has the real server's password, and a way there as through a tunnel."""

    inner: WithDatabase
    server: Postgres

    @property
    def secret(self) -> str:
        return f"{self.inner.name}/database"

    def make(self, *args: str) -> Answer:
        way = ("--host", "127.0.0.1", "--port", str(self.server.port), "--sslmode", "disable")
        return self.inner.run("db", "create-app-user", "--stack", STACK, *way, *args)

    def password(self, user: str = "app") -> str:
        client = self.inner.target.client("secretsmanager")
        content = json.loads(client.get_secret_value(SecretId=f"{self.secret}-{user}")["SecretString"])
        assert content["username"] == user
        return str(content["password"])

    def as_user(self, sql: str, user: str = "app") -> tuple[int, str]:
        done = self.server.ask(sql, user=user, password=self.password(user))
        return done.returncode, done.stdout.strip() or done.stderr.strip()


@pytest.fixture
def stack(applied: Applied, target: Target, name: str, server: Postgres) -> Stack:
    inner = with_database(applied, target, name)
    client = target.client("secretsmanager")
    content = json.loads(client.get_secret_value(SecretId=f"{name}/database")["SecretString"])
    content["password"] = server.password
    client.put_secret_value(SecretId=f"{name}/database", SecretString=json.dumps(content))
    return Stack(inner, server)


@pytest.mark.requirement("FD-SEC-02")
def test_the_user_reads_and_writes_rows(stack: Stack) -> None:
    answer = stack.make("--user", "reader", "--json")

    assert answer.code == 0, answer.said
    assert json.loads(answer.out) == {
        "user": "reader",
        "database": "fckdoomscroll",
        "secret": f"{stack.secret}-reader",
        "made": True,
    }
    for sql in (
        "INSERT INTO posts (body) VALUES ('first')",
        "UPDATE posts SET body = 'changed'",
        "SELECT count(*) FROM posts",
        "DELETE FROM posts",
    ):
        assert stack.as_user(sql, "reader")[0] == 0, sql


@pytest.mark.requirement("FD-SEC-02")
@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE posts ADD COLUMN more text",
        "DROP TABLE posts",
        "TRUNCATE posts",
        "CREATE INDEX ON posts (body)",
        "CREATE ROLE another",
        "CREATE DATABASE another",
        "CREATE SCHEMA another",
        "GRANT SELECT ON posts TO PUBLIC",
        "ALTER ROLE app CREATEROLE",
    ],
)
def test_the_user_can_do_nothing_else(stack: Stack, sql: str) -> None:
    made = stack.make("--rotate")
    assert made.code == 0, made.said

    code, said = stack.as_user(sql)

    # GRANT of what one may not grant is a warning in PostgreSQL, and grants nothing.
    count = (
        "SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC' AND table_name = 'posts'"
    )
    assert code != 0 or "no privileges were granted" in said, said
    assert stack.server.ask(count).stdout.strip() == "0"


@pytest.mark.requirement("FD-SEC-02")
def test_tables_made_later_are_its_own_to_read_and_write_too(stack: Stack) -> None:
    stack.make("--user", "later")
    made = stack.server.ask("CREATE TABLE IF NOT EXISTS later_on (id serial, body text)")
    assert made.returncode == 0, made.stderr

    assert stack.as_user("INSERT INTO later_on (body) VALUES ('x')", "later")[0] == 0


@pytest.mark.requirement("FD-SEC-02")
def test_the_password_is_long_and_shown_nowhere_not_even_in_the_servers_log(stack: Stack) -> None:
    answer = stack.make("--user", "silent")

    password = stack.password("silent")
    assert len(password) >= 20
    assert password not in answer.said
    assert stack.server.password not in answer.said
    log = stack.server.log.read_text()
    assert "ALTER ROLE" in log
    assert password not in log


def test_again_keeps_the_password_and_rotate_gives_another(stack: Stack) -> None:
    stack.make("--user", "twice")
    first = stack.password("twice")

    again = json.loads(stack.make("--user", "twice", "--json").out)
    kept = stack.password("twice")
    stack.make("--user", "twice", "--rotate")

    assert (again["made"], kept) == (False, first)
    assert stack.password("twice") != first
    assert stack.as_user("SELECT 1", "twice") == (0, "1")


@pytest.mark.requirement("FD-SEC-02")
def test_what_it_was_granted_before_is_taken_back(stack: Stack) -> None:
    stack.make("--user", "heir")
    stack.server.ask("GRANT ALL ON posts TO heir")
    before = stack.as_user("TRUNCATE posts", "heir")

    stack.make("--user", "heir")

    assert before[0] == 0, before
    assert "permission denied" in stack.as_user("TRUNCATE posts", "heir")[1]


@pytest.mark.parametrize("content", ["no json", "[]", '{"username": "x"}'])
def test_a_secret_of_its_name_that_is_somebody_elses_stays(stack: Stack, content: str) -> None:
    client = stack.inner.target.client("secretsmanager")
    client.create_secret(Name=f"{stack.secret}-taken", SecretString=content)

    answer = stack.make("--user", "taken", "--rotate")

    assert answer.code == 1
    assert f"the secret {stack.secret}-taken is there, and says nothing of a password" in answer.err
    assert client.get_secret_value(SecretId=f"{stack.secret}-taken")["SecretString"] == content
    assert stack.server.ask("SELECT count(*) FROM pg_roles WHERE rolname = 'taken'").stdout.strip() == "0"


def test_a_schema_that_is_none_is_called_a_schema(stack: Stack) -> None:
    answer = stack.make("--schema", "pg_catalog")

    assert answer.code == 2
    assert "'pg_catalog' is no name for a schema of an application" in answer.err


def test_a_role_with_more_rights_is_refused_and_keeps_its_password(stack: Stack) -> None:
    stack.server.ask("CREATE ROLE strong LOGIN CREATEDB PASSWORD 'my own words'")

    answer = stack.make("--user", "strong")

    assert answer.code == 1
    assert "the role strong has more rights than an application needs" in answer.err
    assert stack.server.ask("SELECT 1", user="strong", password="my own words").returncode == 0


@pytest.mark.parametrize("user", ["fckadmin", "pg_monitor", "rdsadmin", "App", "a b", 'x"; DROP TABLE posts; --', "1a"])
def test_a_name_that_is_none_is_refused(stack: Stack, user: str) -> None:
    answer = stack.make("--user", user)

    assert answer.code == 2
    assert f"'{user}' is no name for the application's user" in answer.err


def test_the_sql_is_shown_and_nothing_is_done(stack: Stack) -> None:
    answer = stack.make("--user", "shown", "--dry-run")

    assert answer.code == 0
    assert 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "public" TO "shown";' in answer.out
    assert "PASSWORD 'SCRAM-SHA-256$...'" in answer.out
    assert json.loads(stack.make("--user", "shown", "--dry-run", "--json").out) == {"sql": answer.out}
    assert stack.server.ask("SELECT count(*) FROM pg_roles WHERE rolname = 'shown'").stdout.strip() == "0"


def test_a_wrong_password_of_the_owner_is_told_without_it(stack: Stack) -> None:
    client = stack.inner.target.client("secretsmanager")
    content = json.loads(client.get_secret_value(SecretId=stack.secret)["SecretString"])
    client.put_secret_value(SecretId=stack.secret, SecretString=json.dumps({**content, "password": "not-this-one"}))

    answer = stack.make("--user", "nobody")

    assert answer.code == 1
    assert 'password authentication failed for user "fckadmin"' in answer.err
    assert "not-this-one" not in answer.said


def test_the_check_gets_in_by_the_secret(stack: Stack) -> None:
    way = ("--host", "127.0.0.1", "--port", str(stack.server.port), "--sslmode", "disable")

    answer = stack.inner.db("check", *way)

    assert answer.code == 0, answer.said
    assert "✓ sign-in: fckadmin gets in; PostgreSQL " in answer.out


def test_the_verifier_is_as_postgresql_makes_it(server: Postgres) -> None:
    server.ask("CREATE ROLE compared LOGIN PASSWORD 'pencil'")

    server.ask(f"ALTER ROLE compared PASSWORD '{scram_verifier('pencil', bytes(16))}'")

    assert server.ask("SELECT 1", user="compared", password="pencil").stdout.strip() == "1"
    assert server.ask("SELECT 1", user="compared", password="pencils").returncode != 0
