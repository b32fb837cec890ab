"""CloudWatch Logs: groups and saved queries by name, filters within their group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tooling.recovery.answers import fits_name, needs
from tooling.recovery.asking import answer, at_milliseconds, each, fits
from tooling.recovery.lookup import Found, Wanted, derived, finds

derived("aws_cloudwatch_log_metric_filter", "{name}", within=True)
# API Gateway writes to a group of this name, which has the API's own id in it, and makes it when it is not there.
_EXECUTION_LOGS = "API-Gateway-Execution-Logs_"


@finds("aws_cloudwatch_log_group")
def log_group(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("logs")
    stem = wanted.values.get("name") or wanted.values.get("name_prefix") or ""
    asked: dict[str, Any] = {"logGroupNamePrefix": stem} if stem else {}
    for item in each(client, "describe_log_groups", "logGroups", **asked):
        name = item["logGroupName"]
        if fits_name(wanted, name):
            tags = answer(client.list_tags_for_resource, resourceArn=item["arn"].removesuffix(":*")) or {}
            yield Found(
                name,
                tags=tags.get("tags") or {},
                created=at_milliseconds(item.get("creationTime")),
                within=name.startswith(_EXECUTION_LOGS),
            )


@finds("aws_cloudwatch_query_definition")
@needs("name", "query_string")
def query_definition(wanted: Wanted) -> Iterator[Found]:
    """Saved queries have no tags; their last change is the making of one that was cut short."""
    name = wanted.values["name"]
    queries = each(
        wanted.client("logs"),
        "describe_query_definitions",
        "queryDefinitions",
        token=("nextToken", "nextToken"),
        queryDefinitionNamePrefix=name,
    )
    for item in queries:
        if fits(wanted.values, {"name": item["name"], "query_string": item["queryString"]}):
            yield Found(item["queryDefinitionId"], created=at_milliseconds(item.get("lastModified")))
