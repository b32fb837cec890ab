"""The API and its three functions, once a region: in the first, and in the standby where there is one."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.rewind.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic
from cdktf_app.constructs.api_account import ApiAccount
from cdktf_app.constructs.api_authorizer import UserPoolAuthorizer
from cdktf_app.constructs.error_log_metric import ErrorLogMetric
from cdktf_app.constructs.error_rate_alarm import ErrorRateAlarm, ErrorRateAlarmProps
from cdktf_app.constructs.function_packages import PackageSources
from cdktf_app.constructs.lambda_function import FunctionSettings, LambdaFunction, LambdaFunctionProps
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.rest_api import RestApi, RestApiProps, RestRoute, Throttle
from cdktf_app.constructs.single_table import SingleTable, TableReplica
from cdktf_app.constructs.web_acl import WebAcl, WebAclProps
from cdktf_app.deployment import Deployment
from cdktf_app.inputs import overridden

PODCASTS, RECOMMENDATIONS, SHARES = "podcastHandler", "recommendationHandler", "shareHandler"
# The document fixes /podcasts/add and /share/generate; the rest is our reading of it (RW-API-04..06).
ROUTES = {
    "POST /podcasts/add": PODCASTS,
    "GET /podcasts": PODCASTS,
    "POST /share/generate": SHARES,
    "GET /recommendations": RECOMMENDATIONS,
}


@dataclass(frozen=True, kw_only=True)
class BackendProps:
    """Shape of the back end in one region.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        packages: Where the functions' code is in this region.
        table: What the functions read and write: the table, or its replica in this region.
        campaign_arn: ARN of the campaign of recommendations, once there is one.
        campaign_parameter: Name of the SSM parameter of this region that says whether there is one.
        export_bucket: Name of the bucket for what users did. Default: nothing is exported.
        user_pool_arn: Whose tokens open the API.
        cors_origin: Origin of the site.
        logs: Retention and encryption of the logs.
        alerts: Where alarms report.
    """

    deployment: Deployment
    variables: Variables
    packages: PackageSources
    table: SingleTable | TableReplica
    campaign_arn: str
    campaign_parameter: str
    user_pool_arn: str
    cors_origin: str
    logs: LogSettings
    alerts: AlertTopic
    export_bucket: str | None = None


class Backend(Construct):
    """REST API behind a web ACL, its functions, and the alarm on failed requests."""

    def __init__(self, scope: Construct, construct_id: str, *, props: BackendProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        exports = {"EXPORT_BUCKET": props.export_bucket} if props.export_bucket else {}
        self.podcasts = self._function("podcast_handler", PODCASTS, "Adds and lists podcasts; refreshes their feeds.")
        self.shares = self._function("share_handler", SHARES, "Makes links to share a podcast.")
        self.recommendations = self._function(
            "recommendation_handler",
            RECOMMENDATIONS,
            "Recommends podcasts; exports what users do for the training.",
            {"CAMPAIGN_PARAMETER": props.campaign_parameter, **exports},
        )
        self.functions = (self.podcasts, self.recommendations, self.shares)
        self._grant()
        self.api = self._api()
        firewall = WebAcl(
            self,
            "firewall",
            props=WebAclProps(
                deployment=props.deployment,
                name="api",
                rate_limit=props.variables.waf_rate_limit.number,
                logs=props.logs,
            ),
        )
        firewall.protect("api", self.api.stage.arn)
        ErrorLogMetric(self, "logged_errors", deployment=props.deployment, functions=self.functions)
        self.alarm = ErrorRateAlarm(
            self,
            "failed_requests",
            props=ErrorRateAlarmProps(
                deployment=props.deployment,
                name="api-5xx",
                api=self.api,
                threshold=props.variables.error_rate_threshold,
                alarm_topic=props.alerts,
            ),
        )

    def _function(
        self, construct_id: str, name: str, description: str, environment: dict[str, str] | None = None
    ) -> LambdaFunction:
        props, variables = self._props, self._props.variables
        settings = FunctionSettings(
            # The document names the functions itself (RW-FN-02..04).
            deployment=props.deployment.verbatim,
            packages=props.packages,
            environment={
                "ALLOWED_ORIGIN": props.cors_origin,
                "DYNAMODB_TABLE_NAME": props.table.name,
                "PERSONALIZE_CAMPAIGN_ARN": props.campaign_arn,
            },
            logs=props.logs,
            runtime=variables.lambda_runtime.string,
            memory_mb=overridden(variables.function_overrides, name, "memory_mb", variables.lambda_memory_mb),
            timeout_seconds=overridden(
                variables.function_overrides, name, "timeout_seconds", variables.lambda_timeout_seconds
            ),
            tracing=True,
        )
        function = LambdaFunction(
            self,
            construct_id,
            props=LambdaFunctionProps(
                name=name, description=description, settings=settings, environment=environment or {}, published=True
            ),
        )
        function.add_alias("live", provisioned=variables.provisioned_concurrency)
        return function

    def _grant(self) -> None:
        """Items by their keys only; nobody may scan (RW-COST-03)."""
        props = self._props
        for function, actions in (
            (self.podcasts, ("GetItem", "PutItem", "Query", "UpdateItem")),
            (self.shares, ("GetItem", "PutItem")),
            (self.recommendations, ("GetItem", "Query")),
        ):
            props.table.grant(function, "UseItems", [f"dynamodb:{action}" for action in actions], indexes=())
        self.recommendations.allow(
            Statement(sid="Recommend", actions=["personalize:GetRecommendations"], resources=[props.campaign_arn])
        )
        self.recommendations.allow(
            Statement(
                sid="FindCampaign",
                actions=["ssm:GetParameter"],
                resources=[props.deployment.arn("ssm", f"parameter{props.campaign_parameter}")],
            )
        )

    def _api(self) -> RestApi:
        props, variables = self._props, self._props.variables
        answering = {function.key: function for function in self.functions}
        return RestApi(
            self,
            "rest",
            props=RestApiProps(
                deployment=props.deployment,
                name="api",
                # One stage for each environment, each with an API of its own (RW-API-03).
                stage=variables.environment.string,
                routes=[RestRoute(key=key, function=answering[name]) for key, name in ROUTES.items()],
                cors_origin=props.cors_origin,
                logs=props.logs,
                account=ApiAccount(
                    self,
                    "account",
                    deployment=props.deployment,
                    managed=variables.manage_api_gateway_account,
                ),
                authorizer=UserPoolAuthorizer(deployment=props.deployment, user_pool_arn=props.user_pool_arn),
                validated=True,
                throttle=Throttle(
                    rate=variables.api_throttle_rate_limit.number, burst=variables.api_throttle_burst_limit.number
                ),
                traced=True,
            ),
        )


def origin_of_site(variables: Variables) -> str:
    """Origin that may call the API: the site's own, unless another is given."""
    given = variables.cors_origin.expression
    return expressions.string(f'{given} != "" ? {given} : "https://${{{variables.domain_name.expression}}}"')
