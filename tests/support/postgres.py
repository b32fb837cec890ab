"""A PostgreSQL of a test's own on loopback, where the machine has one: an owner who is no superuser, as on RDS."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SETTINGS = {"fsync": "off", "full_page_writes": "off", "log_statement": "ddl", "shared_buffers": "16MB"}


@dataclass(frozen=True)
class Postgres:
    """A server that runs.

    Attributes:
        port: On 127.0.0.1.
        owner, password: Who owns the database.
        database: Its name.
        log: What it logged.
    """

    port: int
    owner: str
    password: str
    database: str
    log: Path

    def ask(self, sql: str, *, user: str = "", password: str = "") -> subprocess.CompletedProcess[str]:
        """What psql answers, as the owner unless another is named."""
        place = ["-h", "127.0.0.1", "-p", str(self.port), "-U", user or self.owner, "-d", self.database]
        environ = {**os.environ, "PGPASSWORD": password or self.password}
        options = ["-X", "-q", "-A", "-t", "-w", "-v", "ON_ERROR_STOP=1", "-c", sql]
        return subprocess.run(
            ["psql", *options, *place], env=environ, capture_output=True, text=True, timeout=30, check=False
        )


def can_run() -> bool:
    """Whether the programs are there, and somebody whom PostgreSQL lets start it."""
    return all(shutil.which(name) for name in ("initdb", "postgres", "pg_ctl", "psql")) and _who() is not None


@contextmanager
def postgres_running(database: str, owner: str) -> Iterator[Postgres]:
    """Start one from nothing and end it afterwards."""
    who = _who()
    assert who is not None
    home = Path(tempfile.mkdtemp(prefix="groundplan-postgres-"))
    os.chown(home, who, -1)
    password, port, log = secrets.token_urlsafe(18), _free_port(), home / "log"
    secret = home / "password"
    secret.write_text(password)
    os.chown(secret, who, -1)

    def run(*command: str) -> None:
        subprocess.run(command, user=who, cwd=home, capture_output=True, check=True, timeout=60)

    data = str(home / "data")
    options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    try:
        run("initdb", "-D", data, "-U", "root", "-A", "scram-sha-256", f"--pwfile={secret}", "-N", "--locale=C")
        run("pg_ctl", "-D", data, "-w", "-l", str(log), "-o", f"-h 127.0.0.1 -p {port} -k {home} {options}", "start")
        first = Postgres(port, "root", password, "postgres", log)
        for sql in (
            f"CREATE ROLE {owner} LOGIN CREATEROLE CREATEDB PASSWORD '{password}'",
            f"CREATE DATABASE {database} OWNER {owner}",
        ):
            done = first.ask(sql)
            assert done.returncode == 0, done.stderr
        yield Postgres(port, owner, password, database, log)
    finally:
        subprocess.run(
            ["pg_ctl", "-D", data, "-m", "immediate", "stop"], user=who, cwd=home, capture_output=True, check=False
        )
        shutil.rmtree(home, ignore_errors=True)


def _who() -> int | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return os.geteuid()
    try:
        return pwd.getpwnam("postgres").pw_uid
    except KeyError:
        return None


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
