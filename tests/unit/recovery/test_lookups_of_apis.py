"""What a cut creation in API Gateway left is found by its place in the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tooling.recovery.lookup import Found

Client = Callable[..., Any]
Look = Callable[..., list[Found]]
FUNCTIONS = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function"
)


@pytest.fixture
def rest(client: Client) -> Any:
    return client("apigateway")


@pytest.fixture
def http(client: Client) -> Any:
    return client("apigatewayv2")


def test_all_rest_apis_of_a_name_are_found(rest: Any, look: Look) -> None:
    # GIVEN two APIs of one name, and another
    before = datetime.now(UTC).replace(microsecond=0)
    first = rest.create_rest_api(name="twin", tags={"run": "1"})["id"]
    second = rest.create_rest_api(name="twin", tags={"run": "2"})["id"]
    rest.create_rest_api(name="other")

    # WHEN the name is looked for
    found = {one.id: one for one in look("aws_api_gateway_rest_api", name="twin")}

    # THEN both are told, each with what says whose it is
    assert {key: one.tags for key, one in found.items()} == {first: {"run": "1"}, second: {"run": "2"}}
    assert all(one.created is not None and one.created >= before for one in found.values())


def test_a_path_part_is_found_below_its_own_parent(rest: Any, look: Look) -> None:
    # GIVEN the same path part at two places
    api = rest.create_rest_api(name="paths")
    root = {"restApiId": api["id"], "parentId": api["rootResourceId"]}
    users = rest.create_resource(**root, pathPart="users")["id"]
    outer = rest.create_resource(**root, pathPart="{id}")["id"]
    inner = rest.create_resource(restApiId=api["id"], parentId=users, pathPart="{id}")["id"]

    def found(parent: str) -> list[Found]:
        return look("aws_api_gateway_resource", rest_api_id=api["id"], parent_id=parent, path_part="{id}")

    # THEN the parent tells which
    assert found(api["rootResourceId"]) == [Found(outer, within=True)]
    assert found(users) == [Found(inner, within=True)]
    assert found(inner) == []


def test_deployments_are_told_apart_by_their_time(rest: Any, look: Look) -> None:
    # GIVEN an API that is deployed for the second time
    api = rest.create_rest_api(name="deployed")
    place = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    rest.put_method(**place, authorizationType="NONE")
    rest.put_integration(**place, type="MOCK")
    made = {rest.create_deployment(restApiId=api["id"], description="d")["id"] for _ in range(2)}
    rest.create_deployment(restApiId=api["id"], description="by hand")

    # WHEN a deployment is looked for
    found = look("aws_api_gateway_deployment", rest_api_id=api["id"], description="d")

    # THEN both are candidates, and neither counts as the stack's own without its time
    assert {one.id for one in found} == made
    assert all(one.created is not None and not one.within for one in found)


def test_a_stage_is_found_with_its_tags(rest: Any, look: Look) -> None:
    api = rest.create_rest_api(name="staged")
    place = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    rest.put_method(**place, authorizationType="NONE")
    rest.put_integration(**place, type="MOCK")
    deployment = rest.create_deployment(restApiId=api["id"])["id"]
    rest.create_stage(restApiId=api["id"], stageName="live", deploymentId=deployment, tags={"a": "b"})

    (found,) = look("aws_api_gateway_stage", rest_api_id=api["id"], stage_name="live")

    assert (found.id, found.tags, found.within) == (f"ags-{api['id']}-live", {"a": "b"}, True)
    assert look("aws_api_gateway_stage", rest_api_id=api["id"], stage_name="other") == []


def test_a_validator_is_found_by_what_it_checks(rest: Any, look: Look) -> None:
    api = rest.create_rest_api(name="validated")["id"]
    both = {
        body: rest.create_request_validator(
            restApiId=api, name="v", validateRequestBody=body, validateRequestParameters=True
        )["id"]
        for body in (True, False)
    }

    found = look(
        "aws_api_gateway_request_validator",
        rest_api_id=api,
        name="v",
        validate_request_body=True,
        validate_request_parameters=True,
    )

    assert [one.id for one in found] == [both[True]]


@pytest.mark.parametrize(
    ("kind", "planned"),
    [
        ("aws_api_gateway_resource", {"parent_id": "p", "path_part": "users"}),
        ("aws_api_gateway_deployment", {}),
        ("aws_api_gateway_stage", {"stage_name": "live"}),
        ("aws_api_gateway_authorizer", {"name": "a"}),
        ("aws_api_gateway_model", {"name": "m"}),
    ],
)
def test_of_an_api_that_is_gone_nothing_is_found(look: Look, kind: str, planned: dict[str, str]) -> None:
    assert look(kind, rest_api_id="nosuchapi0", **planned) == []


def test_nothing_is_asked_while_the_api_is_unknown(look: Look) -> None:
    assert look("aws_api_gateway_model", rest_api_id=None, name="m") == []
    assert look("aws_apigatewayv2_route", api_id=None, route_key="GET /") == []
    assert look("aws_api_gateway_method", rest_api_id=None, resource_id="r", http_method="GET") == []


def test_a_mapping_without_a_path_ends_with_a_slash(look: Look) -> None:
    mapping = {"domain_name": "api.example.com", "api_id": "a", "stage_name": "live"}

    assert [one.id for one in look("aws_api_gateway_base_path_mapping", **mapping)] == ["api.example.com/"]
    (with_path,) = look("aws_api_gateway_base_path_mapping", **mapping, base_path="v1")
    assert (with_path.id, with_path.there) == ("api.example.com/v1", False)


def test_the_parts_of_an_http_api_are_found(http: Any, look: Look) -> None:
    # GIVEN an API with two integrations that call two functions, and its parts
    api = http.create_api(Name="parts", ProtocolType="HTTP", Tags={"a": "b"})["ApiId"]
    calls = {
        name: http.create_integration(
            ApiId=api,
            IntegrationType="AWS_PROXY",
            IntegrationUri=f"{FUNCTIONS}:{name}/invocations",
            IntegrationMethod="POST",
            PayloadFormatVersion="2.0",
        )["IntegrationId"]
        for name in ("one", "two")
    }
    routes = {
        key: http.create_route(ApiId=api, RouteKey=key, Target=f"integrations/{calls['one']}")["RouteId"]
        for key in ("GET /a", "POST /a")
    }
    authorizer = http.create_authorizer(
        ApiId=api,
        Name="jwt",
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Audience": ["a"], "Issuer": "https://issuer"},
    )["AuthorizerId"]
    http.create_stage(ApiId=api, StageName="$default", Tags={"c": "d"})

    # THEN each is found by what it does
    two = {"integration_type": "AWS_PROXY", "integration_uri": f"{FUNCTIONS}:two/invocations", "description": None}
    assert look("aws_apigatewayv2_integration", api_id=api, **two) == [Found(calls["two"], within=True)]
    assert look("aws_apigatewayv2_route", api_id=api, route_key="POST /a") == [Found(routes["POST /a"], within=True)]
    assert look("aws_apigatewayv2_authorizer", api_id=api, name="jwt") == [Found(authorizer, within=True)]
    (stage,) = look("aws_apigatewayv2_stage", api_id=api, name="$default")
    assert (stage.id, stage.tags, stage.within) == ("$default", {"c": "d"}, True)
    (whole,) = look("aws_apigatewayv2_api", name="parts", protocol_type="HTTP")
    assert (whole.id, whole.tags) == (api, {"a": "b"})
    assert whole.created is not None


def test_a_domain_and_its_mapping_are_found(http: Any, look: Look) -> None:
    api = http.create_api(Name="mapped", ProtocolType="HTTP")["ApiId"]
    http.create_stage(ApiId=api, StageName="live")
    domain = "found.example.com"
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/c"
    configuration = {"CertificateArn": certificate, "EndpointType": "REGIONAL"}
    http.create_domain_name(DomainName=domain, DomainNameConfigurations=[configuration], Tags={"a": "b"})
    mappings = {
        key: http.create_api_mapping(ApiId=api, DomainName=domain, Stage="live", ApiMappingKey=key)["ApiMappingId"]
        for key in ("v1", "v2")
    }

    assert look("aws_apigatewayv2_domain_name", domain_name=domain) == [Found(domain, tags={"a": "b"})]
    planned = {"domain_name": domain, "api_id": api, "stage": "live"}
    assert look("aws_apigatewayv2_api_mapping", **planned, api_mapping_key="v2") == [Found(mappings["v2"], within=True)]
    assert look("aws_apigatewayv2_api_mapping", **planned) == []
    assert look("aws_apigatewayv2_domain_name", domain_name="none.example.com") == []


def test_a_rest_domain_is_found_with_its_tags(rest: Any, look: Look) -> None:
    rest.create_domain_name(domainName="rest.example.com", tags={"a": "b"})

    assert look("aws_api_gateway_domain_name", domain_name="rest.example.com") == [
        Found("rest.example.com", tags={"a": "b"})
    ]
    assert look("aws_api_gateway_domain_name", domain_name="none.example.com") == []
