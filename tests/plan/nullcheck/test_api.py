"""The REST API: its stage, its routes, what it checks, and who may call."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.plan.nullcheck.api import (
    ANSWER,
    METHOD_RESPONSE,
    PATHS,
    RESOURCE,
    ROUTES,
    belonging,
    integration,
    methods,
    model,
)
from tests.plan.nullcheck.functions import GROUPS, function, suffix
from tests.support.plans import Plan
from tests.support.project import REPOSITORY

API = "aws_api_gateway_rest_api"
STAGE = "aws_api_gateway_stage"
SETTINGS = "aws_api_gateway_method_settings"
AUTHORIZER = "aws_api_gateway_authorizer"
OF_THE_API = (
    "aws_api_gateway_deployment",
    "aws_api_gateway_gateway_response",
    "aws_api_gateway_integration",
    "aws_api_gateway_integration_response",
    "aws_api_gateway_method",
    "aws_api_gateway_method_response",
    "aws_api_gateway_method_settings",
    "aws_api_gateway_model",
    "aws_api_gateway_request_validator",
    "aws_api_gateway_resource",
    "aws_api_gateway_stage",
)
ORIGIN = "Access-Control-Allow-Origin"

each_route = pytest.mark.parametrize("key", ROUTES)
each_path = pytest.mark.parametrize("path", PATHS)


@pytest.mark.requirement("NC-API-01")
def test_there_is_one_api_and_it_is_a_rest_api(every: Plan) -> None:
    api = every.one(API)

    assert api["name"] == f"nullcheck-api{suffix(every)}"
    assert [each["types"] for each in api["endpoint_configuration"]] == [["REGIONAL"]]
    assert not {kind for kind in every.types() if kind.startswith("aws_apigatewayv2_")}
    for kind in OF_THE_API:
        assert every.all(kind)
        assert all(every.references(each, "rest_api_id") == {api.block, f"{api.block}.id"} for each in every.all(kind))


@pytest.mark.requirement("NC-API-02")
def test_stage_is_called_api_in_every_environment(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        stage = plan.one(STAGE)

        assert stage["stage_name"] == "api"
        assert plan.referred(stage, "deployment_id", "aws_api_gateway_deployment")


@pytest.mark.requirement("NC-API-02")
def test_each_change_of_the_api_is_deployed(every: Plan) -> None:
    parts = [
        each.block
        for kind in OF_THE_API
        for each in every.all(kind)
        if kind not in ("aws_api_gateway_deployment", STAGE, SETTINGS)
    ]
    deployment = every.one("aws_api_gateway_deployment")

    assert {*parts, "aws_api_gateway_authorizer.rest_callers"} == every.awaited(deployment)
    # Deployed again when what it is made from changes.
    called = {f"{function(every, name).block}.invoke_arn" for name in ROUTES.values()}
    assert called | {"var.cors_origin"} <= every.references(deployment, "triggers")


@pytest.mark.requirement("NC-DEP-03", "NC-SEC-02")
def test_url_is_that_of_the_stage(every: Plan) -> None:
    stage = every.one(STAGE)

    assert every.output_references("api_url") == {stage.block, f"{stage.block}.invoke_url"}
    # API Gateway's own address, which answers HTTPS only, and no other.
    assert not every.one(API).values.get("disable_execute_api_endpoint")
    assert not {"aws_api_gateway_domain_name", "aws_api_gateway_base_path_mapping"} & every.types()


@pytest.mark.requirement("NC-API-09")
def test_routes_are_these(every: Plan) -> None:
    assert set(methods(every)) == {*ROUTES, *(f"OPTIONS {path}" for path in PATHS)}
    assert len(every.all(RESOURCE)) == len(PATHS)


@pytest.mark.requirement("NC-API-09")
@each_route
def test_route_reaches_the_function_that_manages_episodes(every: Plan, key: str) -> None:
    called = function(every, ROUTES[key])
    found = integration(every, methods(every)[key])

    assert ROUTES[key] in GROUPS["episode"]
    assert (found["type"], found["integration_http_method"]) == ("AWS_PROXY", "POST")
    assert every.references(found, "uri") == {called.block, f"{called.block}.invoke_arn"}


@pytest.mark.requirement("NC-API-09")
@pytest.mark.parametrize("name", GROUPS["episode"])
def test_api_may_call_the_function(every: Plan, name: str) -> None:
    called = function(every, name)
    (permission,) = [
        each for each in every.all("aws_lambda_permission") if called.block in every.references(each, "function_name")
    ]
    api = every.one(API)

    assert (permission["principal"], permission["action"]) == ("apigateway.amazonaws.com", "lambda:InvokeFunction")
    assert every.references(permission, "source_arn") == {api.block, f"{api.block}.execution_arn"}


@pytest.mark.requirement("NC-API-03", "NC-DEP-02")
@each_path
def test_browsers_of_the_cors_origin_are_answered_everywhere(everywhere: Plan, chosen: Plan, path: str) -> None:
    for plan, origin in (
        (everywhere, everywhere.input("cors_origin") or "*"),
        (chosen, "https://app.example.com"),
    ):
        preflight = methods(plan)[f"OPTIONS {path}"]
        allowed = sorted({key.split()[0] for key in methods(plan) if key.split()[1] == path})
        (declared,) = belonging(plan, preflight, METHOD_RESPONSE)
        (answer,) = belonging(plan, preflight, ANSWER)
        mocked = integration(plan, preflight)

        assert preflight["authorization"] == "NONE"
        assert (mocked["type"], mocked["request_templates"]) == ("MOCK", {"application/json": '{"statusCode":200}'})
        assert declared["status_code"] == answer["status_code"] == "200"
        assert declared["response_parameters"] == dict.fromkeys(answer["response_parameters"], True)
        assert answer["response_parameters"] == {
            f"method.response.header.{ORIGIN}": f"'{origin}'",
            "method.response.header.Access-Control-Allow-Methods": f"'{','.join(allowed)}'",
            "method.response.header.Access-Control-Allow-Headers": "'Authorization,Content-Type'",
        }


@pytest.mark.requirement("NC-API-03", "NC-DEP-02")
def test_browsers_may_read_errors_of_the_api_itself(everywhere: Plan, chosen: Plan) -> None:
    for plan, origin in (
        (everywhere, everywhere.input("cors_origin") or "*"),
        (chosen, "https://app.example.com"),
    ):
        answers = plan.all("aws_api_gateway_gateway_response")

        assert {each["response_type"] for each in answers} == {"DEFAULT_4XX", "DEFAULT_5XX"}
        assert [each["response_parameters"] for each in answers] == [
            {
                f"gatewayresponse.header.{ORIGIN}": f"'{origin}'",
                "gatewayresponse.header.Access-Control-Allow-Headers": "'Authorization,Content-Type'",
            }
        ] * 2


@pytest.mark.requirement("NC-DEP-02")
def test_any_origin_may_call_unless_the_caller_says_otherwise(minimal: Plan, prod: Plan, development: Plan) -> None:
    assert minimal.variables["cors_origin"]["default"] == "*"
    assert development.input("cors_origin") == "*"
    assert prod.input("cors_origin").startswith("https://")


@pytest.mark.requirement("NC-API-04")
def test_every_request_is_checked(every: Plan) -> None:
    validator = every.one("aws_api_gateway_request_validator")

    assert (validator["validate_request_body"], validator["validate_request_parameters"]) == (True, True)
    for method in methods(every).values():
        assert every.references(method, "request_validator_id") == {validator.block, f"{validator.block}.id"}


@pytest.mark.requirement("NC-API-04")
@pytest.mark.parametrize(
    ("key", "body", "parameters"),
    [
        ("POST /episodes", "NewEpisode", None),
        ("GET /episodes", None, {"querystring.limit": False, "querystring.cursor": False}),
        ("GET /episodes/{id}", None, {"path.id": True}),
        ("PATCH /episodes/{id}", "EpisodeChanges", {"path.id": True}),
        ("POST /episodes/{id}/upload-url", "UploadRequest", {"path.id": True}),
    ],
)
def test_request_must_have_what_its_route_declares(
    every: Plan, key: str, body: str | None, parameters: dict[str, bool] | None
) -> None:
    method = methods(every)[key]

    assert method["request_models"] == ({"application/json": body} if body else None)
    assert method["request_parameters"] == (
        {f"method.request.{name}": needed for name, needed in parameters.items()} if parameters else None
    )


TITLE = {"type": "string", "minLength": 1, "maxLength": 200}
DESCRIPTION = {"type": ["string", "null"], "maxLength": 2000}
EPISODE: dict[str, Any] = {
    "id": {"type": "string"},
    "title": TITLE,
    "description": DESCRIPTION,
    "status": {"type": "string", "enum": ["created", "chunked", "ready", "failed"]},
    "failureReason": {"type": ["string", "null"]},
    "chunkCount": {"type": ["integer", "null"]},
    "createdAt": {"type": "string"},
    "updatedAt": {"type": "string"},
}
UPLOAD_URL = {"uploadUrl": {"type": "string"}, "key": {"type": "string"}, "expiresInSeconds": {"type": "integer"}}


def schema(plan: Plan, name: str) -> dict[str, Any]:
    found = model(plan, name)
    content: dict[str, Any] = json.loads(found["schema"])
    assert found["content_type"] == "application/json"
    assert content.pop("$schema") == "http://json-schema.org/draft-04/schema#"
    assert content.pop("type") == "object"
    return content


@pytest.mark.requirement("NC-API-04")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "NewEpisode",
            {
                "required": ["title"],
                "properties": {"title": TITLE, "description": DESCRIPTION},
                "additionalProperties": False,
            },
        ),
        (
            "EpisodeChanges",
            {
                "minProperties": 1,
                "properties": {"title": TITLE, "description": DESCRIPTION},
                "additionalProperties": False,
            },
        ),
        (
            "UploadRequest",
            {
                "required": ["fileName"],
                "properties": {"fileName": {"type": "string", "minLength": 1, "maxLength": 100}},
                "additionalProperties": False,
            },
        ),
    ],
)
def test_body_of_a_request_is_what_its_function_takes(every: Plan, name: str, expected: dict[str, Any]) -> None:
    assert schema(every, name) == expected


@pytest.mark.requirement("NC-API-05")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Episode", {"required": list(EPISODE), "properties": EPISODE}),
        (
            "EpisodePage",
            {
                "required": ["episodes", "cursor"],
                "properties": {
                    "episodes": {
                        "type": "array",
                        "items": {"type": "object", "required": list(EPISODE), "properties": EPISODE},
                    },
                    "cursor": {"type": ["string", "null"]},
                },
            },
        ),
        ("UploadUrl", {"required": list(UPLOAD_URL), "properties": UPLOAD_URL}),
        ("Refusal", {"required": ["error"], "properties": {"error": {"type": "string"}}}),
    ],
)
def test_body_of_an_answer_is_what_its_function_promises(every: Plan, name: str, expected: dict[str, Any]) -> None:
    assert schema(every, name) == expected


@pytest.mark.requirement("NC-API-05")
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("POST /episodes", {"201": "Episode", "400": "Refusal"}),
        ("GET /episodes", {"200": "EpisodePage", "400": "Refusal"}),
        ("GET /episodes/{id}", {"200": "Episode", "400": "Refusal", "404": "Refusal"}),
        ("PATCH /episodes/{id}", {"200": "Episode", "400": "Refusal", "404": "Refusal"}),
        ("POST /episodes/{id}/upload-url", {"201": "UploadUrl", "400": "Refusal", "404": "Refusal"}),
    ],
)
def test_answers_of_a_route_have_models(every: Plan, key: str, expected: dict[str, str]) -> None:
    answers = belonging(every, methods(every)[key], METHOD_RESPONSE)

    assert {each["status_code"]: each["response_models"] for each in answers} == {
        status: {"application/json": name} for status, name in expected.items()
    }
    assert [each["response_parameters"] for each in answers] == [{f"method.response.header.{ORIGIN}": True}] * len(
        expected
    )


@pytest.mark.requirement("NC-API-06", "NC-API-07", "NC-API-08", "NC-SCL-02", "NC-MON-01")
def test_methods_have_metrics_errors_and_traces_and_no_limit_of_their_own(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        settings = plan.one(SETTINGS)
        (of_all,) = settings["settings"]

        assert (settings["method_path"], settings["stage_name"]) == ("*/*", "api")
        assert of_all["metrics_enabled"] is True
        assert of_all["logging_level"] == "ERROR"
        assert of_all["data_trace_enabled"] is True
        assert (of_all["throttling_rate_limit"], of_all["throttling_burst_limit"]) == (-1, -1)


@pytest.mark.requirement("NC-API-08")
def test_a_caller_may_turn_data_traces_off(chosen: Plan, minimal: Plan) -> None:
    (of_all,) = chosen.one(SETTINGS)["settings"]

    assert minimal.variables["data_trace_enabled"]["default"] is True
    assert of_all["data_trace_enabled"] is False


@pytest.mark.requirement("NC-API-07")
def test_the_account_lets_api_gateway_log_before_the_stage_does(named: Plan) -> None:
    account = named.one("aws_api_gateway_account")

    assert named.referred(account, "cloudwatch_role_arn", "aws_iam_role")
    assert account.block in named.awaited(named.one(STAGE))


@pytest.mark.requirement("NC-API-07")
def test_one_stack_of_each_account_looks_after_the_role_of_all_apis(every: Plan) -> None:
    values = (REPOSITORY / "envs" / every.input("environment") / "rewind/terraform.tfvars").read_text()

    assert every.input("manage_api_gateway_account") is False
    assert "manage_api_gateway_account" not in values, "rewind looks after it, as by default"


@pytest.mark.requirement("NC-API-07")
def test_the_account_is_left_alone_where_another_stack_looks_after_it(bare: Plan) -> None:
    assert not bare.all("aws_api_gateway_account")
    # Those of the functions, and MediaConvert's.
    assert len(bare.all("aws_iam_role")) == 11


@pytest.mark.requirement("NC-SEC-04")
def test_anybody_may_call_unasked(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert not plan.all(AUTHORIZER)
        assert {each["authorization"] for each in methods(plan).values()} == {"NONE"}


def route_methods(plan: Plan) -> list[Any]:
    return [method for key, method in methods(plan).items() if not key.startswith("OPTIONS ")]


@pytest.mark.requirement("NC-SEC-04")
def test_tokens_of_a_user_pool_may_open_the_api(chosen: Plan) -> None:
    authorizer = chosen.one(AUTHORIZER)

    assert authorizer["type"] == "COGNITO_USER_POOLS"
    assert authorizer["provider_arns"] == ["arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_Ab1Cd2Ef3"]
    assert authorizer["identity_source"] == "method.request.header.Authorization"
    assert not authorizer.values.get("authorizer_uri")
    assert {method["authorization"] for method in route_methods(chosen)} == {"COGNITO_USER_POOLS"}
    assert all(authorizer.block in chosen.references(each, "authorizer_id") for each in route_methods(chosen))


@pytest.mark.requirement("NC-SEC-04")
def test_a_function_may_decide_who_calls(bare: Plan) -> None:
    authorizer = bare.one(AUTHORIZER)
    called = "arn:aws:lambda:us-east-1:111122223333:function:whoMay"

    assert authorizer["type"] == "TOKEN"
    assert authorizer["authorizer_uri"] == (
        f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{called}/invocations"
    )
    assert not authorizer.values.get("provider_arns")
    assert {method["authorization"] for method in route_methods(bare)} == {"CUSTOM"}
    assert all(authorizer.block in bare.references(each, "authorizer_id") for each in route_methods(bare))


@pytest.mark.requirement("NC-SEC-04")
def test_browsers_ask_for_leave_without_a_token(chosen: Plan, bare: Plan) -> None:
    for plan in (chosen, bare):
        preflights = [method for key, method in methods(plan).items() if key.startswith("OPTIONS ")]

        assert {each["authorization"] for each in preflights} == {"NONE"}


def test_access_log_holds_no_token_and_no_person(every: Plan) -> None:
    (settings,) = every.one(STAGE)["access_log_settings"]
    logged = json.loads(settings["format"])

    telling = ("header", "authorization", "claims", "querystring", "identity", "$context.path")
    assert logged
    assert not [value for value in logged.values() if any(word in value.lower() for word in telling)]
