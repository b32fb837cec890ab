"""REST APIs of API Gateway: an API is found by its name, everything in it by its place in the API."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs
from tooling.recovery.asking import answer, each, fits
from tooling.recovery.lookup import Found, Wanted, derived, finds

# How these ids are put together: the provider's internal/service/apigateway, SetId of each resource.
derived("aws_api_gateway_gateway_response", "aggr-{rest_api_id}-{response_type}", within=True)
derived("aws_api_gateway_integration", "agi-{rest_api_id}-{resource_id}-{http_method}", within=True)
derived(
    "aws_api_gateway_integration_response", "agir-{rest_api_id}-{resource_id}-{http_method}-{status_code}", within=True
)
derived("aws_api_gateway_method", "agm-{rest_api_id}-{resource_id}-{http_method}", within=True)
derived("aws_api_gateway_method_response", "agmr-{rest_api_id}-{resource_id}-{http_method}-{status_code}", within=True)
derived("aws_api_gateway_method_settings", "{rest_api_id}-{stage_name}-{method_path}", within=True)
# A setting that every account has: making it is writing it, so nobody else's can be taken for ours.
derived("aws_api_gateway_account", "api-gateway-account", within=True)


@finds("aws_api_gateway_rest_api")
@needs("name")
def rest_api(wanted: Wanted) -> Iterator[Found]:
    """Names of APIs need not be unique."""
    for api in each(wanted.client("apigateway"), "get_rest_apis", "items", limit=500):
        if fits(wanted.values, {"name": api["name"]}):
            yield Found(api["id"], tags=api.get("tags") or {}, created=api.get("createdDate"))


@finds("aws_api_gateway_resource")
@needs("rest_api_id", "parent_id", "path_part")
def resource(wanted: Wanted) -> Iterator[Found]:
    api = wanted.values["rest_api_id"]
    for item in each(wanted.client("apigateway"), "get_resources", "items", restApiId=api, limit=500):
        if fits(wanted.values, {"parent_id": item.get("parentId"), "path_part": item.get("pathPart")}):
            yield Found(item["id"], within=True)


@finds("aws_api_gateway_deployment")
@needs("rest_api_id")
def deployment(wanted: Wanted) -> Iterator[Found]:
    """Being of the API says nothing, the one before is as well: the time tells the new one."""
    api = wanted.values["rest_api_id"]
    for item in each(wanted.client("apigateway"), "get_deployments", "items", restApiId=api, limit=500):
        if fits(wanted.values, {"description": item.get("description")}):
            yield Found(item["id"], created=item.get("createdDate"))


@finds("aws_api_gateway_stage")
@needs("rest_api_id", "stage_name")
def stage(wanted: Wanted) -> Iterator[Found]:
    api, name = wanted.values["rest_api_id"], wanted.values["stage_name"]
    told = answer(wanted.client("apigateway").get_stage, restApiId=api, stageName=name)
    if told:
        yield Found(f"ags-{api}-{name}", tags=told.get("tags") or {}, created=told.get("createdDate"), within=True)


@finds("aws_api_gateway_authorizer")
@needs("rest_api_id", "name")
def authorizer(wanted: Wanted) -> Iterator[Found]:
    api = wanted.values["rest_api_id"]
    for item in each(wanted.client("apigateway"), "get_authorizers", "items", restApiId=api, limit=500):
        if fits(wanted.values, {"name": item["name"], "type": item["type"]}):
            yield Found(item["id"], within=True)


@finds("aws_api_gateway_model")
@needs("rest_api_id", "name")
def model(wanted: Wanted) -> Iterator[Found]:
    api = wanted.values["rest_api_id"]
    for item in each(wanted.client("apigateway"), "get_models", "items", restApiId=api, limit=500):
        if fits(wanted.values, {"name": item["name"], "content_type": item["contentType"]}):
            yield Found(item["id"], within=True)


@finds("aws_api_gateway_request_validator")
@needs("rest_api_id", "name")
def request_validator(wanted: Wanted) -> Iterator[Found]:
    """Names of validators need not be unique within an API."""
    api = wanted.values["rest_api_id"]
    for item in each(wanted.client("apigateway"), "get_request_validators", "items", restApiId=api, limit=500):
        told = {
            "name": item["name"],
            "validate_request_body": item["validateRequestBody"],
            "validate_request_parameters": item["validateRequestParameters"],
        }
        if fits(wanted.values, told):
            yield Found(item["id"], within=True)


@finds("aws_api_gateway_domain_name")
@needs("domain_name")
def domain_name(wanted: Wanted) -> Iterator[Found]:
    name = wanted.values["domain_name"]
    told = answer(wanted.client("apigateway").get_domain_name, domainName=name)
    if told:
        yield Found(name, tags=told.get("tags") or {})


@finds("aws_api_gateway_base_path_mapping")
@needs("domain_name")
def base_path_mapping(wanted: Wanted) -> Iterator[Found]:
    """Without a path its id ends with the slash."""
    yield Found(f"{wanted.values['domain_name']}/{wanted.values.get('base_path') or ''}", within=True, there=False)
