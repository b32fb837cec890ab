"""How one gets into a database: the secret of the stack that says it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.databases.model import Database
    from tooling.live import LiveStack

_SECRET = "aws_secretsmanager_secret"


@dataclass(frozen=True)
class Login:
    """Who gets in where.

    Attributes:
        secret: Name of the secret that says so.
        host, port, database: Where.
        user: As whom.
        password: Never shown, not even by ``repr``.
        region: Where the secret is. Default: where the stack is.
    """

    secret: str
    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    region: str | None = None


def logins(live: LiveStack) -> tuple[Login, ...]:
    """Every secret of the stack that says how to get into a database.

    Raises:
        ToolError: A secret may not be read.
    """
    found = []
    for secret in live.of(_SECRET):
        name = str(secret.attributes.get("name") or secret.id)
        client = live.client("secretsmanager", secret.region)
        with live.asking(f"the secret {name}"):
            content = _content(client, name)
        if _says_how(content):
            found.append(
                Login(
                    secret=name,
                    region=secret.region,
                    host=str(content["host"]),
                    port=int(content.get("port") or 5432),
                    database=str(content["dbname"]),
                    user=str(content["username"]),
                    password=str(content["password"]),
                )
            )
    return tuple(found)


def owner_of(live: LiveStack, database: Database) -> Login:
    """How its owner gets into a database.

    Raises:
        ToolError: No secret of the stack says so.
    """
    owner = str(database.told.get("MasterUsername", ""))
    found = [one for one in logins(live) if (one.host, one.user) == (database.host, owner)]
    if not found:
        raise ToolError(
            f"no secret of the stack says how {owner} gets into {database.host}",
            where=live.stack.name,
            hint=f"compare them: groundplan db check --env {live.stack.env} --stack {live.stack.architecture}",
        )
    return found[0]


def _says_how(content: dict[str, Any]) -> bool:
    return {"host", "username", "password", "dbname"} <= set(content) and str(content.get("port") or 0).isdecimal()


def _content(client: Any, name: str) -> dict[str, Any]:
    """A secret that holds no JSON object says nothing about databases; one without a value neither."""
    try:
        parsed = json.loads(client.get_secret_value(SecretId=name).get("SecretString") or "{}")
    except (client.exceptions.ResourceNotFoundException, ValueError):
        return {}
    return parsed if isinstance(parsed, dict) else {}
