"""Why is the database not reached: its status, the way to it, the credentials, the endpoint, the server itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tooling.databases.psql import has_psql
from tooling.doctor.connection import Credentials, credentials
from tooling.doctor.examination import Diagnosis, NothingThere, Part, looked
from tooling.doctor.network import databases, guarding, ways_to_database
from tooling.doctor.postgres import query_milliseconds, secure
from tooling.doctor.services import services
from tooling.errors import ToolError
from tooling.live import failed, manual, ok, skipped, warned

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding

# A query that reads nothing takes about as long as the way there and back.
_SLOW_MS = 100.0
# In these it takes connections. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
_SERVING = ("available", "backing-up", "modifying", "storage-optimization", "storage-initialization")
_SETTING_UP = "configuring-"


def status(examination: Examination) -> Iterator[Finding]:
    """What RDS says of each database."""
    for one in databases(examination):
        name, state = f"database {one['DBInstanceIdentifier']}", one["DBInstanceStatus"]
        seen = f"{state}, {one['Engine']} {one['EngineVersion']}, {one['DBInstanceClass']}"
        if state in _SERVING or state.startswith(_SETTING_UP):
            yield ok(name, seen, address=one["address"])
        else:
            identifier = one["DBInstanceIdentifier"]
            yield failed(
                name,
                seen,
                means="it takes no connections",
                next=f"aws rds describe-events --source-type db-instance --source-identifier {identifier}",
                address=one["address"],
            )


def who_may(examination: Examination) -> Iterator[Finding]:
    """Who the database's security groups let in, where nothing of the stack says who has to get in."""
    found = list(ways_to_database(examination))
    if found:
        yield from found
        return
    for one in databases(examination):
        rules = sum(len(guard.ingress) for guard in guarding(examination, one))
        yield skipped(f"way to {one['DBInstanceIdentifier']}", f"nothing of the stack is in its VPC; {rules} rules")


def secret(examination: Examination) -> Iterator[Finding]:
    """Whether the secret has all keys and the user, without showing a password."""
    for one in _primary(examination):
        yield from looked(f"secret of {one['DBInstanceIdentifier']}", _secret(examination, one))


def endpoint(examination: Examination) -> Iterator[Finding]:
    """Whether the secret names the endpoint that the database has."""
    for one in _primary(examination):
        name = f"endpoint of {one['DBInstanceIdentifier']}"
        yield from looked(name, _endpoint(examination, name, one))


def from_here(examination: Examination) -> Iterator[Finding]:
    """The server itself: name, TCP, TLS, a query. A private database is not reached from just anywhere."""
    for one in _primary(examination):
        name = f"connection to {one['DBInstanceIdentifier']}"
        yield from looked(name, _connection(examination, name, one))


def by_hand(examination: Examination) -> Iterator[Finding]:
    """How to connect from inside, from a task, since nothing else is there to log in to."""
    for one in _primary(examination):
        host, port = _place(one)
        login = credentials(examination, one)
        user, database = (
            login.values.get("username", "USER"),
            login.values.get("dbname") or one.get("DBName") or "postgres",
        )
        psql = f'psql "host={host} port={port} dbname={database} user={user} sslmode=require"'
        runs = list(services(examination))
        inside = ""
        for service in runs:
            if not service.described.get("enableExecuteCommand"):
                inside = (
                    f"aws ecs update-service --cluster {service.cluster_name} --service {service.name} "
                    "--enable-execute-command --force-new-deployment, then "
                )
            inside += (
                f"aws ecs execute-command --cluster {service.cluster_name} --task TASK "
                f"--container {service.containers[0]['name']} --interactive --command /bin/sh"
            )
            break
        where = "a task of the service, since the database is private" if runs else "a machine in the VPC"
        seen = f"by hand, from {where}: {psql}; it asks for the password, which the secret {login.name} has"
        yield manual(f"psql to {one['DBInstanceIdentifier']}", seen, next=inside)


def _secret(examination: Examination, one: dict[str, Any]) -> Iterator[Finding]:
    login = credentials(examination, one)
    name = f"secret {login.name}"
    next_step = f"groundplan plan {examination.command}, then apply: it writes the secret again"
    if login.lacking:
        yield failed(
            name,
            f"lacks {', '.join(login.lacking)}",
            means="the application cannot connect",
            next=next_step,
            address=login.address,
        )
    elif login.values["username"] != one["MasterUsername"]:
        yield warned(
            name,
            f"user {login.values['username']}, the database's first user is {one['MasterUsername']}",
            means="right for a user of the application's own, if it was made in the database",
            next=f"see who may log in: psql ... -c '\\du', or groundplan doctor {examination.command} "
            "--check database from where the database is reached",
            address=login.address,
        )
    else:
        keys = ", ".join(login.required)
        yield ok(name, f"has {keys}; user {login.values['username']}", address=login.address)


