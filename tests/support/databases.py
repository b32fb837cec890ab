"""Reading what a plan says of a PostgreSQL database, and whether anything in it holds a credential."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.plans import Plan, Resource

INSTANCE, LOG_GROUP, PARAMETERS, SUBNETS = (
    "aws_db_instance",
    "aws_cloudwatch_log_group",
    "aws_db_parameter_group",
    "aws_db_subnet_group",
)
# Arguments that hold a credential in clear; those that end with _wo are in no plan.
_CREDENTIALS = {"auth_token", "master_password", "password", "secret_binary", "secret_string"}
_SPEAKS_OF_CREDENTIALS = re.compile("password|passwd|secret|token|credential|database_url|private_key", re.IGNORECASE)


def primary(plan: Plan) -> Resource:
    """The database that is no replica."""
    (found,) = [each for each in plan.all(INSTANCE) if "replicate_source_db" not in plan.arguments(each)]
    return found


def replicas(plan: Plan) -> list[Resource]:
    return [each for each in plan.all(INSTANCE) if "replicate_source_db" in plan.arguments(each)]


def parameters(plan: Plan) -> list[tuple[str, str, str]]:
    """Name and value of each parameter of PostgreSQL, and when it takes effect."""
    return sorted((each["name"], each["value"], each["apply_method"]) for each in plan.one(PARAMETERS)["parameter"])


def log_groups(plan: Plan) -> dict[str, Any]:
    """Retention of every log group of RDS, by name."""
    return {
        each["name"]: each["retention_in_days"] for each in plan.all(LOG_GROUP) if each["name"].startswith("/aws/rds/")
    }


def credentials(plan: Plan) -> list[str]:
    """Where a plan would show a credential: an argument that is made for one, or a container's variable named so."""
    return [f"{resource.address}: {place}" for resource in plan.resources for place in _credentials(plan, resource)]


def secret_content(sources: str, block: str) -> dict[str, str]:
    """Fields of a secret and the expressions they are made from, as the module says it: no plan does."""
    (body,) = re.findall(rf'^resource "aws_secretsmanager_secret_version" "{block}" {{\n(.*?)^}}', sources, re.M | re.S)
    (fields,) = re.findall(r"secret_string_wo += jsonencode\({(.*?)}\)", body, re.S)
    return {field: value.strip('"') for field, value in re.findall(r"(\w+) += (\S+)", fields)}


def _credentials(plan: Plan, resource: Resource) -> Iterator[str]:
    yield from (name for name in _CREDENTIALS & plan.arguments(resource))
    yield from (name for name in _CREDENTIALS if resource.values.get(name))
    if isinstance(containers := resource.values.get("container_definitions"), str):
        for container in json.loads(containers):
            yield from (name for name in _variables(container) if _SPEAKS_OF_CREDENTIALS.search(name))


def _variables(container: Mapping[str, Any]) -> Iterator[str]:
    for variable in container.get("environment", []):
        yield str(variable["name"])
