"""Route 53: records that are made, deleted and made again; records that fail over; health checks of alarms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]


@pytest.fixture
def route53(client: Client) -> Any:
    return client("route53")


@pytest.fixture
def zone(route53: Any, request: pytest.FixtureRequest) -> str:
    made = route53.create_hosted_zone(Name="example.com", CallerReference=request.node.name)
    return str(made["HostedZone"]["Id"])


def _record(name: str, address: str = "10.0.0.1") -> dict[str, Any]:
    return {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": address}]}


def _change(route53: Any, zone: str, *changes: tuple[str, dict[str, Any]]) -> None:
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def _addresses(route53: Any, zone: str, name: str) -> list[str]:
    sets = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return [value["Value"] for each in sets if each["Name"] == f"{name}." for value in each["ResourceRecords"]]


def test_deleted_record_is_made_again(route53: Any, zone: str) -> None:
    # GIVEN another record, which moto takes for the one that is asked about
    _change(route53, zone, ("CREATE", _record("www.example.com")), ("CREATE", _record("api.example.com")))

    _change(route53, zone, ("DELETE", _record("api.example.com")))
    _change(route53, zone, ("CREATE", _record("api.example.com")))

    assert _addresses(route53, zone, "api.example.com") == ["10.0.0.1"]


def test_record_that_exists_is_not_made_again(route53: Any, zone: str) -> None:
    _change(route53, zone, ("CREATE", _record("api.example.com")))

    with pytest.raises(route53.exceptions.InvalidChangeBatch, match="already exists"):
        _change(route53, zone, ("CREATE", _record("api.example.com", "10.0.0.2")))


def test_record_is_replaced_in_one_batch(route53: Any, zone: str) -> None:
    _change(route53, zone, ("CREATE", _record("api.example.com")))

    _change(
        route53,
        zone,
        ("DELETE", _record("api.example.com")),
        ("CREATE", _record("api.example.com", "10.0.0.2")),
    )

    assert _addresses(route53, zone, "api.example.com") == ["10.0.0.2"]


def test_deleted_record_is_not_deleted_again(route53: Any, zone: str) -> None:
    _change(route53, zone, ("CREATE", _record("api.example.com")))
    _change(route53, zone, ("DELETE", _record("api.example.com")))

    with pytest.raises(route53.exceptions.InvalidInput):
        _change(route53, zone, ("DELETE", _record("api.example.com")))


def test_two_records_of_one_name_fail_over(route53: Any, zone: str) -> None:
    primary, secondary = (
        {**_record("api.example.com", address), "SetIdentifier": kind, "Failover": kind}
        for address, kind in (("10.0.0.1", "PRIMARY"), ("10.0.0.2", "SECONDARY"))
    )

    _change(route53, zone, ("CREATE", primary), ("CREATE", secondary))
    both = _addresses(route53, zone, "api.example.com")
    _change(route53, zone, ("DELETE", primary))
    left = _addresses(route53, zone, "api.example.com")
    _change(route53, zone, ("CREATE", primary))

    assert (sorted(both), left) == (["10.0.0.1", "10.0.0.2"], ["10.0.0.2"])
    assert len(_addresses(route53, zone, "api.example.com")) == 2


def test_records_of_two_names_share_an_identifier(route53: Any, zone: str) -> None:
    api, site = (
        {**_record(f"{name}.example.com"), "SetIdentifier": "primary", "Failover": "PRIMARY"} for name in ("api", "www")
    )
    _change(route53, zone, ("CREATE", api), ("CREATE", site))

    _change(route53, zone, ("DELETE", api))
    left = _addresses(route53, zone, "www.example.com")
    with pytest.raises(route53.exceptions.InvalidInput):
        _change(route53, zone, ("DELETE", api))
    _change(route53, zone, ("DELETE", site), ("CREATE", {**site, "TTL": 30}))

    assert left == ["10.0.0.1"]
    assert _addresses(route53, zone, "api.example.com") == []
    assert _addresses(route53, zone, "www.example.com") == ["10.0.0.1"]


ALARM = {
    "Type": "CLOUDWATCH_METRIC",
    "AlarmIdentifier": {"Region": "us-east-1", "Name": "api-5xx"},
    "InsufficientDataHealthStatus": "Healthy",
}


def test_health_check_follows_its_alarm_and_changes(route53: Any) -> None:
    made = route53.create_health_check(CallerReference="alarm", HealthCheckConfig=ALARM)["HealthCheck"]

    changed = route53.update_health_check(
        HealthCheckId=made["Id"], InsufficientDataHealthStatus="LastKnownStatus", Inverted=True
    )["HealthCheck"]

    read = route53.get_health_check(HealthCheckId=made["Id"])["HealthCheck"]
    (listed,) = [check for check in route53.list_health_checks()["HealthChecks"] if check["Id"] == made["Id"]]
    assert made["HealthCheckConfig"] == {**ALARM, "Inverted": False, "Disabled": False}
    expected = {**ALARM, "InsufficientDataHealthStatus": "LastKnownStatus", "Inverted": True, "Disabled": False}
    for answer in (changed, read, listed):
        assert answer["HealthCheckConfig"] == expected


def test_health_check_of_an_endpoint_is_motos(route53: Any) -> None:
    config = {"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 443, "RequestInterval": 30, "FailureThreshold": 3}

    made = route53.create_health_check(CallerReference="tcp", HealthCheckConfig=config)["HealthCheck"]

    read = route53.get_health_check(HealthCheckId=made["Id"])["HealthCheck"]["HealthCheckConfig"]
    assert {key: read[key] for key in config} == config
