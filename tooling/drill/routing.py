"""What leads users to the second region: Route 53 for the API, an origin group of CloudFront for the site."""

from __future__ import annotations

from typing import Any

from tooling.errors import ToolError

# What a region that fails answers with; less would leave users with its errors.
FAILOVER_CODES = frozenset({500, 502, 503, 504})
_ROLES = ("PRIMARY", "SECONDARY")


def regional_domain(client: Any, domain: str) -> str:
    """The address of an API's custom domain in the region of ``client``; empty without one."""
    return str(client.get_domain_name(domainName=domain)["regionalDomainName"]) if domain else ""


def require_dns_failover(client: Any, zone_id: str, domain: str, first: str, second: str, health_check: str) -> str:
    """The records of the API's domain lead to the first region, and to the second when that is unhealthy.

    Args:
        client: Of Route 53.
        zone_id: Zone of the records.
        domain: Name that callers use.
        first: Address of the domain in the first region.
        second: In the second.
        health_check: Id of the check of the first region.

    Raises:
        ToolError: It is not so.
    """
    if not domain:
        raise ToolError("the API has no domain of its own, so its callers stay with the first region")
    pages = client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone_id)
    records = [
        record
        for page in pages
        for record in page["ResourceRecordSets"]
        if record["Name"].rstrip(".") == domain and record.get("Failover")
    ]
    kinds = sorted({record["Type"] for record in records})
    if not kinds:
        raise ToolError(f"{domain} has no failover records in zone {zone_id}")
    for kind in kinds:
        roles = {record["Failover"]: record for record in records if record["Type"] == kind}
        for role, address in zip(_ROLES, (first, second), strict=True):
            if role not in roles:
                raise ToolError(f"{domain} {kind} has no {role} record")
            if address not in _addresses(roles[role]):
                raise ToolError(f"{domain} {kind} {role} does not lead to {address}")
        if not roles["PRIMARY"].get("HealthCheckId"):
            raise ToolError(f"{domain} {kind} PRIMARY has no health check, so it is never left")
        if roles["PRIMARY"]["HealthCheckId"] != health_check:
            raise ToolError(f"{domain} {kind} PRIMARY has another health check than {health_check}")
    watched = _watched(client, health_check)
    if domain in watched:
        raise ToolError(
            f"the health check watches {domain} itself, so it would watch the second region once failed over"
        )
    if not watched:
        raise ToolError(f"the health check {health_check} watches nothing")
    return f"{domain} {', '.join(kinds)}: PRIMARY {first} (health check {health_check}), SECONDARY {second}"


def require_origin_failover(client: Any, distribution_id: str, first: str, second: str) -> str:
    """CloudFront asks the first bucket, and the second when the first fails.

    Raises:
        ToolError: It is not so.
    """
    config = client.get_distribution_config(Id=distribution_id)["DistributionConfig"]
    buckets = {origin["Id"]: origin["DomainName"].partition(".s3.")[0] for origin in _items(config["Origins"])}
    groups = {
        group["Id"]: (
            [buckets.get(member["OriginId"], "") for member in _items(group["Members"])],
            frozenset(_items(group["FailoverCriteria"]["StatusCodes"])),
        )
        for group in _items(config.get("OriginGroups", {}))
    }
    used = config["DefaultCacheBehavior"]["TargetOriginId"]
    if used not in groups:
        raise ToolError(f"the site is served by the origin {used}, not by an origin group")
    members, codes = groups[used]
    if members != [first, second]:
        raise ToolError(f"the origin group {used} has {', '.join(members)}, not {first} and then {second}")
    if not codes >= FAILOVER_CODES:
        left_out = ", ".join(str(code) for code in sorted(FAILOVER_CODES - codes))
        raise ToolError(f"the origin group {used} does not fail over at {left_out}")
    return f"{first}, then {second} at {', '.join(str(code) for code in sorted(codes))}"


def _watched(client: Any, health_check: str) -> set[str]:
    """Addresses and alarms that a health check, or those that it is calculated from, look at."""
    config = client.get_health_check(HealthCheckId=health_check)["HealthCheck"]["HealthCheckConfig"]
    own = {config.get("FullyQualifiedDomainName"), config.get("AlarmIdentifier", {}).get("Name")} - {None, ""}
    return own.union(*(_watched(client, child) for child in config.get("ChildHealthChecks", [])))


def _items(listing: dict[str, Any]) -> list[Any]:
    """CloudFront leaves out ``Items`` where there are none."""
    return list(listing.get("Items") or [])


def _addresses(record: dict[str, Any]) -> set[str]:
    values = [entry["Value"] for entry in record.get("ResourceRecords", [])]
    alias = record.get("AliasTarget", {}).get("DNSName")
    return {value.rstrip(".") for value in [*values, *([alias] if alias else [])]}
