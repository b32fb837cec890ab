"""HTTP APIs of API Gateway: an API is found by its name, everything in it by what it does there."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs
from tooling.recovery.asking import answer, each, fits
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_apigatewayv2_api")
@needs("name")
def api(wanted: Wanted) -> Iterator[Found]:
    """Names of APIs need not be unique."""
    for item in each(wanted.client("apigatewayv2"), "get_apis", "Items"):
        if fits(wanted.values, {"name": item["Name"], "protocol_type": item["ProtocolType"]}):
            yield Found(item["ApiId"], tags=item.get("Tags") or {}, created=item.get("CreatedDate"))


@finds("aws_apigatewayv2_authorizer")
@needs("api_id", "name")
def authorizer(wanted: Wanted) -> Iterator[Found]:
    for item in each(wanted.client("apigatewayv2"), "get_authorizers", "Items", ApiId=wanted.values["api_id"]):
        if fits(wanted.values, {"name": item["Name"], "authorizer_type": item["AuthorizerType"]}):
            yield Found(item["AuthorizerId"], within=True)


@finds("aws_apigatewayv2_integration")
@needs("api_id", "integration_type")
def integration(wanted: Wanted) -> Iterator[Found]:
    """It has no name: what it calls, and how, tells one from another."""
    for item in each(wanted.client("apigatewayv2"), "get_integrations", "Items", ApiId=wanted.values["api_id"]):
        told = {
            "connection_id": item.get("ConnectionId"),
            "description": item.get("Description"),
            "integration_method": item.get("IntegrationMethod"),
            "integration_subtype": item.get("IntegrationSubtype"),
            "integration_type": item["IntegrationType"],
            "integration_uri": item.get("IntegrationUri"),
            "payload_format_version": item.get("PayloadFormatVersion"),
        }
        if fits(wanted.values, told):
            yield Found(item["IntegrationId"], within=True)


@finds("aws_apigatewayv2_route")
@needs("api_id", "route_key")
def route(wanted: Wanted) -> Iterator[Found]:
    for item in each(wanted.client("apigatewayv2"), "get_routes", "Items", ApiId=wanted.values["api_id"]):
        if fits(wanted.values, {"route_key": item["RouteKey"]}):
            yield Found(item["RouteId"], within=True)


@finds("aws_apigatewayv2_stage")
@needs("api_id", "name")
def stage(wanted: Wanted) -> Iterator[Found]:
    name = wanted.values["name"]
    told = answer(wanted.client("apigatewayv2").get_stage, ApiId=wanted.values["api_id"], StageName=name)
    if told:
        yield Found(name, tags=told.get("Tags") or {}, created=told.get("CreatedDate"), within=True)


@finds("aws_apigatewayv2_domain_name")
@needs("domain_name")
def domain_name(wanted: Wanted) -> Iterator[Found]:
    name = wanted.values["domain_name"]
    told = answer(wanted.client("apigatewayv2").get_domain_name, DomainName=name)
    if told:
        yield Found(name, tags=told.get("Tags") or {})


@finds("aws_apigatewayv2_api_mapping")
@needs("domain_name", "api_id", "stage")
def api_mapping(wanted: Wanted) -> Iterator[Found]:
    """A domain has one mapping a path."""
    domain = wanted.values["domain_name"]
    mappings = each(
        wanted.client("apigatewayv2"), "get_api_mappings", "Items", token=("NextToken", "NextToken"), DomainName=domain
    )
    for item in mappings:
        if (item.get("ApiMappingKey") or "") == (wanted.values.get("api_mapping_key") or "") and fits(
            wanted.values, {"api_id": item["ApiId"], "stage": item["Stage"]}
        ):
            yield Found(item["ApiMappingId"], within=True)
