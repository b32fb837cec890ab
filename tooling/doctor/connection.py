"""How the application is told to connect to a database: the secret that says it, which is never shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination

KEYS = ("username", "password", "host", "port", "dbname")
# One that RDS manages itself has no more: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
MANAGED_KEYS = ("username", "password")
# So many keys of a connection make a secret one of a database, also when the others are missing.
_TELLING = 2


@dataclass(frozen=True)
class Credentials:
    """A secret that says how to connect.

    Attributes:
        name: Of the secret.
        values: By key; the password among them.
        required: Keys that it has to have.
        address: In the state.
    """

    name: str
    values: Mapping[str, str]
    required: tuple[str, ...]
    address: str

    @property
    def lacking(self) -> tuple[str, ...]:
        return tuple(key for key in self.required if not self.values.get(key))

    def __repr__(self) -> str:
        """Without the values: a password belongs in no traceback."""
        return f"Credentials({self.name!r})"


def credentials(examination: Examination, database: Mapping[str, Any]) -> Credentials:
    """The secret of a database: RDS's own, or the one of the stack that tells of a connection.

    Raises:
        ToolError: There is none.
    """
    managed = (database.get("MasterUserSecret") or {}).get("SecretArn")
    if managed:
        value = _value(examination, managed, database["region"])
        if value is not None:
            return Credentials(managed.partition(":secret:")[2], value, MANAGED_KEYS, database["address"])
    found = [one for one in _of_stack(examination) if len(one.values.keys() & set(KEYS)) >= _TELLING]
    host = (database.get("Endpoint") or {}).get("Address")
    exact = [one for one in found if one.values.get("host") == host] or found
    if not exact:
        raise ToolError(
            "no secret of the stack tells how to connect",
            hint=f"groundplan plan {examination.command}, then apply: it writes the secret again",
        )
    return exact[0]


def _of_stack(examination: Examination) -> Iterator[Credentials]:
    for secret in examination.live.of("aws_secretsmanager_secret"):
        value = _value(examination, str(secret.attributes.get("arn") or secret.id), secret.region)
        if value is not None:
            yield Credentials(str(secret["name"]), value, KEYS, secret.address)


def _value(examination: Examination, arn: str, region: str) -> Mapping[str, str] | None:
    """What a secret holds, if it is a JSON object; None when it is something else or has no value."""
    client = examination.client("secretsmanager", region)
    with examination.live.asking(f"the secret {arn.partition(':secret:')[2] or arn}"):
        try:
            text = client.get_secret_value(SecretId=arn).get("SecretString", "")
        except client.exceptions.ResourceNotFoundException:
            return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    return {str(key): str(value) for key, value in found.items() if value is not None}
