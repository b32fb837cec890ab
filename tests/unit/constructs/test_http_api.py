from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.api_domain import ApiDomain, ApiDomainProps
from cdktf_app.constructs.http_api import HttpApi, HttpApiProps, JwtIssuer, Route
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]


@pytest.fixture
def api(part: Construct, deployment: Deployment, function: LambdaFunction) -> HttpApi:
    props = HttpApiProps(
        deployment=deployment,
        name="api",
        routes=[
            Route(key="GET /things/{thingId}", function=function),
            Route(key="POST /hello", function=function, public=True),
        ],
        jwt=JwtIssuer(issuer="https://issuer", audience=["client"]),
        cors_origins=["https://app.example.com"],
        throttle_burst=10,
        throttle_rate=20,
        logs=LogSettings(retention_days=30),
    )
    return HttpApi(part, "http", props=props)


@pytest.mark.usefixtures("api")
def test_a_route_wants_a_token_unless_it_is_public(synthesize: Synthesize) -> None:
    module = synthesize()

    closed = module.resource("aws_apigatewayv2_route", "http_get_things_thing_id")
    assert closed["route_key"] == "GET /things/{thingId}"
    assert closed["authorization_type"] == "JWT"
    assert closed["authorizer_id"] == "${aws_apigatewayv2_authorizer.http_jwt.id}"
    public = module.resource("aws_apigatewayv2_route", "http_post_hello")
    assert public["authorization_type"] == "NONE"
    assert "authorizer_id" not in public


@pytest.mark.usefixtures("api")
def test_routes_of_a_function_share_its_integration_and_permission(synthesize: Synthesize) -> None:
    module = synthesize()

    assert module.ids("aws_apigatewayv2_integration") == {"http_job"}
    permission = module.the("aws_lambda_permission")
    assert permission["principal"] == "apigateway.amazonaws.com"
    assert permission["source_arn"] == "${aws_apigatewayv2_api.http.execution_arn}/*/*"


@pytest.mark.usefixtures("api")
def test_the_stage_is_throttled_and_not_part_of_the_url(synthesize: Synthesize) -> None:
    stage = synthesize().the("aws_apigatewayv2_stage")

    assert stage["name"] == "$default"
    assert stage["auto_deploy"] is True
    assert stage["default_route_settings"] == {"throttling_burst_limit": 10, "throttling_rate_limit": 20}


@pytest.mark.requirement("KF-SEC-01")
@pytest.mark.usefixtures("api")
def test_the_access_log_says_neither_who_nor_with_what(synthesize: Synthesize) -> None:
    text = synthesize().the("aws_apigatewayv2_stage")["access_log_settings"]["format"].lower()

    assert "$context.routekey" in text
    for private in ("header", "authorization", "identity", "sourceip", "claims", "querystring"):
        assert private not in text


@pytest.mark.usefixtures("api")
def test_browsers_of_the_given_origins_may_use_the_methods_of_the_routes(synthesize: Synthesize) -> None:
    cors = synthesize().the("aws_apigatewayv2_api")["cors_configuration"]

    assert cors["allow_origins"] == ["https://app.example.com"]
    assert cors["allow_methods"] == ["GET", "POST"]


def test_a_domain_is_made_only_if_it_has_a_name(
    api: HttpApi, part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    domain = ApiDomain(
        part,
        "domain",
        props=ApiDomainProps(
            deployment=deployment,
            api=api,
            domain_name=Input("name"),
            hosted_zone_id=Input("zone"),
            certificate_arn=Input("certificate"),
        ),
    )

    module = synthesize()
    named = '${var.name != "" ? 1 : 0}'
    assert module.the("aws_apigatewayv2_domain_name")["count"] == named
    assert module.the("aws_apigatewayv2_api_mapping")["count"] == named
    assert module.resource("aws_route53_record", "domain_record")["count"] == named
    assert module.the("aws_acm_certificate")["count"] == '${var.name != "" && var.certificate == "" ? 1 : 0}'
    assert module.the("aws_apigatewayv2_domain_name")["domain_name_configuration"]["security_policy"] == "TLS_1_2"
    assert domain.url == '${var.name != "" ? "https://${var.name}" : aws_apigatewayv2_api.http.api_endpoint}'
