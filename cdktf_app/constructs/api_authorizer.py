"""Who a REST API lets in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cdktf_app import expressions
from cdktf_app.bindings.apigateway import ApiGatewayAuthorizer
from cdktf_app.bindings.core import Construct
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class Authorization:
    """What a method says of who may call it.

    Attributes:
        type: ``NONE``, ``COGNITO_USER_POOLS`` or ``CUSTOM``.
        authorizer_id: Id of the authorizer, if there is one.
        resources: What was made for it.
    """

    type: str
    authorizer_id: str | None = None
    resources: Sequence[ApiGatewayAuthorizer] = ()

    @classmethod
    def nobody(cls) -> Authorization:
        """No authorizer: everybody may call."""
        return cls(type="NONE")


class Authorizer(Protocol):
    """Attaches itself to an API."""

    def attach(self, scope: Construct, rest_api_id: str) -> Authorization: ...


@dataclass(frozen=True, kw_only=True)
class UserPoolAuthorizer:
    """Lets in who has a token of a Cognito user pool.

    Attributes:
        deployment: Names.
        user_pool_arn: The pool; it may be in another region.
    """

    deployment: Deployment
    user_pool_arn: str

    def attach(self, scope: Construct, rest_api_id: str) -> Authorization:
        authorizer = ApiGatewayAuthorizer(
            scope,
            "users",
            rest_api_id=rest_api_id,
            name=self.deployment.name("users"),
            type="COGNITO_USER_POOLS",
            provider_arns=[self.user_pool_arn],
            identity_source="method.request.header.Authorization",
        )
        return Authorization(
            type="COGNITO_USER_POOLS",
            authorizer_id=expressions.string(expressions.attribute(authorizer, "id")),
            resources=[authorizer],
        )


@dataclass(frozen=True, kw_only=True)
class OptionalAuthorizer:
    """Lets in who a user pool or a function of the user's own says; everybody where neither is given.

    Attributes:
        deployment: Names, account and region.
        user_pool_arn: A Cognito user pool; wins over the function. Empty: none.
        function_arn: A Lambda authorizer, asked with the ``Authorization`` header; it must allow API Gateway to
            invoke it. Empty: none.
    """

    deployment: Deployment
    user_pool_arn: Input
    function_arn: Input

    def attach(self, scope: Construct, rest_api_id: str) -> Authorization:
        pool, function = self.user_pool_arn.expression, self.function_arn.expression
        invoke = f"arn:aws:apigateway:{self.deployment.region}:lambda:path/2015-03-31/functions"
        authorizer = ApiGatewayAuthorizer(
            scope,
            "callers",
            count=expressions.count_if(f'{pool} != "" || {function} != ""'),
            rest_api_id=rest_api_id,
            name=self.deployment.name("callers"),
            type=expressions.string(f'{pool} != "" ? "COGNITO_USER_POOLS" : "TOKEN"'),
            provider_arns=expressions.strings(f'{pool} != "" ? [{pool}] : null'),
            authorizer_uri=expressions.string(f'{pool} != "" ? null : "{invoke}/${{{function}}}/invocations"'),
            identity_source="method.request.header.Authorization",
        )
        return Authorization(
            type=expressions.string(f'{pool} != "" ? "COGNITO_USER_POOLS" : {function} != "" ? "CUSTOM" : "NONE"'),
            authorizer_id=expressions.string(expressions.only(authorizer, "id")),
            resources=[authorizer],
        )
