"""EventBridge: rules by bus and name, targets within their rule, archives and buses by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tooling.recovery.answers import fits_name, needs, tags_in
from tooling.recovery.asking import answer, each, fits
from tooling.recovery.lookup import Found, Wanted, finds

_DEFAULT_BUS = "default"


@finds("aws_cloudwatch_event_rule")
def rule(wanted: Wanted) -> Iterator[Found]:
    """EventBridge tells no times of rules."""
    client, bus = wanted.client("events"), _bus(wanted.values)
    stem = wanted.values.get("name") or wanted.values.get("name_prefix") or ""
    asked: dict[str, Any] = {"NamePrefix": stem} if stem else {}
    for item in each(client, "list_rules", "Rules", EventBusName=bus, **asked):
        tags = (
            answer(client.list_tags_for_resource, ResourceARN=item["Arn"]) if fits_name(wanted, item["Name"]) else None
        )
        if tags:
            yield Found(_on(bus, "/", item["Name"]), tags=tags_in(tags.get("Tags")))


@finds("aws_cloudwatch_event_target")
@needs("rule", "arn")
def target(wanted: Wanted) -> Iterator[Found]:
    """Without a planned id Terraform makes one up, and what is called tells."""
    bus, name = _bus(wanted.values), wanted.values["rule"]
    for item in each(wanted.client("events"), "list_targets_by_rule", "Targets", Rule=name, EventBusName=bus):
        if fits(wanted.values, {"arn": item["Arn"], "target_id": item["Id"]}):
            yield Found(_on(bus, "-", f"{name}-{item['Id']}"), attributes={"target_id": item["Id"]}, within=True)


@finds("aws_cloudwatch_event_archive")
@needs("name")
def archive(wanted: Wanted) -> Iterator[Found]:
    name = wanted.values["name"]
    told = answer(wanted.client("events").describe_archive, ArchiveName=name)
    if told:
        yield Found(name, created=told.get("CreationTime"))


@finds("aws_cloudwatch_event_bus")
@needs("name")
def event_bus(wanted: Wanted) -> Iterator[Found]:
    client, name = wanted.client("events"), wanted.values["name"]
    told = answer(client.describe_event_bus, Name=name)
    if told:
        tags = answer(client.list_tags_for_resource, ResourceARN=told["Arn"]) or {}
        yield Found(name, tags=tags_in(tags.get("Tags")), created=told.get("CreationTime"))


def _bus(planned: Mapping[str, Any]) -> str:
    return planned.get("event_bus_name") or _DEFAULT_BUS


def _on(bus: str, separator: str, name: str) -> str:
    """The provider leaves out the default bus."""
    return name if bus == _DEFAULT_BUS else f"{bus}{separator}{name}"
