"""A PostgreSQL server, asked over the network: does it take TLS, and how long does a simple query take?"""

from __future__ import annotations

import re
import socket
import ssl
import struct
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.doctor.connection import Credentials

# https://www.postgresql.org/docs/15/protocol-message-formats.html, SSLRequest
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_QUERIES = 2
_TIME = re.compile(r"Time: ([\d.]+) ms")


@dataclass(frozen=True)
class Secured:
    """A connection that became one of TLS.

    Attributes:
        version: As ``TLSv1.3``.
        cipher: Its name.
        seconds: What the handshake took.
    """

    version: str
    cipher: str
    seconds: float


def secure(connection: socket.socket, host: str) -> Secured:
    """Ask a PostgreSQL server for TLS on a new connection.

    Raises:
        ToolError: It refuses, or is no PostgreSQL.
    """
    began = perf_counter()
    try:
        connection.sendall(_SSL_REQUEST)
        answer = connection.recv(1)
        if answer == b"N":
            raise ToolError("the server takes no TLS", hint="set rds.force_ssl in its parameter group")
        if answer != b"S":
            raise ToolError(f"that is no PostgreSQL: it answers {answer!r}")
        # RDS has an authority of its own; whether it is that is for the application, which has its certificate.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with context.wrap_socket(connection, server_hostname=host) as secured:
            cipher = secured.cipher()
            return Secured(secured.version() or "?", cipher[0] if cipher else "?", perf_counter() - began)
    except OSError as error:
        raise ToolError(f"the TLS handshake failed: {error}") from error


def query_milliseconds(login: Credentials, address: tuple[str, int]) -> float:
    """Log in and ask ``select 1``: the second of two, so that the first pays for what is set up once.

    Args:
        login: User, password and database.
        address: Where to connect to.

    Raises:
        ToolError: There is no psql, or the login or the query failed.
    """
    from tooling.databases.login import Login
    from tooling.databases.psql import run_sql

    values = login.values
    who = Login(
        secret=login.name,
        host=address[0],
        port=address[1],
        database=values["dbname"],
        user=values["username"],
        password=values["password"],
    )
    said = run_sql(who, "\\timing on\nselect 1;\nselect 1;\n", sslmode="require")
    times = _TIME.findall(said)
    if len(times) < _QUERIES:
        raise ToolError(f"psql told no time: {said!r}")
    return float(times[_QUERIES - 1])
