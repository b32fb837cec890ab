"""ECS and ECR."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, derived, finds

# A run registers one revision of a family; what others registered since it died is few.
_NEWEST = 10

derived("aws_ecs_cluster_capacity_providers", "{cluster_name}", within=True)
derived("aws_ecr_lifecycle_policy", "{repository}", within=True)


@finds("aws_ecs_cluster")
@needs("name")
def _cluster(wanted: Wanted) -> Iterator[Found]:
    told = wanted.client("ecs").describe_clusters(clusters=[wanted.values["name"]], include=["TAGS"])
    for cluster in told["clusters"]:
        if cluster["status"] != "INACTIVE":
            yield Found(cluster["clusterArn"], _tags(cluster))


@finds("aws_ecs_service")
@needs("name")
def _service(wanted: Wanted) -> Iterator[Found]:
    asked = {"services": [wanted.values["name"]], "include": ["TAGS"]}
    if wanted.values.get("cluster"):
        asked["cluster"] = wanted.values["cluster"]
    told = answer(wanted.client("ecs").describe_services, **asked) or {}
    for service in told.get("services", ()):
        if service["status"] != "INACTIVE":
            yield Found(service["serviceArn"], _tags(service), service.get("createdAt"))


@finds("aws_ecs_task_definition")
@needs("family", "container_definitions")
def _task_definition(wanted: Wanted) -> Iterator[Found]:
    """The newest revision that runs what was planned. The id is the family, the provider reads by ARN."""
    client, family = wanted.client("ecs"), wanted.values["family"]
    planned = json.loads(wanted.values["container_definitions"])
    arns = each(client, "list_task_definitions", "taskDefinitionArns", familyPrefix=family, status="ACTIVE")
    # The family is asked for by its beginning.
    revisions = {int(arn.rpartition(":")[2]): arn for arn in arns if arn.rpartition("/")[2].startswith(f"{family}:")}
    for revision in sorted(revisions, reverse=True)[:_NEWEST]:
        told = client.describe_task_definition(taskDefinition=revisions[revision], include=["TAGS"])
        definition = told["taskDefinition"]
        if _is_part(planned, definition["containerDefinitions"]):
            exact = {"arn": definition["taskDefinitionArn"], "revision": revision}
            yield Found(family, _tags(told), definition.get("registeredAt"), exact)
            return


@finds("aws_ecr_repository")
@needs("name")
def _repository(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("ecr")
    for repository in each(client, "describe_repositories", "repositories", repositoryNames=[wanted.values["name"]]):
        tags = client.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]
        yield Found(repository["repositoryName"], tags_in(tags), repository.get("createdAt"))


def _tags(described: Any) -> dict[str, str]:
    return tags_in(described.get("tags"))


def _is_part(planned: Any, real: Any) -> bool:
    """Whether AWS's answer says all that was planned; it fills in defaults, and lists have no order."""
    if isinstance(planned, dict):
        return isinstance(real, dict) and all(_is_part(value, real.get(key)) for key, value in planned.items())
    if isinstance(planned, list):
        return isinstance(real, list) and all(any(_is_part(one, other) for other in real) for one in planned)
    return bool(planned == real)
