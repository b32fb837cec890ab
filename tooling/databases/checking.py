"""Whether a database is as its application needs it, asked from here."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tooling.databases.login import Login, logins
from tooling.databases.model import AVAILABLE
from tooling.databases.psql import has_psql, run_sql
from tooling.databases.restoring import restorable
from tooling.live import Finding, failed, ok, skipped, warned
from tooling.live.finding import look
from tooling.moments import shown

if TYPE_CHECKING:
    from tooling.databases.model import Database
    from tooling.live import LiveStack

_SECONDS = 3.0
# It answers while RDS works on it: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
_SERVING = frozenset(
    """backing-up configuring-enhanced-monitoring configuring-iam-database-auth configuring-log-exports modifying
    storage-config-upgrade storage-initialization storage-optimization""".split()
)


def check_database(live: LiveStack, database: Database, *, host: str, port: int, sslmode: str) -> Iterator[Finding]:
    """Each check in turn: what RDS says, what the secret says, and whether one gets in.

    Args:
        live: The stack.
        database: Which.
        host, port: The way there from here, as through a tunnel; empty and 0: its own.
        sslmode: In the words of libpq.
    """
    yield _status(database)
    yield look("backups", lambda: _backups(live, database))
    yield look("encrypted connections", lambda: _forces_tls(live, database))
    login: Login | None = None

    def says() -> Finding:
        nonlocal login
        found = _secret(live, database)
        if isinstance(found, Finding):
            return found
        login = found
        return ok("secret", f"{found.secret} names {found.user} at {found.host}:{found.port}")

    yield look("secret", says)
    way = (host or database.host, port or database.port)
    reached = _reach(database, *way)
    yield reached
    if reached.status == "ok" and login:
        known = replace(login, host=way[0], port=way[1])
        yield look("sign-in", lambda: _sign_in(known, sslmode))


def _status(database: Database) -> Finding:
    told = database.told
    saw = f"{database.identifier} is {database.status}, {told.get('Engine')} {told.get('EngineVersion')}"
    if database.status == AVAILABLE:
        return ok("status", saw, address=database.address)
    events = f"aws rds describe-events --source-type db-instance --source-identifier {database.identifier}"
    if database.status in _SERVING:
        return warned(
            "status", saw, means="it answers, and cannot be changed meanwhile", next=events, address=database.address
        )
    return failed(
        "status",
        saw,
        means="nobody gets in until it is available",
        next=f"wait, or see its events: {events}",
        address=database.address,
    )


def _backups(live: LiveStack, database: Database) -> str:
    window = restorable(live, database)
    return f"any moment from {shown(window.first)} to {shown(window.last)}"


def _forces_tls(live: LiveStack, database: Database) -> Finding:
    groups = [one["DBParameterGroupName"] for one in database.told.get("DBParameterGroups", [])]
    client = live.client("rds", database.region)
    with live.asking("parameters"):
        values = {
            one["ParameterName"]: one.get("ParameterValue")
            for group in groups
            for page in client.get_paginator("describe_db_parameters").paginate(DBParameterGroupName=group)
            for one in page["Parameters"]
        }
    value = values.get("rds.force_ssl")
    if value == "1":
        return ok("encrypted connections", "rds.force_ssl = 1")
    return warned(
        "encrypted connections",
        f"rds.force_ssl = {value or 'not set'}",
        means="a client that does not ask for TLS gets in without",
    )


def _secret(live: LiveStack, database: Database) -> Login | Finding:
    owner = str(database.told.get("MasterUsername", ""))
    found = logins(live)
    for one in found:
        if (one.host, one.port, one.user) == (database.host, database.port, owner):
            return one
    said = "; ".join(f"{one.secret} names {one.user} at {one.host}:{one.port}" for one in found) or "no secret"
    return failed(
        "secret",
        f"{said}; the database is {owner} at {database.host}:{database.port}",
        means="the application looks for its database where it is not",
        next=f"groundplan plan --env {live.stack.env} --stack {live.stack.architecture}",
    )


def _reach(database: Database, host: str, port: int) -> Finding:
    if not host:
        return skipped("connection", "it has no address yet")
    try:
        socket.create_connection((host, port), timeout=_SECONDS).close()
    # UnicodeError: a name that is none, as one with a part of more than 63 letters.
    except (OSError, UnicodeError) as error:
        own = (host, port) == (database.host, database.port)
        if own and not database.told.get("PubliclyAccessible"):
            return skipped("connection", f"{host}:{port} is private: it cannot be reached from here, and should not be")
        return failed(
            "connection",
            f"{host}:{port}: {error}",
            means="nothing listens there, or a security group or the network is in the way",
            next="is the tunnel open? else compare the security groups of database and tasks",
        )
    return ok("connection", f"{host}:{port} answers")


def _sign_in(login: Login, sslmode: str) -> Finding:
    if not has_psql():
        return skipped("sign-in", "psql is not on this machine")
    version = run_sql(login, "SELECT current_setting('server_version');", sslmode=sslmode)
    return ok("sign-in", f"{login.user} gets in; PostgreSQL {version}")
