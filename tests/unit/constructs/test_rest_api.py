from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cdktf_app.bindings.core import App, Construct
from cdktf_app.constructs.api_account import ApiAccount
from cdktf_app.constructs.api_authorizer import UserPoolAuthorizer
from cdktf_app.constructs.lambda_function import FunctionSettings, LambdaFunction, LambdaFunctionProps
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.rest_api import RestApi, RestApiProps, RestRoute, Throttle
from cdktf_app.deployment import Deployment
from cdktf_app.expressions import Expression, Literal
from cdktf_app.module_stack import Input, ModuleStack
from tests.unit.constructs.conftest import DEPLOYMENT, function_settings
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]
ORIGIN = "https://app.example.com"
MODELS: dict[str, dict[str, Literal]] = {
    "NewItem": {"type": "object", "required": ["title"]},
    "Item": {"type": "object"},
}


@pytest.fixture
def props(deployment: Deployment, account: ApiAccount, function: LambdaFunction) -> RestApiProps:
    return RestApiProps(
        deployment=deployment,
        name="api",
        stage="${var.environment}",
        routes=[
            RestRoute(key="GET /items/{id}", function=function, query={"full": False, "as": True}),
            RestRoute(key="POST /items", function=function, body="NewItem", responses={201: "Item"}),
            RestRoute(key="GET /items", function=function),
        ],
        cors_origin=ORIGIN,
        logs=LogSettings(retention_days=30),
        account=account,
        models=MODELS,
        validated=True,
    )


def test_a_route_is_a_method_on_the_path_that_hands_over_to_the_function(
    part: Construct, props: RestApiProps, synthesize: Synthesize
) -> None:
    RestApi(part, "rest", props=props)

    module = synthesize()
    paths = module.all("aws_api_gateway_resource")
    assert {name: each["path_part"] for name, each in paths.items()} == {
        "rest_path_items": "items",
        "rest_path_items_id": "{id}",
    }
    assert paths["rest_path_items"]["parent_id"] == "${aws_api_gateway_rest_api.rest.root_resource_id}"
    assert paths["rest_path_items_id"]["parent_id"] == "${aws_api_gateway_resource.rest_path_items.id}"
    method = module.resource("aws_api_gateway_method", "rest_get_items_id")
    assert (method["http_method"], method["authorization"]) == ("GET", "NONE")
    assert method["resource_id"] == "${aws_api_gateway_resource.rest_path_items_id.id}"
    integration = module.resource("aws_api_gateway_integration", "rest_get_items_id_function")
    assert (integration["type"], integration["integration_http_method"]) == ("AWS_PROXY", "POST")
    assert integration["uri"] == "${aws_lambda_function.job.invoke_arn}"


@pytest.mark.usefixtures("rest")
def test_a_function_may_be_invoked_by_this_api_only(synthesize: Synthesize) -> None:
    permission = synthesize().the("aws_lambda_permission")

    assert permission["principal"] == "apigateway.amazonaws.com"
    assert permission["source_arn"] == "${aws_api_gateway_rest_api.rest.execution_arn}/*/*"


def test_a_browsers_preflight_is_answered_on_each_path_without_a_token(
    part: Construct, props: RestApiProps, deployment: Deployment, synthesize: Synthesize
) -> None:
    authorizer = UserPoolAuthorizer(deployment=deployment, user_pool_arn="arn:p")
    RestApi(part, "rest", props=replace(props, authorizer=authorizer))

    module = synthesize()
    methods = module.all("aws_api_gateway_method")
    preflights = {name: each for name, each in methods.items() if each["http_method"] == "OPTIONS"}
    assert preflights.keys() == {"rest_items_preflight", "rest_items_id_preflight"}
    assert {each["authorization"] for each in preflights.values()} == {"NONE"}
    assert methods["rest_get_items"]["authorization"] == "COGNITO_USER_POOLS"
    answer = module.resource("aws_api_gateway_integration_response", "rest_items_preflight_answer")
    assert answer["response_parameters"] == {
        "method.response.header.Access-Control-Allow-Origin": f"'{ORIGIN}'",
        "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS,POST'",
        "method.response.header.Access-Control-Allow-Headers": "'Authorization,Content-Type'",
    }


