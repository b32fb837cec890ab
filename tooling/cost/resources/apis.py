"""API Gateway: stages of REST and HTTP APIs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tooling.cost.amount import HOURS, Amount
from tooling.cost.component import Component, Pricer, nothing, only, unpriced
from tooling.cost.estate import Resource

API, XRAY, TRANSFER = "Amazon API Gateway", "AWS X-Ray", "AWS Data Transfer"


def rest_stage(item: Resource) -> Iterator[Component]:
    requests = item.assume("api.requests")
    yield only(API, "requests", "api_gateway.rest.request", requests, "requests")
    yield only(TRANSFER, "internet", "data_transfer.internet_out", item.assume("api.internet_gb"), "answers")
    if item.get("cache_cluster_enabled", False):
        size = item.required("cache_cluster_size")
        yield only(API, "cache", f"api_gateway.cache.{size}", HOURS, f"cache of {size} GB")
    if item.get("xray_tracing_enabled", False):
        yield _traces(item, requests)


def _traces(item: Resource, requests: Amount) -> Component:
    """A request is one trace, whoever it passes: where functions are traced as well, it is counted there."""
    functions = item.estate.of_type("aws_lambda_function")
    if any(block.get("mode") == "Active" for each in functions for block in each.blocks("tracing_config")):
        return nothing("traces", XRAY, "counted at the functions that answer")
    return only(XRAY, "traces", "xray.trace_recorded", requests * item.assume("tracing.share"), "traces recorded")


def http_stage(item: Resource) -> Iterator[Component]:
    apis = item.related("api_id", "aws_apigatewayv2_api") or item.estate.of_type("aws_apigatewayv2_api")
    if any(api.get("protocol_type", "HTTP") != "HTTP" for api in apis):
        yield unpriced("requests", API, "no prices of a WebSocket API")
        return
    yield only(API, "requests", "api_gateway.http.request", item.assume("api.requests"), "requests")
    yield only(TRANSFER, "internet", "data_transfer.internet_out", item.assume("api.internet_gb"), "answers")


PRICED: Mapping[str, Pricer] = {
    "aws_api_gateway_stage": rest_stage,
    "aws_apigatewayv2_stage": http_stage,
}
