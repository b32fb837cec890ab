"""A database user for the application: it reads and writes rows, and cannot change what the tables are.

The owner of the tables keeps that for migrations. What is sent as password is what PostgreSQL checks it by (RFC 5802),
not the password: ``log_statement = ddl`` would have it in the logs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.databases.psql import run_sql
from tooling.errors import Exit, ToolError
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.databases.login import Login
    from tooling.live import LiveStack

HIDDEN = "SCRAM-SHA-256$..."
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
# Rounds that PostgreSQL itself takes.
_ROUNDS = 4096
_PASSWORD_BYTES = 32

# {user} and {schema} are checked names, {database} is quoted; {verifier} is digits, letters, + / = $ and :.
# No NOSUPERUSER: the owner on RDS is none itself and may not say the word. CREATE ROLE gives nothing of it anyway.
_STATEMENTS = """\
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{user}') THEN
    CREATE ROLE "{user}" LOGIN;
  END IF;
END $$;
DO $$ BEGIN
  IF EXISTS (
    SELECT FROM pg_catalog.pg_roles AS r
    WHERE r.rolname = '{user}' AND (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
      OR EXISTS (SELECT FROM pg_catalog.pg_auth_members AS m WHERE m.member = r.oid)
      OR EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.relowner = r.oid))
  ) THEN
    RAISE EXCEPTION 'the role {user} has more rights than an application needs, or owns tables; choose another name';
  END IF;
END $$;
ALTER ROLE "{user}" LOGIN PASSWORD '{verifier}';
REVOKE CREATE ON SCHEMA "{schema}" FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO "{user}";
GRANT USAGE ON SCHEMA "{schema}" TO "{user}";
REVOKE ALL ON ALL TABLES IN SCHEMA "{schema}" FROM "{user}";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{schema}" TO "{user}";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "{schema}" TO "{user}";
ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{user}";
ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT USAGE, SELECT ON SEQUENCES TO "{user}";
"""


@dataclass(frozen=True)
class AppUser:
    """A user for the application.

    Attributes:
        user: Name of the role.
        database: Where.
        secret: Name of the secret that says how it gets in.
        made: Whether the secret is new.
    """

    user: str
    database: str
    secret: str
    made: bool


def check_names(user: str, schema: str, owner: str) -> None:
    """Refuse names that would need quoting, PostgreSQL's own, and the owner's.

    Raises:
        ToolError: Exit 2.
    """
    if not _NAME.fullmatch(user) or user.startswith(("pg_", "rds")) or user == owner:
        raise ToolError(
            f"'{user}' is no name for the application's user",
            hint=f"small letters, digits and _; not pg_..., rds..., nor the owner {owner}",
            exit_code=Exit.USAGE,
        )
    if not _NAME.fullmatch(schema) or schema.startswith("pg_"):
        raise ToolError(
            f"'{schema}' is no name for a schema of an application",
            hint="small letters, digits and _; not pg_...",
            exit_code=Exit.USAGE,
        )


def statements(user: str, database: str, schema: str, verifier: str) -> str:
    """The SQL, to run as the owner of the tables; running it twice changes nothing but the password."""
    quoted = '"' + database.replace('"', '""') + '"'
    return _STATEMENTS.format(user=user, database=quoted, schema=schema, verifier=verifier)


def secret_name(owner: Login, user: str) -> str:
    """Beside the owner's own secret."""
    return f"{owner.secret}-{user}"


def create_app_user(
    live: LiveStack, owner: Login, user: str, *, schema: str, via: Login, sslmode: str, rotate: bool = False
) -> AppUser:
    """Make the user, or give it these rights again, and write how it gets in into a secret.

    Args:
        live: The stack.
        owner: As the secret has it.
        user: Name of the role.
        schema: Whose tables it reads and writes.
        via: The owner, by the way that leads there from here (a tunnel).
        sslmode: See :func:`~tooling.databases.psql.run_sql`.
        rotate: Give it another password though there is one.

    Raises:
        ToolError: PostgreSQL or Secrets Manager refuses, or the user can do more than it should.
    """
    check_names(user, schema, owner.user)
    name = secret_name(owner, user)
    client = live.client("secretsmanager", owner.region)
    progress = StackProgress(live.session.progress, live.stack.name, "app user")
    with asking_aws(progress, hint=f"nothing was changed; the application's login is to be in the secret {name}"):
        there = _password(client, name, live.stack.name)
    kept = None if rotate else there
    with asking_aws(progress, hint="running it again puts it right"):
        password = kept or secrets.token_urlsafe(_PASSWORD_BYTES)
        # First the database: a new password that is in no secret is made anew; one that only the secret has shuts out.
        run_sql(via, statements(user, owner.database, schema, scram_verifier(password)), sslmode=sslmode)
        mine = replace(via, user=user, password=password)
        _require_few_rights(run_sql(mine, _RIGHTS.format(schema=schema), sslmode=sslmode), user)
        if kept is None:
            content = {
                "username": user,
                "password": password,
                "host": owner.host,
                "port": owner.port,
                "dbname": owner.database,
            }
            _write(client, name, json.dumps(content), owner.secret)
    progress.end(f"{user} may read and write rows")
    return AppUser(user, owner.database, name, made=kept is None)


_RIGHTS = """\
SELECT has_schema_privilege('{schema}', 'CREATE') OR has_database_privilege(current_database(), 'CREATE')
  OR rolsuper OR rolcreatedb OR rolcreaterole FROM pg_catalog.pg_roles WHERE rolname = current_user;
"""


def _require_few_rights(answer: str, user: str) -> None:
    if answer != "f":
        raise ToolError(
            f"{user} can make tables, databases or roles",
            hint="what PUBLIC may do in this database is too much: REVOKE CREATE ON DATABASE ... FROM PUBLIC",
        )


def _password(client: Any, name: str, where: str) -> str | None:
    """None when there is no such secret; whatever else is in one of its name is somebody's, and stays."""
    try:
        content = json.loads(client.get_secret_value(SecretId=name).get("SecretString") or "null")
        return str(content["password"])
    except client.exceptions.ResourceNotFoundException:
        return None
    # Not chained: what could not be read would be in it.
    except (ValueError, TypeError, KeyError):
        raise ToolError(
            f"the secret {name} is there, and says nothing of a password",
            where=where,
            hint="it may be somebody else's: rename or delete it, or take another --user",
        ) from None


def _write(client: Any, name: str, content: str, beside: str) -> None:
    try:
        client.create_secret(
            Name=name, SecretString=content, Description=f"The application's user; its owner is in {beside}"
        )
    except client.exceptions.ResourceExistsException:
        client.put_secret_value(SecretId=name, SecretString=content)


def scram_verifier(password: str, salt: bytes | None = None) -> str:
    """What PostgreSQL keeps of a password. https://www.rfc-editor.org/rfc/rfc5803"""
    own = salt or secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), own, _ROUNDS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored, server = hashlib.sha256(client_key).digest(), hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${_ROUNDS}:{_text(own)}${_text(stored)}:{_text(server)}"


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
