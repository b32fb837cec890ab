"""Route 53: zones, health checks and records. It tells no times, the provider's caller references do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each, fits, named_at
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_route53_zone")
@needs("name")
def zone(wanted: Wanted) -> Iterator[Found]:
    """Any number of zones may have the same name."""
    client = wanted.client("route53")
    private = bool(wanted.values.get("vpc"))
    for item in each(client, "list_hosted_zones", "HostedZones"):
        config = item.get("Config", {})
        told = {"comment": config.get("Comment")}
        if (
            _plain(item["Name"]) == _plain(wanted.values["name"])
            and bool(config.get("PrivateZone")) == private
            and fits(wanted.values, told)
        ):
            yield _tagged(client, "hostedzone", item["Id"].removeprefix("/hostedzone/"), item["CallerReference"])


@finds("aws_route53_health_check")
@needs("type")
def health_check(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("route53")
    for item in each(client, "list_health_checks", "HealthChecks"):
        if _checks(wanted.values, item["HealthCheckConfig"]):
            yield _tagged(client, "healthcheck", item["Id"], item["CallerReference"])


def _checks(planned: Mapping[str, Any], config: Mapping[str, Any]) -> bool:
    alarm = config.get("AlarmIdentifier") or {}
    told = {
        "child_health_threshold": config.get("HealthThreshold"),
        "cloudwatch_alarm_name": alarm.get("Name"),
        "cloudwatch_alarm_region": alarm.get("Region"),
        "failure_threshold": config.get("FailureThreshold"),
        "fqdn": config.get("FullyQualifiedDomainName"),
        "ip_address": config.get("IPAddress"),
        "port": config.get("Port"),
        "request_interval": config.get("RequestInterval"),
        "resource_path": config.get("ResourcePath"),
        "search_string": config.get("SearchString"),
        "type": config["Type"],
    }
    children = set(config.get("ChildHealthChecks") or ())
    return fits(planned, told) and set(planned.get("child_healthchecks") or ()) == children


def _tagged(client: Any, kind: str, identifier: str, reference: str) -> Found:
    told = answer(client.list_tags_for_resource, ResourceType=kind, ResourceId=identifier)
    tags = tags_in(told["ResourceTagSet"].get("Tags")) if told else None
    return Found(identifier, tags=tags, created=named_at(reference))


@finds("aws_route53_record")
@needs("zone_id", "name", "type")
def record(wanted: Wanted) -> Iterator[Found]:
    """A record has neither tags nor a time. One that says exactly what was planned is as good as made."""
    planned = wanted.values
    zone_id, name, kind = planned["zone_id"].removeprefix("/hostedzone/"), planned["name"], planned["type"]
    label = planned.get("set_identifier") or ""
    client = wanted.client("route53")
    zone_told = answer(client.get_hosted_zone, Id=zone_id)
    if not zone_told:
        return
    full_name = _within_zone(_plain(name), _plain(zone_told["HostedZone"]["Name"]))
    # They are sorted by name and type; with a set identifier, several have both.
    start = {"StartRecordName": full_name, "StartRecordType": kind}
    for item in each(client, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone_id, **start):
        if (_plain(item["Name"]), item["Type"]) != (full_name, kind):
            return
        if item.get("SetIdentifier", "") == label:
            parts = (zone_id, _written_name(name.lower(), planned), kind, label)
            yield Found("_".join(filter(None, parts)), within=_says(item) == _planned(planned))


def _within_zone(name: str, zone_name: str) -> str:
    """As the provider completes a name that does not end with its zone's."""
    return name if name.endswith(zone_name) else f"{name}.{zone_name}"


def _written_name(name: str, planned: Mapping[str, Any]) -> str:
    """The provider's id keeps the dot that a name was given with, what was planned loses it; ACM gives one."""
    validates = any(str(value).endswith(".acm-validations.aws.") for value in planned.get("records") or ())
    return f"{name.rstrip('.')}." if validates else name


def _says(item: Mapping[str, Any]) -> tuple[set[str], str]:
    alias = item.get("AliasTarget", {}).get("DNSName", "")
    return _values(each["Value"] for each in item.get("ResourceRecords", ())), _plain(alias)


def _planned(planned: Mapping[str, Any]) -> tuple[set[str], str]:
    alias: Mapping[str, Any] = next(iter(planned.get("alias") or ()), {})
    return _values(planned.get("records") or ()), _plain(alias.get("name") or "")


def _values(values: Iterable[str]) -> set[str]:
    return {value.strip('"') for value in values}


def _plain(name: str) -> str:
    """A name as it is compared; what is no letter of a name, as the star, Route 53 writes in octal."""
    return name.lower().rstrip(".").replace("\\052", "*")
