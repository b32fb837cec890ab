"""The REST API, and the functions that manage episodes behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.nullcheck.data import Data
from cdktf_app.architectures.nullcheck.functions import Functions
from cdktf_app.architectures.nullcheck.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.api_account import ApiAccount
from cdktf_app.constructs.api_authorizer import OptionalAuthorizer
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.rest_api import RestApi, RestApiProps, RestRoute
from cdktf_app.deployment import Deployment

NAME = "api"
STAGE = "api"

_Schema = Mapping[str, expressions.Literal]
_TITLE: _Schema = {"type": "string", "minLength": 1, "maxLength": 200}
_DESCRIPTION: _Schema = {"type": ["string", "null"], "maxLength": 2000}
_TIME: _Schema = {"type": "string"}
_EPISODE: _Schema = {
    "type": "object",
    "required": ["id", "title", "description", "status", "failureReason", "chunkCount", "createdAt", "updatedAt"],
    "properties": {
        "id": {"type": "string"},
        "title": _TITLE,
        "description": _DESCRIPTION,
        "status": {"type": "string", "enum": ["created", "chunked", "ready", "failed"]},
        "failureReason": {"type": ["string", "null"]},
        "chunkCount": {"type": ["integer", "null"]},
        "createdAt": _TIME,
        "updatedAt": _TIME,
    },
}
# API Gateway checks requests against these. What answers look like they only tell: a proxy integration is not checked,
# so the functions check that themselves (NC-API-05).
_MODELS: Mapping[str, _Schema] = {
    "Episode": _EPISODE,
    "EpisodePage": {
        "type": "object",
        "required": ["episodes", "cursor"],
        "properties": {"episodes": {"type": "array", "items": _EPISODE}, "cursor": {"type": ["string", "null"]}},
    },
    "NewEpisode": {
        "type": "object",
        "required": ["title"],
        "properties": {"title": _TITLE, "description": _DESCRIPTION},
        "additionalProperties": False,
    },
    "EpisodeChanges": {
        "type": "object",
        "minProperties": 1,
        "properties": {"title": _TITLE, "description": _DESCRIPTION},
        "additionalProperties": False,
    },
    "UploadRequest": {
        "type": "object",
        "required": ["fileName"],
        "properties": {"fileName": {"type": "string", "minLength": 1, "maxLength": 100}},
        "additionalProperties": False,
    },
    "UploadUrl": {
        "type": "object",
        "required": ["uploadUrl", "key", "expiresInSeconds"],
        "properties": {
            "uploadUrl": {"type": "string"},
            "key": {"type": "string"},
            "expiresInSeconds": {"type": "integer"},
        },
    },
    "Refusal": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}},
}


@dataclass(frozen=True, kw_only=True)
class ApiProps:
    """Shape of the API.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        functions: Makes the functions.
        data: What they read and write.
        logs: Retention and encryption of the API's logs.
    """

    deployment: Deployment
    variables: Variables
    functions: Functions
    data: Data
    logs: LogSettings


class Api(Construct):
    """REST API with a function an operation."""

    def __init__(self, scope: Construct, construct_id: str, *, props: ApiProps) -> None:
        super().__init__(scope, construct_id)
        variables, table, bucket = props.variables, props.data.table, props.data.bucket
        self._functions = props.functions
        of_table = {"TABLE_NAME": table.name}
        create = self._function("create_episode", "createEpisode", "Makes an episode.", of_table)
        get = self._function("get_episode", "getEpisode", "Shows an episode.", of_table)
        update = self._function("update_episode", "updateEpisode", "Changes an episode.", of_table)
        listed = self._function(
            "list_episodes",
            "listEpisodes",
            "Lists episodes, a page at a time.",
            {**of_table, "ENCRYPTION_KEY": variables.encryption_key.string},
        )
        self.create_upload_url = self._function(
            "create_upload_url",
            "createUploadUrl",
            "Signs an address that a video can be uploaded to.",
            {**of_table, "BUCKET_NAME": bucket.name},
        )

        table.grant(create, "CreateEpisodes", ["dynamodb:PutItem"], indexes=[])
        table.grant(get, "ReadEpisodes", ["dynamodb:GetItem"], indexes=[])
        table.grant(listed, "ListEpisodes", ["dynamodb:Query"], indexes=["GSI1"])
        table.grant(update, "ChangeEpisodes", ["dynamodb:GetItem", "dynamodb:UpdateItem"], indexes=[])
        table.grant(self.create_upload_url, "ReadEpisodes", ["dynamodb:GetItem"], indexes=[])
        bucket.grant_write(self.create_upload_url, prefix="uploads/")

        refused = {400: "Refusal"}
        self.rest = RestApi(
            self,
            "rest",
            props=RestApiProps(
                deployment=props.deployment,
                name=NAME,
                stage=STAGE,
                # The document gives no paths.
                routes=[
                    RestRoute(
                        key="POST /episodes",
                        function=create,
                        body="NewEpisode",
                        responses={201: "Episode", **refused},
                    ),
                    RestRoute(
                        key="GET /episodes",
                        function=listed,
                        query={"limit": False, "cursor": False},
                        responses={200: "EpisodePage", **refused},
                    ),
                    RestRoute(
                        key="GET /episodes/{id}",
                        function=get,
                        responses={200: "Episode", **refused, 404: "Refusal"},
                    ),
                    RestRoute(
                        key="PATCH /episodes/{id}",
                        function=update,
                        body="EpisodeChanges",
                        responses={200: "Episode", **refused, 404: "Refusal"},
                    ),
                    RestRoute(
                        key="POST /episodes/{id}/upload-url",
                        function=self.create_upload_url,
                        body="UploadRequest",
                        responses={201: "UploadUrl", **refused, 404: "Refusal"},
                    ),
                ],
                cors_origin=variables.cors_origin.string,
                logs=props.logs,
                account=ApiAccount(
                    self,
                    "account",
                    deployment=props.deployment,
                    managed=variables.manage_api_gateway_account,
                    generated_name=True,
                ),
                authorizer=OptionalAuthorizer(
                    deployment=props.deployment,
                    user_pool_arn=variables.cognito_user_pool_arn,
                    function_arn=variables.authorizer_lambda_arn,
                ),
                models=_MODELS,
                validated=True,
                data_trace=variables.data_trace_enabled.expression,
                traced=True,
            ),
        )

    def _function(
        self, construct_id: str, name: str, description: str, environment: Mapping[str, str]
    ) -> LambdaFunction:
        return self._functions.add(
            self, construct_id, name=name, group="episode", description=description, environment=environment
        )
