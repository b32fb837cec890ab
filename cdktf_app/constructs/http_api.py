"""An API Gateway HTTP API: a table of routes to Lambda functions, behind a JWT authorizer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.apigatewayv2 import (
    Apigatewayv2Api,
    Apigatewayv2ApiCorsConfiguration,
    Apigatewayv2Authorizer,
    Apigatewayv2AuthorizerJwtConfiguration,
    Apigatewayv2Integration,
    Apigatewayv2Route,
    Apigatewayv2Stage,
    Apigatewayv2StageAccessLogSettings,
    Apigatewayv2StageDefaultRouteSettings,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.log_group import LogGroup, LogGroupProps, LogSettings
from cdktf_app.deployment import Deployment

# Who asked for what and how it went. No header, no address, no token (KF-SEC-01).
_ACCESS_LOG = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "responseLatency": "$context.responseLatency",
    "responseLength": "$context.responseLength",
    "authorizerError": "$context.authorizer.error",
    "integrationError": "$context.integrationErrorMessage",
}


@dataclass(frozen=True, kw_only=True)
class Route:
    """One line of the routes table.

    Attributes:
        key: Method and path: ``GET /batches/{id}``.
        function: What answers.
        public: Answer without a token. Default: False.
    """

    key: str
    function: LambdaFunction
    public: bool = False


@dataclass(frozen=True, kw_only=True)
class JwtIssuer:
    """Whose tokens the API takes.

    Attributes:
        issuer: URL of the issuer.
        audience: Client ids that the tokens must be for.
    """

    issuer: str
    audience: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class HttpApiProps:
    """Shape of an API.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        routes: The routes.
        jwt: Whose tokens open the routes that are not public.
        cors_origins: Origins of the browsers that may call it.
        throttle_burst: Requests that may come at once.
        throttle_rate: Requests a second, sustained.
        logs: Retention and encryption of the access log.
    """

    deployment: Deployment
    name: str
    routes: Sequence[Route]
    jwt: JwtIssuer
    cors_origins: Sequence[str]
    throttle_burst: float
    throttle_rate: float
    logs: LogSettings


class HttpApi(Construct):
    """HTTP API with a self-deploying default stage, throttled, with an access log.

    Creates: API, JWT authorizer, stage, log group; an integration and a permission a function, a route a line.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: HttpApiProps) -> None:
        super().__init__(scope, construct_id)
        self.api = Apigatewayv2Api(
            self,
            "this",
            name=props.deployment.name(props.name),
            protocol_type="HTTP",
            cors_configuration=Apigatewayv2ApiCorsConfiguration(
                allow_origins=list(props.cors_origins),
                allow_methods=sorted({route.key.split(" ")[0] for route in props.routes}),
                allow_headers=["authorization", "content-type"],
                max_age=3600,
            ),
            tags=props.deployment.tags,
        )
        self.authorizer = Apigatewayv2Authorizer(
            self,
            "jwt",
            api_id=self.id,
            name=props.deployment.name("jwt"),
            authorizer_type="JWT",
            identity_sources=["$request.header.Authorization"],
            jwt_configuration=Apigatewayv2AuthorizerJwtConfiguration(
                issuer=props.jwt.issuer, audience=list(props.jwt.audience)
            ),
        )
        self._add_stage(props)
        self._integrations: dict[str, Apigatewayv2Integration] = {}
        for route in props.routes:
            self._add_route(route)

    @property
    def id(self) -> str:
        return self.api.id

    @property
    def endpoint(self) -> str:
        """URL of the API, HTTPS, without a path."""
        return self.api.api_endpoint

    @property
    def dimensions(self) -> Mapping[str, expressions.Expression]:
        """What CloudWatch knows its metrics by."""
        return {"ApiId": expressions.attribute(self.api, "id")}

    def _add_stage(self, props: HttpApiProps) -> None:
        logs = LogGroup(
            self,
            "access_logs",
            props=LogGroupProps(
                deployment=props.deployment, service="apigateway", name=props.name, settings=props.logs
            ),
        )
        self.stage = Apigatewayv2Stage(
            self,
            "stage",
            api_id=self.id,
            # The one stage whose name is not part of the URL.
            name="$default",
            auto_deploy=True,
            default_route_settings=Apigatewayv2StageDefaultRouteSettings(
                throttling_burst_limit=props.throttle_burst, throttling_rate_limit=props.throttle_rate
            ),
            access_log_settings=Apigatewayv2StageAccessLogSettings(
                destination_arn=logs.arn, format=expressions.jsonencode(_ACCESS_LOG)
            ),
            tags=props.deployment.tags,
        )

    def _add_route(self, route: Route) -> None:
        Apigatewayv2Route(
            self,
            _id_of_route(route.key),
            api_id=self.id,
            route_key=route.key,
            target=f"integrations/{self._integration(route.function).id}",
            authorization_type="NONE" if route.public else "JWT",
            authorizer_id=None if route.public else self.authorizer.id,
        )

    def _integration(self, function: LambdaFunction) -> Apigatewayv2Integration:
        made = self._integrations.get(function.key)
        if made:
            return made
        function.allow_invocation("api", service="apigateway.amazonaws.com", source_arn=f"{self.api.execution_arn}/*/*")
        integration = Apigatewayv2Integration(
            self,
            function.node.id,
            api_id=self.id,
            integration_type="AWS_PROXY",
            integration_method="POST",
            integration_uri=function.function.invoke_arn,
            payload_format_version="2.0",
        )
        self._integrations[function.key] = integration
        return integration


def _id_of_route(key: str) -> str:
    """``GET /batches/{id}/events`` as ``get_batches_id_events``."""
    words = re.findall(r"[A-Za-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", key))
    return "_".join(words).lower()
