"""The REST API in each region: routes, CORS, who is let in, throttling, and the web ACL in front."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from cdktf_app.architectures.rewind.backend import ROUTES
from tests.plan.rewind.conftest import GIVEN_POOL
from tests.plan.rewind.parts import FUNCTIONS, Side, domain_name, sides
from tests.support.plans import Plan, Resource

METHOD = "aws_api_gateway_method"
INTEGRATION = "aws_api_gateway_integration"
RESOURCE = "aws_api_gateway_resource"
REST_API = "aws_api_gateway_rest_api"
STAGE = "aws_api_gateway_stage"
WEB_ACL = "aws_wafv2_web_acl"

CORS = ("Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers")
# What is not in a deployment: it belongs to the API, the stage, the account or the domain.
NOT_DEPLOYED = {
    REST_API,
    STAGE,
    "aws_api_gateway_account",
    "aws_api_gateway_base_path_mapping",
    "aws_api_gateway_domain_name",
    "aws_api_gateway_method_settings",
}
PATHS = {"/podcasts", "/podcasts/add", "/recommendations", "/share/generate"}


def path_of(side: Side, part: Resource) -> str:
    """Path of a method, or of what belongs to one."""
    if part.type != RESOURCE:
        owner = METHOD if part.type != METHOD else RESOURCE
        return path_of(side, side.plan.referred(part, "resource_id", owner))
    above = side.plan.references(part, "parent_id")
    parents = [each for each in side.all(RESOURCE) if each.block in above]
    if not parents:
        assert f"{at(side.one(REST_API))}.root_resource_id" in above
    return "".join(path_of(side, each) for each in parents) + f"/{part['path_part']}"


def at(resource: Resource) -> str:
    """How others refer to a resource: by its number, where there is one."""
    return resource.address


def methods(side: Side) -> dict[str, Resource]:
    """Every method by ``GET /path``."""
    return {f"{each['http_method']} {path_of(side, each)}": each for each in side.all(METHOD)}


def routes(side: Side) -> dict[str, Resource]:
    """Every method but those that answer preflights."""
    return {key: each for key, each in methods(side).items() if not key.startswith("OPTIONS ")}


def integration(side: Side, method: Resource) -> Resource:
    (found,) = [each for each in side.all(INTEGRATION) if side.plan.referred(each, "resource_id", METHOD) == method]
    assert side.plan.referred(found, "http_method", METHOD) == method
    assert found["http_method"] == method["http_method"]
    return found


def target(side: Side, method: Resource) -> str:
    """Name of the function that answers, in the document's words: the API calls an alias of it."""
    alias = side.plan.referred(integration(side, method), "uri", "aws_lambda_alias")
    assert f"{at(alias)}.invoke_arn" in side.plan.references(integration(side, method), "uri")
    name: str = side.plan.referred(alias, "function_name", "aws_lambda_function")["function_name"]
    return name.removesuffix(side.suffix)


def origin(plan: Plan) -> str:
    return plan.input("cors_origin") or f"https://{domain_name(plan)}"


@pytest.mark.requirement("RW-API-01")
def test_api_is_a_rest_api_one_a_region(everywhere: Plan) -> None:
    for side in sides(everywhere):
        api = side.one(REST_API)
        assert api["name"] == f"rewind-api{side.suffix}"
        (endpoint,) = api["endpoint_configuration"]
        assert endpoint["types"] == ["REGIONAL"]
        assert all(
            side.plan.referred(part, "rest_api_id", REST_API) == api
            for kind in (METHOD, INTEGRATION, RESOURCE, STAGE, "aws_api_gateway_deployment")
            for part in side.all(kind)
        )
    assert not [kind for kind in everywhere.types() if kind.startswith("aws_apigatewayv2_")]


@pytest.mark.requirement("RW-API-01")
def test_each_change_of_the_api_is_deployed(everywhere: Plan) -> None:
    for side in sides(everywhere):
        deployment = side.one("aws_api_gateway_deployment")
        stage = side.one(STAGE)
        parts = {
            each.block for kind in everywhere.types() if kind.startswith("aws_api_gateway_") for each in side.all(kind)
        }
        called = {f"{at(alias)}.invoke_arn" for alias in side.all("aws_lambda_alias")}

        assert everywhere.referred(stage, "deployment_id", deployment.type) == deployment
        assert everywhere.awaited(deployment) == {
            block for block in parts if block.partition(".")[0] not in NOT_DEPLOYED | {deployment.type}
        }
        # Deployed again when what it is made from changes.
        assert everywhere.references(deployment, "triggers") >= called | {
            "var.cors_origin",
            f"{at(side.one('aws_api_gateway_authorizer'))}.id",
        }


