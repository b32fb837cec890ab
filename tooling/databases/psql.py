"""SQL by way of ``psql``, which has to be on the machine; no password is ever an argument or in an error."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from tooling.databases.login import Login
from tooling.errors import ToolError

# Seconds: a private database does not answer at all.
_CONNECT = 10
_RUN = 120
# Which certificates are trusted is the machine's; all else of libpq's variables would lead elsewhere.
_KEPT = ("PGSSLROOTCERT", "PGSSLCRL")
# A line of an error may hold the statement, and with it what a password is checked by.
_TOLD = re.compile(r"(?:ERROR|FATAL):\s+(.*)|psql: error: (?:connection to server )?(.*)")


def has_psql() -> bool:
    return shutil.which("psql") is not None


def run_sql(login: Login, sql: str, *, sslmode: str) -> str:
    """Run statements as one transaction; what they answer, without headings.

    Args:
        login: Who, where.
        sql: Statements.
        sslmode: In the words of libpq: ``require``, ``verify-full`` ...

    Raises:
        ToolError: There is no psql, no way to the database, or a statement failed: then nothing was changed.
    """
    if not has_psql():
        raise ToolError(
            "psql is not on this machine",
            where=login.host,
            hint="install a PostgreSQL client, or run the SQL where there is one: --dry-run shows it",
        )
    own = {key: value for key, value in os.environ.items() if key in _KEPT or not key.startswith("PG")}
    environ = {
        **own,
        "PGPASSWORD": login.password,
        "PGSSLMODE": sslmode,
        "PGCONNECT_TIMEOUT": str(_CONNECT),
        "PGAPPNAME": "groundplan",
    }
    options = ["-X", "-q", "-A", "-t", "-w", "-1", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=terse", "-f", "-"]
    place = ["-h", login.host, "-p", str(login.port), "-U", login.user, "-d", login.database]
    where = f"{login.user}@{login.host}:{login.port}/{login.database}"
    try:
        done = subprocess.run(
            ["psql", *options, *place],
            input=sql,
            env=environ,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_RUN,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"no end after {_RUN} seconds", where=where, hint="is the database locked?") from error
    if done.returncode:
        found = _TOLD.search(done.stderr)
        said = next((one for one in found.groups() if one), "") if found else "psql failed"
        raise ToolError(
            said.strip(),
            where=where,
            hint="a private database is reached from its network or through a tunnel: --host 127.0.0.1 --port PORT",
        )
    return done.stdout.strip()
