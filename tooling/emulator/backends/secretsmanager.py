"""Secrets Manager: calls one after the other, and the versions of a secret."""

from __future__ import annotations

from typing import Any

from moto.secretsmanager.models import secretsmanager_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("secretsmanager")

# moto looks for a secret by walking over all of them: one that comes or goes meanwhile breaks the walk.
backend.serialises(
    "CreateSecret",
    "DeleteResourcePolicy",
    "DeleteSecret",
    "DescribeSecret",
    "GetResourcePolicy",
    "GetSecretValue",
    "ListSecrets",
    "ListSecretVersionIds",
    "PutResourcePolicy",
    "PutSecretValue",
    "RestoreSecret",
    "TagResource",
    "UntagResource",
    "UpdateSecret",
    "UpdateSecretVersionStage",
)


@backend.prepares("ListSecretVersionIds")
def refuse_missing_secret(call: Call) -> None:
    """A lookup of aws_secretsmanager_secret_version: moto fails for a secret that is not there."""
    if call.params["SecretId"] not in secretsmanager_backends[call.account][call.region].secrets:
        raise AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")


@backend.amends("ListSecretVersionIds")
def tell_when_versions_were_made(call: Call, answer: dict[str, Any]) -> None:
    """A lookup of aws_secretsmanager_secret_version: moto says that each was made just now."""
    secret = secretsmanager_backends[call.account][call.region].secrets[call.params["SecretId"]]
    for version in answer["Versions"]:
        version["CreatedDate"] = secret.versions[version["VersionId"]]["createdate"]