def _endpoint(examination: Examination, name: str, one: dict[str, Any]) -> Iterator[Finding]:
    login, (host, port) = credentials(examination, one), _place(one)
    if "host" not in login.required:
        yield ok(name, f"{host}:{port}; RDS keeps the secret", address=one["address"])
        return
    told = (login.values.get("host", ""), login.values.get("port", ""), login.values.get("dbname", ""))
    real = (host, str(port), str(one.get("DBName") or told[2]))
    if told != real:
        yield failed(
            name,
            f"the secret says {_shown(told)}, the database is {_shown(real)}",
            means="the application connects to something else, as after a restore",
            next=f"groundplan plan {examination.command}, then apply: it writes the secret again",
            address=login.address,
        )
    else:
        yield ok(name, f"{_shown(real)}, as the secret says", address=one["address"])


def _connection(examination: Examination, name: str, one: dict[str, Any]) -> Iterator[Finding]:
    host, port = _place(one)
    try:
        addresses = examination.outside.resolve(host)
        began = perf_counter()
        connection = examination.outside.connect(host, port)
    except NothingThere:
        raise
    except ToolError as error:
        yield _not_from_here(name, str(error), one)
        return
    connected = (perf_counter() - began) * 1000
    with connection:
        try:
            peer = connection.getpeername()
        except OSError as error:
            raise ToolError(f"{host}:{port} closed the connection at once: {error.strerror}") from error
        secured = secure(connection, host)
    seen = f"{', '.join(addresses)}: TCP {port} in {connected:.0f} ms, {secured.version} in "
    yield ok(name, f"{seen}{secured.seconds * 1000:.0f} ms", address=one["address"])
    login = credentials(examination, one)
    query = f"query to {one['DBInstanceIdentifier']}"
    if login.lacking:
        yield skipped(query, "the secret is not whole")
    else:
        yield from looked(query, _query(examination, query, one, login, (str(peer[0]), int(peer[1]))))


def _query(
    examination: Examination, name: str, database: Mapping[str, Any], login: Credentials, address: tuple[str, int]
) -> Iterator[Finding]:
    if not has_psql():
        yield skipped(name, "psql, which times it, is not on this machine")
        return
    values = {"dbname": str(database.get("DBName") or "postgres"), **login.values}
    try:
        took = query_milliseconds(Credentials(login.name, values, login.required, login.address), address)
    except ToolError as error:
        hint = f"compare secret and database: groundplan db check {examination.command}"
        raise ToolError(str(error), hint=hint) from error
    yield timed(name, took, examination.command, database["address"])


def timed(name: str, milliseconds: float, command: str, address: str) -> Finding:
    """What the time of a query that reads nothing means."""
    seen = f"select 1 took {milliseconds:.1f} ms"
    if milliseconds > _SLOW_MS:
        next_step = f"groundplan doctor {command} --check high-load"
        return warned(name, seen, means="the server is busy or far away", next=next_step, address=address)
    return ok(name, seen, address=address)


def _not_from_here(name: str, why: str, database: Mapping[str, Any]) -> Finding:
    if not database.get("PubliclyAccessible"):
        return skipped(name, f"{why}; it is private, as it should be: see below how to connect from inside")
    means = "a public database that is not reached: a security group, or it is not up"
    return failed(name, why, means=means, address=database["address"])


def _primary(examination: Examination) -> Iterator[dict[str, Any]]:
    """The databases that are written to; a replica has the credentials of its source."""
    for one in databases(examination):
        if not one.get("ReadReplicaSourceDBInstanceIdentifier"):
            yield one


def _place(database: Mapping[str, Any]) -> tuple[str, int]:
    found = database.get("Endpoint") or {}
    if not found.get("Address"):
        raise ToolError(
            f"{database['DBInstanceIdentifier']} has no endpoint yet: it is {database['DBInstanceStatus']}",
            where=database["address"],
        )
    return str(found["Address"]), int(found["Port"])


def _shown(place: tuple[str, str, str]) -> str:
    return f"{place[0]}:{place[1]}/{place[2]}"


DIAGNOSIS = Diagnosis(
    "database",
    "why is the database not reached",
    ("aws_db_instance",),
    (
        Part("database", status),
        Part("way to the database", who_may),
        Part("secret of the database", secret),
        Part("endpoint", endpoint),
        Part("connection", from_here),
        Part("psql", by_hand),
    ),
)
