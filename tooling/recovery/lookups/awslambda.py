"""Lambda: functions by name, the rest by the function that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tooling.recovery.answers import needs
from tooling.recovery.asking import answer, each, fits
from tooling.recovery.lookup import Found, Wanted, derived, finds

derived("aws_lambda_permission", "{statement_id}", within=True)
derived("aws_lambda_provisioned_concurrency_config", "{function_name},{qualifier}", within=True)


@finds("aws_lambda_function")
@needs("function_name")
def function(wanted: Wanted) -> Iterator[Found]:
    """Lambda tells the last change, and that is the making of one that was cut short."""
    told = answer(wanted.client("lambda").get_function, FunctionName=wanted.values["function_name"])
    if told:
        changed = datetime.fromisoformat(told["Configuration"]["LastModified"])
        yield Found(told["Configuration"]["FunctionName"], tags=told.get("Tags") or {}, created=changed)


@finds("aws_lambda_alias")
@needs("function_name", "name")
def alias(wanted: Wanted) -> Iterator[Found]:
    told = answer(
        wanted.client("lambda").get_alias,
        FunctionName=wanted.values["function_name"],
        Name=wanted.values["name"],
    )
    if told:
        yield Found(told["AliasArn"], within=True)


@finds("aws_lambda_event_source_mapping")
@needs("function_name")
def event_source_mapping(wanted: Wanted) -> Iterator[Found]:
    """A function has one mapping a source."""
    client, source = wanted.client("lambda"), wanted.values.get("event_source_arn")
    asked = {"EventSourceArn": source} if source else {}
    function_name = wanted.values["function_name"]
    for item in each(client, "list_event_source_mappings", "EventSourceMappings", FunctionName=function_name, **asked):
        if fits(wanted.values, {"event_source_arn": item.get("EventSourceArn")}):
            arn = item.get("EventSourceMappingArn") or _mapping_arn(wanted, item["UUID"])
            tags = answer(client.list_tags, Resource=arn) or {}
            yield Found(
                item["UUID"],
                tags=tags.get("Tags") or {},
                created=item["LastModified"],
                within=True,
            )


def _mapping_arn(wanted: Wanted, identifier: str) -> str:
    return f"arn:aws:lambda:{wanted.region}:{wanted.account_id}:event-source-mapping:{identifier}"