@pytest.mark.usefixtures("rest")
def test_a_browser_may_read_the_errors_of_the_gateway_itself(synthesize: Synthesize) -> None:
    answers = synthesize().all("aws_api_gateway_gateway_response").values()

    assert {answer["response_type"] for answer in answers} == {"DEFAULT_4XX", "DEFAULT_5XX"}
    for answer in answers:
        parameters = answer["response_parameters"]
        assert parameters["gatewayresponse.header.Access-Control-Allow-Origin"] == f"'{ORIGIN}'"


def test_requests_are_held_to_what_their_route_declares(
    part: Construct, props: RestApiProps, synthesize: Synthesize
) -> None:
    RestApi(part, "rest", props=props)

    module = synthesize()
    validator = module.the("aws_api_gateway_request_validator")
    assert validator["validate_request_body"] is True
    assert validator["validate_request_parameters"] is True
    methods = module.all("aws_api_gateway_method").values()
    assert {each["request_validator_id"] for each in methods} == {
        "${aws_api_gateway_request_validator.rest_validator.id}"
    }
    post = module.resource("aws_api_gateway_method", "rest_post_items")
    assert post["request_models"] == {"application/json": "${aws_api_gateway_model.rest_model_new_item.name}"}
    get = module.resource("aws_api_gateway_method", "rest_get_items_id")
    assert get["request_parameters"] == {
        "method.request.path.id": True,
        "method.request.querystring.full": False,
        "method.request.querystring.as": True,
    }
    schema = module.resource("aws_api_gateway_model", "rest_model_new_item")["schema"]
    assert 'required = ["title"]' in schema
    answer = module.resource("aws_api_gateway_method_response", "rest_post_items_201")
    assert answer["response_models"] == {"application/json": "${aws_api_gateway_model.rest_model_item.name}"}


def test_refuses_a_body_of_a_model_that_is_not_there(part: Construct, props: RestApiProps) -> None:
    with pytest.raises(KeyError, match="NewItem"):
        RestApi(part, "rest", props=replace(props, models={}))


@pytest.mark.usefixtures("rest")
def test_nothing_is_asked_of_requests_unless_told(synthesize: Synthesize) -> None:
    module = synthesize()

    assert module.all("aws_api_gateway_request_validator") == {}
    assert "request_validator_id" not in module.resource("aws_api_gateway_method", "rest_get_items")


def test_a_deployment_waits_for_all_that_it_is_a_picture_of(
    part: Construct, props: RestApiProps, deployment: Deployment, synthesize: Synthesize
) -> None:
    authorizer = UserPoolAuthorizer(deployment=deployment, user_pool_arn="arn:p")
    RestApi(part, "rest", props=replace(props, authorizer=authorizer))

    module = synthesize()
    pictured = {
        f"{kind}.{name}"
        for kind in module.module["resource"]
        if kind.startswith("aws_api_gateway_")
        for name in module.ids(kind)
    }
    no_part_of_it = {"rest_api", "deployment", "stage", "method_settings", "account"}
    expected = {each for each in pictured if each.split(".")[0].removeprefix("aws_api_gateway_") not in no_part_of_it}
    assert set(module.the("aws_api_gateway_deployment")["depends_on"]) == expected
    assert module.the("aws_api_gateway_deployment")["lifecycle"] == {"create_before_destroy": True}


def _digest_of(outdir: Path, change: Callable[[RestApiProps], RestApiProps]) -> str:
    """What the deployment of an API with a change compares."""
    stack = ModuleStack(App(outdir=str(outdir)), "app")
    part = Construct(stack, "part")
    settings = function_settings(stack)
    function = LambdaFunction(part, "job", props=LambdaFunctionProps(name="job", description="W.", settings=settings))
    account = ApiAccount(part, "account", deployment=DEPLOYMENT, managed=Input("managed"))
    props = RestApiProps(
        deployment=DEPLOYMENT,
        name="api",
        stage="dev",
        routes=[RestRoute(key="GET /items", function=function)],
        cors_origin=ORIGIN,
        logs=LogSettings(retention_days=30),
        account=account,
        models=MODELS,
    )
    RestApi(part, "rest", props=change(props))
    digest: str = Synthesized(stack.to_module()).the("aws_api_gateway_deployment")["triggers"]["definition"]
    assert digest.startswith("${sha1(jsonencode(")
    return digest


