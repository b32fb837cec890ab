"""Why is the database not reached: way, secret, endpoint, and a real PostgreSQL that is asked over TLS."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.support.postgres import Postgres, can_run, postgres_running
from tests.support.running_service import RunningService
from tests.unit.doctor.conftest import Patient
from tooling.doctor.database import timed
from tooling.doctor.outside import Internet

CHECK = "database"
needs_postgres = pytest.mark.skipif(
    not can_run() or shutil.which("openssl") is None, reason="no PostgreSQL on this machine"
)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server that takes TLS, with a certificate of its own."""
    with postgres_running("app", "fckadmin") as running:
        data = running.log.parent / "data"
        pair = ["-keyout", str(data / "server.key"), "-out", str(data / "server.crt")]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x", *pair],
            check=True,
            capture_output=True,
        )
        for file in ("server.key", "server.crt"):
            shutil.chown(data / file, data.stat().st_uid)
            (data / file).chmod(0o600)
        settings = data / "postgresql.conf"
        settings.write_text(settings.read_text() + "\nssl = on\n")
        subprocess.run(["pg_ctl", "-D", str(data), "reload"], user=data.stat().st_uid, check=True, capture_output=True)
        deadline = time.monotonic() + 10
        while running.ask("show ssl").stdout.strip() != "on" and time.monotonic() < deadline:
            time.sleep(0.1)
        yield running


@pytest.mark.requirement("FD-TRB-05", "FD-TRB-06", "FD-TRB-07", "FD-TRB-08")
def test_a_sound_database_has_a_way_a_secret_and_an_endpoint(service: RunningService, patient: Patient) -> None:
    found = patient.asked(CHECK, service.resources)

    assert [one.name for one in found.values() if one.status in ("failed", "warned")] == []
    way = found[f"the tasks of {service.name} to {service.name}"]
    assert f"TCP 5432 may leave {service.name}-ecs" in way.saw
    secret = found[f"secret {service.secret_name}"]
    assert secret.saw == "has username, password, host, port, dbname; user fckadmin"
    place = service.connection()
    assert found[f"endpoint of {service.name}"].saw == f"{place['host']}:5432/app, as the secret says"
    # The emulator has nothing behind its addresses, which is no failure of the stack.
    assert found[f"connection to {service.name}"].status == "skipped"


@pytest.mark.requirement("FD-TRB-05")
def test_a_security_group_without_the_rule_is_named(service: RunningService, patient: Patient) -> None:
    service.shut("rds", "ingress")

    found = patient.asked(CHECK, service.resources)[f"the tasks of {service.name} to {service.name}"]

    assert found.status == "failed"
    assert f"no rule of {service.name}-rds ({service.ids['rds']}) lets TCP 5432 in from" in found.saw


@pytest.mark.requirement("FD-TRB-06")
@pytest.mark.parametrize("key", ["username", "password", "host", "port", "dbname"])
def test_a_key_that_the_secret_lacks_is_named_and_no_password_shown(
    service: RunningService, patient: Patient, key: str
) -> None:
    service.say(**{key: None})

    found = patient.asked(CHECK, service.resources)

    secret = found[f"secret {service.secret_name}"]
    assert (secret.status, secret.saw) == ("failed", f"lacks {key}")
    assert "a-secret-of-tests" not in repr(found)


@pytest.mark.requirement("FD-TRB-06")
def test_another_user_than_the_first_is_pointed_out(service: RunningService, patient: Patient) -> None:
    service.say(username="somebody")

    found = patient.asked(CHECK, service.resources)[f"secret {service.secret_name}"]

    assert (found.status, found.saw) == ("warned", "user somebody, the database's first user is fckadmin")


@pytest.mark.requirement("FD-TRB-07")
def test_a_secret_that_names_another_host_is_an_error(service: RunningService, patient: Patient) -> None:
    service.say(host="old.example.com")

    found = patient.asked(CHECK, service.resources)[f"endpoint of {service.name}"]

    assert found.status == "failed"
    assert found.saw.startswith("the secret says old.example.com:5432/app, the database is ")


