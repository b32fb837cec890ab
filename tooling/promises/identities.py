"""Roles that are there, and secrets that hold something."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def there(live: LiveStack, role: LiveResource) -> Answer:
    found = live.client("iam").get_role(RoleName=role["name"])["Role"]
    return kept(found["RoleName"])


def of_task(live: LiveStack, task: LiveResource) -> Answer:
    arns = [str(task.attributes.get(name) or "") for name in ("execution_role_arn", "task_role_arn")]
    if not all(arns):
        return broken("it has no role of its own for starting, or none for running")
    iam = live.client("iam")
    return kept(", ".join(iam.get_role(RoleName=arn.rpartition("/")[2])["Role"]["RoleName"] for arn in arns))


def filled(live: LiveStack, secret: LiveResource) -> Answer:
    found = live.client("secretsmanager", secret.region).describe_secret(SecretId=secret.id)
    if found.get("DeletedDate"):
        step = f"aws secretsmanager restore-secret --region {secret.region} --secret-id {found['Name']}"
        return broken("marked for deletion", means="what reads it gets an error", next=step)
    if not any("AWSCURRENT" in stages for stages in found.get("VersionIdsToStages", {}).values()):
        return broken("holds nothing", means="what reads it does not start")
    return kept(f"{found['Name']} has a value")


def keys_of(live: LiveStack, secret: LiveResource) -> frozenset[str]:
    """The keys of a secret that is a JSON object; its values go nowhere. Empty for any other secret."""
    client = live.client("secretsmanager", secret.region)
    try:
        content = json.loads(client.get_secret_value(SecretId=secret.id)["SecretString"])
    except (KeyError, ValueError):
        return frozenset()
    return frozenset(content) if isinstance(content, dict) else frozenset()


PROMISES = (
    Promise("role-there", "roles are there", ("aws_iam_role",), there),
    Promise("task-roles", "tasks have a role to start and one to run", ("aws_ecs_task_definition",), of_task),
    Promise("secret-filled", "secrets hold something", ("aws_secretsmanager_secret",), filled),
)
