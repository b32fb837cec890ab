"""Route 53: records that are made, deleted and made again."""

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