@pytest.mark.requirement("RW-API-02")
def test_every_path_answers_preflights_by_itself(everywhere: Plan) -> None:
    for side in sides(everywhere):
        preflights = {key: each for key, each in methods(side).items() if key.startswith("OPTIONS ")}
        assert preflights.keys() == {f"OPTIONS {path}" for path in PATHS}
        for key, method in preflights.items():
            mock = integration(side, method)
            assert method["authorization"] == "NONE"
            assert mock["type"] == "MOCK"
            assert mock["request_templates"] == {"application/json": '{"statusCode":200}'}
            (declared,) = belonging(side, "aws_api_gateway_method_response", method)
            (filled,) = belonging(side, "aws_api_gateway_integration_response", method)
            path = key.removeprefix("OPTIONS ")
            allowed = sorted({"OPTIONS", *(key.split()[0] for key in ROUTES if key.split()[1] == path)})
            assert (declared["status_code"], filled["status_code"]) == ("200", "200")
            assert (declared["http_method"], filled["http_method"]) == ("OPTIONS", "OPTIONS")
            assert declared["response_parameters"] == {f"method.response.header.{name}": True for name in CORS}
            assert filled["response_parameters"] == {
                "method.response.header.Access-Control-Allow-Origin": f"'{origin(everywhere)}'",
                "method.response.header.Access-Control-Allow-Methods": f"'{','.join(allowed)}'",
                "method.response.header.Access-Control-Allow-Headers": "'Authorization,Content-Type'",
            }


def belonging(side: Side, kind: str, method: Resource) -> list[Resource]:
    return [each for each in side.all(kind) if side.plan.referred(each, "resource_id", METHOD) == method]


@pytest.mark.requirement("RW-API-02")
def test_browsers_may_read_errors_of_the_api_itself(everywhere: Plan) -> None:
    for side in sides(everywhere):
        answers = {
            each["response_type"]: each["response_parameters"] for each in side.all("aws_api_gateway_gateway_response")
        }
        headers = {
            "gatewayresponse.header.Access-Control-Allow-Origin": f"'{origin(everywhere)}'",
            "gatewayresponse.header.Access-Control-Allow-Headers": "'Authorization,Content-Type'",
        }
        assert answers == {"DEFAULT_4XX": headers, "DEFAULT_5XX": headers}


@pytest.mark.requirement("RW-API-02")
def test_origin_is_the_site_and_never_any(prod: Plan, dev: Plan, chosen: Plan) -> None:
    assert (origin(prod), origin(dev)) == ("https://rewindpodcast.com", "https://dev.rewindpodcast.com")
    assert origin(chosen) == "http://localhost:5173"


@pytest.mark.requirement("RW-API-03")
def test_stage_has_the_name_of_the_environment(dev: Plan, prod: Plan) -> None:
    assert dev.one(STAGE)["stage_name"] == "dev"
    assert [each["stage_name"] for each in prod.all(STAGE)] == ["prod", "prod"]
    for plan in (dev, prod):
        for side in sides(plan):
            settings = side.one("aws_api_gateway_method_settings")
            assert plan.referred(settings, "stage_name", STAGE) == side.one(STAGE)


@pytest.mark.requirement("RW-API-04")
def test_a_podcast_is_added_by_the_podcast_handler(everywhere: Plan) -> None:
    for side in sides(everywhere):
        assert_mapped(side, "POST /podcasts/add", "podcastHandler")


@pytest.mark.requirement("RW-API-05")
def test_a_share_is_made_by_the_share_handler(everywhere: Plan) -> None:
    for side in sides(everywhere):
        assert_mapped(side, "POST /share/generate", "shareHandler")


def assert_mapped(side: Side, key: str, function: str) -> None:
    method = routes(side)[key]
    called = integration(side, method)
    assert target(side, method) == function
    # A Lambda function is always called by POST.
    assert (called["type"], called["integration_http_method"]) == ("AWS_PROXY", "POST")


@pytest.mark.requirement("RW-API-06")
def test_routes_are_those_of_the_one_table(everywhere: Plan) -> None:
    for side in sides(everywhere):
        assert {key: target(side, method) for key, method in routes(side).items()} == ROUTES
        for key, function in ROUTES.items():
            assert_mapped(side, key, function)
    assert set(ROUTES.values()) == set(FUNCTIONS)
    assert ROUTES["GET /recommendations"] == "recommendationHandler"