@pytest.mark.requirement("FD-TRB-08")
def test_the_way_to_log_in_by_hand_is_told_without_the_password(service: RunningService, patient: Patient) -> None:
    host = service.connection()["host"]

    found = patient.asked(CHECK, service.resources)[f"psql to {service.name}"]

    assert found.status == "manual"
    assert f'psql "host={host} port=5432 dbname=app user=fckadmin sslmode=require"' in found.saw
    assert f"aws ecs execute-command --cluster {service.name}" in found.next
    assert "--enable-execute-command" in found.next


@needs_postgres
@pytest.mark.requirement("SM-TST-07")
def test_a_server_that_is_reached_is_asked_for_tls_and_timed(
    service: RunningService, patient: Patient, postgres: Postgres
) -> None:
    host = service.connection()["host"]
    service.say(password=postgres.password)
    outside = Internet({host: ("127.0.0.1", postgres.port)})

    found = patient.asked(CHECK, service.resources, outside=outside)

    assert found[f"database {service.name}"].saw.startswith("available, postgres 15")
    connection = found[f"connection to {service.name}"]
    assert connection.status == "ok"
    assert connection.saw.startswith("127.0.0.1: TCP 5432 in ")
    assert "TLSv1.3 in " in connection.saw
    query = found[f"query to {service.name}"]
    assert query.status in ("ok", "warned")
    assert query.saw.startswith("select 1 took ")


@pytest.mark.requirement("SM-TST-07")
@pytest.mark.parametrize(("milliseconds", "status"), [(100.0, "ok"), (100.1, "warned")])
def test_a_query_that_reads_nothing_and_takes_long_is_a_warning(milliseconds: float, status: str) -> None:
    found = timed("query", milliseconds, "--env local --stack shop", "aws_db_instance.database")

    assert (found.status, found.saw) == (status, f"select 1 took {milliseconds} ms")


@pytest.mark.requirement("SM-TST-07")
def test_a_database_that_is_stopped_is_an_error(service: RunningService, patient: Patient) -> None:
    service.client("rds").stop_db_instance(DBInstanceIdentifier=service.name)

    found = patient.asked(CHECK, service.resources)[f"database {service.name}"]

    assert (found.status, found.means) == ("failed", "it takes no connections")
    assert found.saw.startswith("stopped, postgres 15")


def test_a_database_that_is_gone_is_an_answer(service: RunningService, patient: Patient) -> None:
    service.client("rds").delete_db_instance(DBInstanceIdentifier=service.name, SkipFinalSnapshot=True)

    found = patient.asked(CHECK, service.resources)

    assert {one.status for one in found.values()} == {"failed"}
    assert found["database"].saw == f"the database {service.name} is not there any more"
    assert found["database"].next.startswith("groundplan db restore --help")


@needs_postgres
@pytest.mark.requirement("SM-TST-07")
def test_a_password_that_is_wrong_is_told_and_not_shown(
    service: RunningService, patient: Patient, postgres: Postgres
) -> None:
    host = service.connection()["host"]
    service.say(password="not-the-password")

    found = patient.asked(CHECK, service.resources, outside=Internet({host: ("127.0.0.1", postgres.port)}))

    connection = found[f"query to {service.name}"]
    assert connection.status == "failed"
    assert "password authentication failed" in connection.saw
    assert "not-the-password" not in repr(found)


@pytest.mark.requirement("SM-TST-07")
def test_a_private_database_that_is_not_reached_from_here_is_no_failure(
    service: RunningService, patient: Patient
) -> None:
    host = service.connection()["host"]

    found = patient.asked(CHECK, service.resources, outside=Internet({host: ("127.0.0.1", 1)}))

    connection = found[f"connection to {service.name}"]
    assert connection.status == "skipped"
    assert f"{host}:5432 takes no connection from here" in connection.saw
    assert "it is private, as it should be" in connection.saw
