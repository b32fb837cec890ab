"""An API Gateway REST API: a table of routes to Lambda functions, CORS on all of it, one stage."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cdktf_app import expressions
from cdktf_app.bindings.apigateway import (
    ApiGatewayDeployment,
    ApiGatewayGatewayResponse,
    ApiGatewayIntegration,
    ApiGatewayIntegrationResponse,
    ApiGatewayMethod,
    ApiGatewayMethodResponse,
    ApiGatewayMethodSettings,
    ApiGatewayMethodSettingsSettings,
    ApiGatewayModel,
    ApiGatewayRequestValidator,
    ApiGatewayResource,
    ApiGatewayRestApi,
    ApiGatewayRestApiEndpointConfiguration,
    ApiGatewayStage,
    ApiGatewayStageAccessLogSettings,
)
from cdktf_app.bindings.cloudwatch import CloudwatchLogGroup
from cdktf_app.bindings.core import Construct, TerraformResource, TerraformResourceLifecycle
from cdktf_app.constructs.api_account import ApiAccount
from cdktf_app.constructs.api_authorizer import Authorization, Authorizer
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.log_group import LogGroup, LogGroupProps, LogSettings
from cdktf_app.deployment import Deployment

# What the names of all execution logs begin with; the API's id follows.
EXECUTION_LOGS = "API-Gateway-Execution-Logs_"

# Who asked for what and how it went. No header, no address, no token.
_ACCESS_LOG = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "httpMethod": "$context.httpMethod",
    "resourcePath": "$context.resourcePath",
    "status": "$context.status",
    "responseLatency": "$context.responseLatency",
    "responseLength": "$context.responseLength",
    "authorizerError": "$context.authorizer.error",
    "integrationError": "$context.integrationErrorMessage",
}
_CORS_HEADERS = "Authorization,Content-Type"
_ORIGIN = "Access-Control-Allow-Origin"


@dataclass(frozen=True, kw_only=True)
class RestRoute:
    """One line of the routes table.

    Attributes:
        key: Method and path: ``GET /episodes/{id}``.
        function: What answers.
        body: Model that the body must have. Default: none is asked for.
        query: Query parameters; True where one must be there. Default: none is declared.
        responses: Model of the body by status. Default: none is declared.
    """

    key: str
    function: LambdaFunction
    body: str | None = None
    query: Mapping[str, bool] = field(default_factory=dict)
    responses: Mapping[int, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return self.key.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.key.partition(" ")[2]


@dataclass(frozen=True, kw_only=True)
class Throttle:
    """How much of a stage's traffic is let through: requests a second sustained, and at once."""

    rate: float
    burst: float


@dataclass(frozen=True, kw_only=True)
class RestApiProps:
    """Shape of an API.

    Attributes:
        deployment: Names, account and tags.
        name: Last part of its name.
        stage: Name of the stage, part of the URL.
        routes: The routes.
        cors_origin: Origin of the browsers that may call it, or ``*``.
        logs: Retention and encryption of the access log.
        account: What lets API Gateway write the execution log.
        authorizer: Who is let in. Default: everybody.
        models: JSON schemas that bodies are checked against or documented by, by name. Default: none.
        validated: Refuse requests without the parameters and the body that their route declares. Default: False.
        throttle: Limit of the stage. Default: that of the account.
        data_trace: Log whole requests and responses. Default: False.
        traced: Send traces to X-Ray. Default: False.
    """

    deployment: Deployment
    name: str
    stage: str
    routes: Sequence[RestRoute]
    cors_origin: str
    logs: LogSettings
    account: ApiAccount
    authorizer: Authorizer | None = None
    models: Mapping[str, Mapping[str, expressions.Literal]] = field(default_factory=dict)
    validated: bool = False
    throttle: Throttle | None = None
    data_trace: expressions.Expression | None = None
    traced: bool = False


