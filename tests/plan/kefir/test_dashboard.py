"""The dashboard of production."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.plan.kefir.functions import FUNCTIONS, prefix
from tests.support.plans import Plan

Metric = tuple[str, str, dict[str, str]]


def body(plan: Plan) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(plan.one("aws_cloudwatch_dashboard")["dashboard_body"])
    return content


def shown(plan: Plan) -> list[Metric]:
    """Namespace, name and dimensions of every metric on the dashboard."""
    lines = [line for widget in body(plan)["widgets"] for line in widget["properties"]["metrics"]]
    return [_metric(line) for line in lines]


def _metric(line: list[Any]) -> Metric:
    namespace, name, *rest = [part for part in line if isinstance(part, str)]
    return namespace, name, dict(zip(rest[::2], rest[1::2], strict=True))


@pytest.mark.requirement("KF-MON-09")
@pytest.mark.parametrize("name", ["Count", "4xx", "5xx", "Latency"])
def test_dashboard_shows_the_api(prod: Plan, name: str) -> None:
    of_api = [
        dimensions for namespace, metric, dimensions in shown(prod) if (namespace, metric) == ("AWS/ApiGateway", name)
    ]

    assert of_api
    assert all(set(dimensions) == {"ApiId"} for dimensions in of_api)


@pytest.mark.requirement("KF-MON-09")
def test_reader_of_the_dashboard_picks_the_api(prod: Plan) -> None:
    """AWS makes up the API's id, so the graphs are drawn for the one that is picked from a list."""
    (variable,) = body(prod)["variables"]

    assert (variable["type"], variable["property"], variable["populateFrom"]) == ("property", "ApiId", "ApiId")
    assert "AWS/ApiGateway" in variable["search"]


@pytest.mark.requirement("KF-MON-10")
@pytest.mark.parametrize("name", ["Invocations", "Errors"])
def test_dashboard_shows_every_function(prod: Plan, name: str) -> None:
    of_functions = [
        dimensions["FunctionName"]
        for namespace, metric, dimensions in shown(prod)
        if (namespace, metric) == ("AWS/Lambda", name)
    ]

    assert sorted(of_functions) == sorted(prefix(prod) + function for function in FUNCTIONS)


@pytest.mark.requirement("KF-MON-11")
@pytest.mark.parametrize(
    "name", ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "SuccessfulRequestLatency"]
)
def test_dashboard_shows_the_table(prod: Plan, name: str) -> None:
    of_table = [
        dimensions for namespace, metric, dimensions in shown(prod) if (namespace, metric) == ("AWS/DynamoDB", name)
    ]

    assert of_table
    assert {dimensions["TableName"] for dimensions in of_table} == {prod.one("aws_dynamodb_table")["name"]}
    # Latency is measured by operation: without one there is no such metric.
    assert all("Operation" in dimensions for dimensions in of_table) == (name == "SuccessfulRequestLatency")


@pytest.mark.requirement("KF-MON-12")
def test_time_range_of_the_dashboard_is_the_readers_choice(prod: Plan) -> None:
    content = body(prod)

    assert re.fullmatch(r"-P(T\d+H|\d+D)", content["start"])
    assert "end" not in content
    # The graphs' resolution follows the range.
    assert content["periodOverride"] == "auto"
