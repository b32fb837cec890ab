"""The HTTP API: authorizer, stage, CORS, and a domain of one's own."""

from __future__ import annotations

import json

import pytest

from tests.support.plans import Plan

API = "aws_apigatewayv2_api"
STAGE = "aws_apigatewayv2_stage"
DOMAIN_TYPES = {
    "aws_acm_certificate",
    "aws_acm_certificate_validation",
    "aws_apigatewayv2_api_mapping",
    "aws_apigatewayv2_domain_name",
    "aws_route53_record",
}


@pytest.mark.requirement("KF-API-01")
def test_api_is_an_http_api(every: Plan) -> None:
    assert every.one(API)["protocol_type"] == "HTTP"
    assert not {kind for kind in every.types() if kind.startswith("aws_api_gateway_")}


@pytest.mark.requirement("KF-API-02")
def test_tokens_of_the_user_pool_for_the_app_open_the_api(every: Plan) -> None:
    authorizer = every.one("aws_apigatewayv2_authorizer")
    pool, client = every.one("aws_cognito_user_pool"), every.one("aws_cognito_user_pool_client")

    assert authorizer["authorizer_type"] == "JWT"
    assert authorizer["identity_sources"] == ["$request.header.Authorization"]
    assert every.referred(authorizer, "api_id", API)
    issuer = every.references(authorizer, "jwt_configuration", "issuer")
    audience = every.references(authorizer, "jwt_configuration", "audience")
    assert issuer == {pool.block, f"{pool.block}.endpoint"}
    assert audience == {client.block, f"{client.block}.id"}


@pytest.mark.requirement("KF-API-03")
def test_browsers_of_the_app_domains_may_call_the_api(every: Plan) -> None:
    (cors,) = every.one(API)["cors_configuration"]

    assert sorted(cors["allow_origins"]) == sorted(every.input("app_domains"))


@pytest.mark.requirement("KF-API-03")
def test_no_other_browser_may_in_prod(prod: Plan) -> None:
    (cors,) = prod.one(API)["cors_configuration"]

    assert cors["allow_origins"]
    assert not [origin for origin in cors["allow_origins"] if "*" in origin or not origin.startswith("https://")]


@pytest.mark.requirement("KF-S3-05", "KF-API-03")
def test_app_domains_of_development_are_the_development_servers(development: Plan) -> None:
    origins = ["http://localhost:19006", "http://localhost:8081"]
    (of_api,) = development.one(API)["cors_configuration"]
    (of_bucket,) = development.one("aws_s3_bucket_cors_configuration")["cors_rule"]

    assert sorted(of_api["allow_origins"]) == origins
    assert sorted(of_bucket["allowed_origins"]) == origins


@pytest.mark.requirement("KF-API-04")
def test_api_is_throttled(every: Plan) -> None:
    stage = every.one(STAGE)
    (settings,) = stage["default_route_settings"]

    assert settings["throttling_burst_limit"] == 1000
    assert settings["throttling_rate_limit"] == 2000
    assert stage["route_settings"] == []


@pytest.mark.requirement("KF-API-05")
def test_api_answers_at_its_https_endpoint(every: Plan) -> None:
    api = every.one(API)

    assert not api["disable_execute_api_endpoint"]
    assert f"{api.block}.api_endpoint" in every.output_references("api_url")


@pytest.mark.requirement("KF-API-05")
def test_own_domain_speaks_tls_1_2_only(complete: Plan) -> None:
    (configuration,) = complete.one("aws_apigatewayv2_domain_name")["domain_name_configuration"]

    assert configuration["security_policy"] == "TLS_1_2"
    assert complete.outputs["api_url"] == "https://api.example.com"


@pytest.mark.requirement("KF-API-06")
def test_url_has_no_stage_in_it(every: Plan) -> None:
    stage = every.one(STAGE)

    assert (stage["name"], stage["auto_deploy"]) == ("$default", True)
    assert every.referred(stage, "api_id", API)
    references = every.output_references("api_url")
    assert f"{every.one(API).block}.api_endpoint" in references
    assert stage.block not in references


@pytest.mark.requirement("KF-SEC-01")
def test_access_log_holds_no_token_and_no_person(every: Plan) -> None:
    stage = every.one(STAGE)
    (settings,) = stage["access_log_settings"]
    logged = json.loads(settings["format"])

    telling = ("header", "authorization", "claims", "querystring", "identity", "path")
    assert logged
    assert not [value for value in logged.values() if any(word in value.lower() for word in telling)]


@pytest.mark.requirement("KF-NX-05")
def test_own_domain_leads_to_the_api_under_a_certificate_of_its_own(complete: Plan) -> None:
    domain = complete.one("aws_apigatewayv2_domain_name")
    mapping = complete.one("aws_apigatewayv2_api_mapping")
    certificate = complete.one("aws_acm_certificate")

    assert domain["domain_name"] == certificate["domain_name"] == "api.example.com"
    assert certificate["validation_method"] == "DNS"
    assert complete.referred(mapping, "api_id", API)
    assert complete.referred(mapping, "stage", STAGE)
    assert complete.referred(mapping, "domain_name", "aws_apigatewayv2_domain_name")
    validated = complete.references(domain, "domain_name_configuration", "certificate_arn")
    assert "aws_acm_certificate_validation" in {reference.split(".")[0] for reference in validated}


@pytest.mark.requirement("KF-NX-06")
def test_dns_leads_to_the_own_domain(complete: Plan) -> None:
    record = complete.one("aws_route53_record", type="A")
    domain = complete.one("aws_apigatewayv2_domain_name")

    assert (record["name"], record["zone_id"]) == ("api.example.com", "Z0123456789EXAMPLE")
    assert domain.block in complete.references(record, "alias", "name")
    assert domain.block in complete.references(record, "alias", "zone_id")


@pytest.mark.requirement("KF-NX-05")
def test_own_domain_takes_an_existing_certificate(existing_certificate: Plan) -> None:
    (configuration,) = existing_certificate.one("aws_apigatewayv2_domain_name")["domain_name_configuration"]

    assert configuration["certificate_arn"] == "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"
    assert not {kind for kind in existing_certificate.types() if kind.startswith("aws_acm_")}
    assert [record["type"] for record in existing_certificate.all("aws_route53_record")] == ["A"]


@pytest.mark.requirement("KF-NX-05", "KF-NX-06")
def test_there_is_no_domain_unasked(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert not DOMAIN_TYPES & plan.types()
