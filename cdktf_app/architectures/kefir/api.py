"""The API (the document's ApiStack): its routes, and the functions that answer them."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.kefir.auth import Auth
from cdktf_app.architectures.kefir.data import Data
from cdktf_app.architectures.kefir.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.api_domain import ApiDomain, ApiDomainProps
from cdktf_app.constructs.http_api import HttpApi, HttpApiProps, JwtIssuer, Route
from cdktf_app.constructs.lambda_function import FunctionSettings, LambdaFunction, LambdaFunctionProps
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class ApiProps:
    """Shape of the API.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        functions: What the functions share.
        auth: Whose tokens open the API.
        data: What the functions read and write.
        logs: Retention and encryption of the access log.
    """

    deployment: Deployment
    variables: Variables
    functions: FunctionSettings
    auth: Auth
    data: Data
    logs: LogSettings


class Api(Construct):
    """HTTP API with a function for each group of endpoints."""

    def __init__(self, scope: Construct, construct_id: str, *, props: ApiProps) -> None:
        super().__init__(scope, construct_id)
        self._settings = props.functions
        self.functions: list[LambdaFunction] = []
        auth = self._function("handle_auth", "handleAuth", "Signs users in with a code by e-mail.")
        batches = self._function("handle_batches", "handleBatches", "Creates, reads, changes and deletes batches.")
        events = self._function("handle_events", "handleEvents", "Manages the timeline of a batch.")
        reminders = self._function("handle_reminders", "handleReminders", "Suggests and schedules reminders.")
        devices = self._function("handle_devices", "handleDevices", "Registers devices for push notifications.")
        export = self._function("handle_export", "handleExport", "Exports a user's data as CSV.")
        public = self._function("handle_public", "handlePublic", "Shows a shared batch to anybody.")

        props.auth.pool.grant_sign_in(auth)
        for function in (batches, events, reminders, devices):
            props.data.table.grant_read_write(function)
        for function in (export, public):
            props.data.table.grant_read(function)
        props.data.photos.grant_read_write(batches)

        self.http = HttpApi(
            self,
            "http",
            props=HttpApiProps(
                deployment=props.deployment,
                name="api",
                # The document fixes /auth/login, /auth/verify and /public/b/<id>; the rest is our reading of it.
                routes=[
                    Route(key="POST /auth/login", function=auth, public=True),
                    Route(key="POST /auth/verify", function=auth, public=True),
                    Route(key="POST /batches", function=batches),
                    Route(key="GET /batches", function=batches),
                    Route(key="GET /batches/{id}", function=batches),
                    Route(key="PATCH /batches/{id}", function=batches),
                    Route(key="DELETE /batches/{id}", function=batches),
                    Route(key="GET /batches/{id}/events", function=events),
                    Route(key="POST /batches/{id}/events", function=events),
                    Route(key="DELETE /batches/{id}/events/{eventId}", function=events),
                    Route(key="GET /reminders/suggestions", function=reminders),
                    Route(key="POST /reminders", function=reminders),
                    Route(key="GET /reminders", function=reminders),
                    Route(key="DELETE /reminders/{id}", function=reminders),
                    Route(key="POST /devices", function=devices),
                    Route(key="DELETE /devices/{id}", function=devices),
                    Route(key="GET /export", function=export),
                    Route(key="GET /public/b/{id}", function=public, public=True),
                ],
                jwt=JwtIssuer(issuer=props.auth.pool.issuer, audience=[props.auth.client_id]),
                cors_origins=props.variables.app_domains.strings,
                throttle_burst=props.variables.throttle_burst_limit.number,
                throttle_rate=props.variables.throttle_rate_limit.number,
                logs=props.logs,
            ),
        )
        domain = ApiDomain(
            self,
            "domain",
            props=ApiDomainProps(
                deployment=props.deployment,
                api=self.http,
                domain_name=props.variables.domain_name,
                hosted_zone_id=props.variables.hosted_zone_id,
                certificate_arn=props.variables.certificate_arn,
            ),
        )
        self.url = domain.url

    def _function(self, construct_id: str, name: str, description: str) -> LambdaFunction:
        function = LambdaFunction(
            self,
            construct_id,
            props=LambdaFunctionProps(name=name, description=description, settings=self._settings),
        )
        self.functions.append(function)
        return function
