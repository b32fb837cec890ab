"""Secrets Manager: calls one after the other."""

from __future__ import annotations

from tooling.emulator.registry import Backend

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