@pytest.mark.requirement("RW-API-04", "RW-API-05", "RW-API-06")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_this_api_may_call_the_function(everywhere: Plan, name: str) -> None:
    for side in sides(everywhere):
        (permission,) = [
            each
            for each in side.all("aws_lambda_permission", principal="apigateway.amazonaws.com")
            if everywhere.referred(each, "function_name", "aws_lambda_function") == side.function(name)
        ]
        alias = everywhere.referred(permission, "qualifier", "aws_lambda_alias")

        assert permission["action"] == "lambda:InvokeFunction"
        assert permission["qualifier"] == alias["name"] == "live"
        assert everywhere.references(permission, "source_arn") >= {f"{at(side.one(REST_API))}.execution_arn"}
        # The version that the API calls.
        assert everywhere.referred(alias, "function_name", "aws_lambda_function") == side.function(name)


@pytest.mark.requirement("RW-API-07")
def test_stage_lets_100_requests_a_second_through(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, rate, burst in ((every, 100, 100), (minimal, 100, 100), (chosen, 50, 60)):
        for side in sides(plan):
            method_settings = side.one("aws_api_gateway_method_settings")
            (settings,) = method_settings["settings"]
            assert method_settings["method_path"] == "*/*"
            assert (settings["throttling_rate_limit"], settings["throttling_burst_limit"]) == (rate, burst)


@pytest.mark.requirement("RW-AU-02")
def test_only_tokens_of_the_user_pool_open_the_api(every: Plan) -> None:
    pool = every.one("aws_cognito_user_pool")
    for side in sides(every):
        authorizer = side.one("aws_api_gateway_authorizer")
        assert authorizer["type"] == "COGNITO_USER_POOLS"
        assert authorizer["identity_source"] == "method.request.header.Authorization"
        assert every.referred(authorizer, "rest_api_id", REST_API) == side.one(REST_API)
        assert every.referred(authorizer, "provider_arns", pool.type) == pool
        assert_guarded(side)


@pytest.mark.requirement("RW-AU-02")
def test_tokens_of_a_given_pool_do(chosen: Plan) -> None:
    arn = f"arn:aws:cognito-idp:us-east-1:111122223333:userpool/{GIVEN_POOL}"
    for side in sides(chosen):
        assert side.one("aws_api_gateway_authorizer")["provider_arns"] == [arn]
        assert_guarded(side)


def assert_guarded(side: Side) -> None:
    assert len(routes(side)) == len(ROUTES)
    for method in routes(side).values():
        assert method["authorization"] == "COGNITO_USER_POOLS"
        assert side.plan.referred(method, "authorizer_id", "aws_api_gateway_authorizer") == side.one(
            "aws_api_gateway_authorizer"
        )
        assert not method["api_key_required"]


@pytest.mark.requirement("RW-API-06")
def test_requests_are_checked_before_they_reach_a_function(everywhere: Plan) -> None:
    for side in sides(everywhere):
        validator = side.one("aws_api_gateway_request_validator")
        assert (validator["validate_request_body"], validator["validate_request_parameters"]) == (True, True)
        for method in side.all(METHOD):
            assert everywhere.referred(method, "request_validator_id", validator.type) == validator


@pytest.mark.requirement("RW-MON-02")
def test_api_reports_metrics_and_logs_its_errors(everywhere: Plan) -> None:
    for side in sides(everywhere):
        (settings,) = side.one("aws_api_gateway_method_settings")["settings"]
        stage = side.one(STAGE)
        assert settings["metrics_enabled"] is True
        assert settings["logging_level"] == "ERROR"
        # Whole requests hold what people do.
        assert settings["data_trace_enabled"] is False
        assert stage["xray_tracing_enabled"] is True
        logs = everywhere.references(stage, "access_log_settings", "destination_arn")
        (group,) = [each for each in side.all("aws_cloudwatch_log_group") if each.block in logs]
        assert group["name"] == f"/aws/apigateway/rewind-api{side.suffix}"
        (access,) = stage["access_log_settings"]
        logged: dict[str, Any] = json.loads(access["format"])
        assert {"$context.status", "$context.resourcePath", "$context.responseLatency"} <= set(logged.values())
        assert not [value for value in logged.values() if re.search("identity|claims|header|querystring|path$", value)]


@pytest.mark.requirement("RW-MON-02")
def test_api_may_write_its_logs(every: Plan) -> None:
    for side in sides(every):
        account = side.one("aws_api_gateway_account")
        role = every.referred(account, "cloudwatch_role_arn", "aws_iam_role")
        (trust,) = every.statements(role, "assume_role_policy")
        assert trust.principals == {("Service", "apigateway.amazonaws.com")}
        execution = [
            each
            for each in side.all("aws_cloudwatch_log_group")
            if side.plan.references(each, "name") >= {f"{at(side.one(REST_API))}.id"}
        ]
        # API Gateway makes this group, kept for ever, unless it is there.
        assert len(execution) == 1


@pytest.mark.requirement("RW-MON-02")
def test_one_stack_of_an_account_manages_its_role(chosen: Plan, minimal: Plan) -> None:
    assert not chosen.all("aws_api_gateway_account")
    assert minimal.variables["manage_api_gateway_account"]["default"] is True


@pytest.mark.requirement("RW-SEC-01")
def test_web_acl_stands_before_the_stage(everywhere: Plan) -> None:
    for side in sides(everywhere):
        acl = side.one(WEB_ACL)
        association = side.one("aws_wafv2_web_acl_association")
        assert acl["scope"] == "REGIONAL"
        assert everywhere.referred(association, "web_acl_arn", WEB_ACL) == acl
        assert everywhere.referred(association, "resource_arn", STAGE) == side.one(STAGE)
        (default,) = acl["default_action"]
        # What no rule blocks may pass.
        assert (len(default["allow"]), default["block"]) == (1, [])


@pytest.mark.requirement("RW-SEC-01")
def test_web_acl_blocks_who_asks_too_often(every: Plan, chosen: Plan) -> None:
    for plan, limit in ((every, 2000), (chosen, 500)):
        for side in sides(plan):
            (rule,) = [each for each in side.one(WEB_ACL)["rule"] if each["statement"][0]["rate_based_statement"]]
            (rate,) = rule["statement"][0]["rate_based_statement"]
            (action,) = rule["action"]
            assert {name: rate[name] for name in ("limit", "aggregate_key_type", "evaluation_window_sec")} == {
                "limit": limit,
                "aggregate_key_type": "IP",
                "evaluation_window_sec": 300,
            }
            # Of all requests, not of some.
            assert rate["scope_down_statement"] == []
            assert (len(action["block"]), action["count"], action["allow"]) == (1, [], [])
            assert rule["priority"] == 0


@pytest.mark.requirement("RW-SEC-01")
def test_web_acl_blocks_what_aws_knows_to_be_bad(everywhere: Plan) -> None:
    for side in sides(everywhere):
        managed = {}
        for rule in side.one(WEB_ACL)["rule"]:
            for group in rule["statement"][0]["managed_rule_group_statement"]:
                managed[group["name"]] = group["vendor_name"]
                (override,) = rule["override_action"]
                # As the group says: block.
                assert (len(override["none"]), override["count"]) == (1, [])
                assert group["rule_action_override"] == group["scope_down_statement"] == []
        assert managed == {
            "AWSManagedRulesAmazonIpReputationList": "AWS",
            "AWSManagedRulesCommonRuleSet": "AWS",
            "AWSManagedRulesKnownBadInputsRuleSet": "AWS",
        }
        rules = side.one(WEB_ACL)["rule"]
        assert sorted(rule["priority"] for rule in rules) == [0, 1, 2, 3]
        assert {rule["name"] for rule in rules} == managed.keys() | {"rate"}
        # What is blocked is seen, under the name of what blocked it.
        for each in (side.one(WEB_ACL), *rules):
            assert each["visibility_config"] == [
                {
                    "cloudwatch_metrics_enabled": True,
                    "sampled_requests_enabled": True,
                    "metric_name": each["name"],
                }
            ]


@pytest.mark.requirement("RW-SEC-01")
def test_web_acl_logs_without_tokens(everywhere: Plan) -> None:
    for side in sides(everywhere):
        logging = side.one("aws_wafv2_web_acl_logging_configuration")
        group = everywhere.referred(logging, "log_destination_configs", "aws_cloudwatch_log_group")
        # WAF takes log groups of this prefix only.
        assert group["name"] == f"aws-waf-logs-rewind-api{side.suffix}"
        assert everywhere.referred(logging, "resource_arn", WEB_ACL) == side.one(WEB_ACL)
        assert [each["single_header"][0]["name"] for each in logging["redacted_fields"]] == ["authorization"]