class RestApi(Construct):
    """Regional REST API, HTTPS only, with metrics, an access log and an execution log of errors.

    Creates: API, a resource a path segment, method and integration a route, the preflight answer of each path, error
    answers that browsers may read, deployment, stage, settings, log group; models, validator and authorizer on demand.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: RestApiProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        self._resources: dict[str, ApiGatewayResource] = {}
        self._permitted: set[str] = set()
        # All that a deployment is a picture of: it has to be there first, and a change of it asks for a new picture.
        # What is compared is what was asked for. The resources themselves would not do: some of what they answer is
        # first absent, then empty.
        self._deployed: list[TerraformResource] = []
        self._definition: dict[str, expressions.Literal] = {}
        self.api = ApiGatewayRestApi(
            self,
            "this",
            name=props.deployment.name(props.name),
            endpoint_configuration=ApiGatewayRestApiEndpointConfiguration(types=["REGIONAL"]),
            tags=props.deployment.tags,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self._models = {name: self._model(name, schema) for name, schema in props.models.items()}
        self._validator = self._request_validator() if props.validated else None
        self._authorization = props.authorizer.attach(self, self.id) if props.authorizer else Authorization.nobody()
        for route in props.routes:
            self._add_route(route)
        for path in sorted({route.path for route in props.routes}):
            self._answer_preflight(path)
        self._let_browsers_read_errors()
        self._add_stage()

    @property
    def id(self) -> str:
        return self.api.id

    @property
    def url(self) -> str:
        """URL of the stage, HTTPS, without a slash at its end."""
        return self.stage.invoke_url

    @property
    def dimensions(self) -> Mapping[str, expressions.Expression | str]:
        """What CloudWatch knows its metrics by."""
        return {"ApiName": self._props.deployment.name(self._props.name), "Stage": self._props.stage}

    def _model(self, name: str, schema: Mapping[str, expressions.Literal]) -> ApiGatewayModel:
        model = ApiGatewayModel(
            self,
            f"model_{_snake(name)}",
            rest_api_id=self.id,
            name=name,
            content_type="application/json",
            schema=expressions.jsonencode({"$schema": "http://json-schema.org/draft-04/schema#", **schema}),
        )
        self._deployed.append(model)
        self._definition[f"model {name}"] = schema
        return model

    def _request_validator(self) -> ApiGatewayRequestValidator:
        validator = ApiGatewayRequestValidator(
            self,
            "validator",
            rest_api_id=self.id,
            name=self._props.deployment.name("validator"),
            validate_request_body=True,
            validate_request_parameters=True,
        )
        self._deployed.append(validator)
        return validator

    def _resource_id(self, path: str) -> str:
        """Id of the resource of a path; it and those above it are made when they are first asked for."""
        if path in ("", "/"):
            return self.api.root_resource_id
        if path not in self._resources:
            parent, _, segment = path.rpartition("/")
            self._resources[path] = ApiGatewayResource(
                self,
                f"path_{_snake(path)}",
                rest_api_id=self.id,
                parent_id=self._resource_id(parent),
                path_part=segment,
            )
            self._deployed.append(self._resources[path])
        return self._resources[path].id

    def _add_route(self, route: RestRoute) -> None:
        name = _snake(route.key)
        parameters: dict[str, bool] = {
            **{f"method.request.path.{each}": True for each in re.findall(r"{(\w+)}", route.path)},
            **{f"method.request.querystring.{each}": needed for each, needed in route.query.items()},
        }
        method = ApiGatewayMethod(
            self,
            name,
            rest_api_id=self.id,
            resource_id=self._resource_id(route.path),
            http_method=route.method,
            authorization=self._authorization.type,
            authorizer_id=self._authorization.authorizer_id,
            request_validator_id=self._validator.id if self._validator else None,
            request_parameters=parameters or None,
            request_models={"application/json": self._models[route.body].name} if route.body else None,
        )
        integration = ApiGatewayIntegration(
            self,
            f"{name}_function",
            rest_api_id=self.id,
            resource_id=method.resource_id,
            http_method=method.http_method,
            type="AWS_PROXY",
            # How API Gateway calls Lambda, whatever the method of the route.
            integration_http_method="POST",
            uri=route.function.invoke_arn,
        )
        self._deployed += [method, integration]
        self._definition[route.key] = [
            route.function.invoke_arn,
            self._authorization.type,
            self._authorization.authorizer_id,
            parameters,
            route.body,
            {str(status): model for status, model in route.responses.items()},
        ]
        for status, model in route.responses.items():
            self._deployed.append(
                ApiGatewayMethodResponse(
                    self,
                    f"{name}_{status}",
                    rest_api_id=self.id,
                    resource_id=method.resource_id,
                    http_method=method.http_method,
                    status_code=str(status),
                    response_models={"application/json": self._models[model].name},
                    response_parameters={f"method.response.header.{_ORIGIN}": True},
                )
            )
        if route.function.key not in self._permitted:
            self._permitted.add(route.function.key)
            route.function.allow_invocation(
                "api",
                service="apigateway.amazonaws.com",
                source_arn=f"{self.api.execution_arn}/*/*",
                by_alias=True,
            )

    def _answer_preflight(self, path: str) -> None:
        """What a browser asks before it calls from another origin, answered without a function or a token."""
        name = f"{_snake(path)}_preflight"
        methods = sorted({"OPTIONS", *(route.method for route in self._props.routes if route.path == path)})
        answer = {
            _ORIGIN: self._props.cors_origin,
            "Access-Control-Allow-Methods": ",".join(methods),
            "Access-Control-Allow-Headers": _CORS_HEADERS,
        }
        method = ApiGatewayMethod(
            self,
            name,
            rest_api_id=self.id,
            resource_id=self._resource_id(path),
            http_method="OPTIONS",
            authorization="NONE",
            request_validator_id=self._validator.id if self._validator else None,
        )
        integration = ApiGatewayIntegration(
            self,
            f"{name}_mock",
            rest_api_id=self.id,
            resource_id=method.resource_id,
            http_method=method.http_method,
            type="MOCK",
            request_templates={"application/json": '{"statusCode":200}'},
        )
        response = ApiGatewayMethodResponse(
            self,
            f"{name}_200",
            rest_api_id=self.id,
            resource_id=method.resource_id,
            http_method=method.http_method,
            status_code="200",
            response_parameters={f"method.response.header.{header}": True for header in answer},
        )
        filled = ApiGatewayIntegrationResponse(
            self,
            f"{name}_answer",
            rest_api_id=self.id,
            resource_id=method.resource_id,
            http_method=method.http_method,
            status_code=response.status_code,
            response_parameters={f"method.response.header.{header}": f"'{value}'" for header, value in answer.items()},
            depends_on=[integration],
        )
        self._deployed += [method, integration, response, filled]
        self._definition[f"OPTIONS {path}"] = answer

    def _let_browsers_read_errors(self) -> None:
        """Errors of API Gateway itself (no token, throttled, not valid): without CORS a browser hides them."""
        for kind in ("DEFAULT_4XX", "DEFAULT_5XX"):
            self._deployed.append(
                ApiGatewayGatewayResponse(
                    self,
                    kind.lower(),
                    rest_api_id=self.id,
                    response_type=kind,
                    response_parameters={
                        f"gatewayresponse.header.{_ORIGIN}": f"'{self._props.cors_origin}'",
                        "gatewayresponse.header.Access-Control-Allow-Headers": f"'{_CORS_HEADERS}'",
                    },
                )
            )

    def _add_stage(self) -> None:
        props = self._props
        deployment = ApiGatewayDeployment(
            self,
            "deployment",
            rest_api_id=self.id,
            description="Made anew by each change of the API.",
            triggers={"definition": expressions.string(f"sha1({_json(self._definition)})")},
            depends_on=[*self._deployed, *self._authorization.resources],
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        logs = LogGroup(
            self,
            "access_logs",
            props=LogGroupProps(
                deployment=props.deployment, service="apigateway", name=props.name, settings=props.logs
            ),
        )
        # API Gateway would make it at the first error, without an end to its entries.
        execution_logs = CloudwatchLogGroup(
            self,
            "execution_logs",
            name=f"{EXECUTION_LOGS}{self.id}/{props.stage}",
            retention_in_days=props.logs.retention_days,
            kms_key_id=props.logs.kms_key.arn if props.logs.kms_key else None,
            tags=props.deployment.tags,
        )
        self.stage = ApiGatewayStage(
            self,
            "stage",
            rest_api_id=self.id,
            deployment_id=deployment.id,
            stage_name=props.stage,
            xray_tracing_enabled=props.traced,
            access_log_settings=ApiGatewayStageAccessLogSettings(
                destination_arn=logs.arn, format=expressions.jsonencode(_ACCESS_LOG)
            ),
            tags=props.deployment.tags,
            # Without the account's role API Gateway refuses a stage that logs.
            depends_on=[props.account.settings, execution_logs],
        )
        ApiGatewayMethodSettings(
            self,
            "settings",
            rest_api_id=self.id,
            stage_name=self.stage.stage_name,
            method_path="*/*",
            settings=ApiGatewayMethodSettingsSettings(
                metrics_enabled=True,
                logging_level="ERROR",
                data_trace_enabled=expressions.boolean(props.data_trace) if props.data_trace else False,
                # -1 is the account's own limit.
                throttling_rate_limit=props.throttle.rate if props.throttle else -1,
                throttling_burst_limit=props.throttle.burst if props.throttle else -1,
            ),
        )


def _json(value: expressions.Literal) -> str:
    return expressions.jsonencode(value).removeprefix("${").removesuffix("}")


def _snake(text: str) -> str:
    """``GET /episodes/{id}/upload-url`` as ``get_episodes_id_upload_url``."""
    words = re.findall(r"[A-Za-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", text))
    return "_".join(words).lower() or "root"