def _with_route(props: RestApiProps, **changed: object) -> RestApiProps:
    return replace(props, routes=[replace(props.routes[0], **changed)])  # type: ignore[arg-type]  # of any field


@pytest.mark.parametrize(
    ("change", "anew"),
    [
        (lambda props: props, False),
        (lambda props: replace(props, logs=LogSettings(retention_days=90)), False),
        (lambda props: replace(props, throttle=Throttle(rate=1, burst=1)), False),
        (lambda props: replace(props, traced=True), False),
        (lambda props: _with_route(props, key="PUT /items"), True),
        (lambda props: _with_route(props, key="GET /things"), True),
        (lambda props: _with_route(props, query={"limit": False}), True),
        (lambda props: _with_route(props, body="NewItem"), True),
        (lambda props: _with_route(props, responses={200: "Item"}), True),
        (lambda props: replace(props, cors_origin="https://other.example.com"), True),
        (lambda props: replace(props, models={**MODELS, "Item": {"type": "array"}}), True),
        (
            lambda props: replace(
                props, authorizer=UserPoolAuthorizer(deployment=props.deployment, user_pool_arn="arn:p")
            ),
            True,
        ),
    ],
)
def test_a_deployment_is_made_anew_when_what_the_api_answers_changes(
    tmp_path: Path, change: Callable[[RestApiProps], RestApiProps], anew: bool
) -> None:
    assert (_digest_of(tmp_path / "a", change) != _digest_of(tmp_path / "b", lambda props: props)) is anew


@pytest.mark.usefixtures("rest")
def test_a_stage_logs_who_asked_and_not_with_what(synthesize: Synthesize) -> None:
    module = synthesize()

    stage = module.the("aws_api_gateway_stage")
    access = stage["access_log_settings"]
    assert access["destination_arn"] == "${aws_cloudwatch_log_group.rest_access_logs.arn}"
    assert "$context.status" in access["format"]
    assert not [each for each in ("header", "sourceIp", "$context.identity") if each in access["format"]]
    execution = module.resource("aws_cloudwatch_log_group", "rest_execution_logs")
    assert execution["name"] == "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.rest.id}/${var.environment}"
    assert stage["depends_on"] == [
        "aws_api_gateway_account.account_settings",
        "aws_cloudwatch_log_group.rest_execution_logs",
    ]
    settings = module.the("aws_api_gateway_method_settings")["settings"]
    assert settings["data_trace_enabled"] is False
    assert settings["logging_level"] == "ERROR"
    assert (settings["throttling_rate_limit"], settings["throttling_burst_limit"]) == (-1, -1)


def test_a_stage_can_be_throttled_and_traced(part: Construct, props: RestApiProps, synthesize: Synthesize) -> None:
    changed = replace(
        props, throttle=Throttle(rate=10, burst=20), traced=True, data_trace=Expression('var.environment == "dev"')
    )
    RestApi(part, "rest", props=changed)

    module = synthesize()
    assert module.the("aws_api_gateway_stage")["xray_tracing_enabled"] is True
    settings = module.the("aws_api_gateway_method_settings")["settings"]
    assert (settings["throttling_rate_limit"], settings["throttling_burst_limit"]) == (10, 20)
    assert settings["data_trace_enabled"] == '${var.environment == "dev"}'


def test_a_function_with_an_alias_is_called_by_it(
    part: Construct, props: RestApiProps, settings: FunctionSettings, synthesize: Synthesize
) -> None:
    published = LambdaFunctionProps(name="job", description="Works.", settings=settings, published=True)
    function = LambdaFunction(part, "published", props=published)
    function.add_alias("live", provisioned=Input("provisioned"))
    RestApi(part, "rest", props=replace(props, routes=[RestRoute(key="GET /items", function=function)]))

    module = synthesize()
    integration = module.resource("aws_api_gateway_integration", "rest_get_items_function")
    assert integration["uri"] == "${aws_lambda_alias.published_live.invoke_arn}"
    assert module.the("aws_lambda_permission")["qualifier"] == "${aws_lambda_alias.published_live.name}"
