"""Sign-in: a user pool and the site's client, made here unless they are given."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.rewind.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.user_pool import UserPool, UserPoolClientProps, UserPoolProps
from cdktf_app.deployment import Deployment

_ACCESS_TOKEN_MINUTES = 60
_REFRESH_TOKEN_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class AuthProps:
    """Shape of sign-in.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        retain_data: Refuse, at plan, whatever would destroy the user pool.
    """

    deployment: Deployment
    variables: Variables
    retain_data: bool


class Auth(Construct):
    """User pool and client, its own or given ones.

    Attributes:
        user_pool_id: Id of the pool that is used.
        client_id: Id of its client.
        user_pool_arn: ARN of the pool.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: AuthProps) -> None:
        super().__init__(scope, construct_id)
        given_pool = props.variables.cognito_user_pool_id.expression
        given_client = props.variables.cognito_user_pool_client_id.expression
        pool = UserPool(
            self,
            "users",
            props=UserPoolProps(
                deployment=props.deployment,
                name="users",
                deletion_protection=props.variables.deletion_protection,
                enabled=f'{given_pool} == ""',
                retain_data=props.retain_data,
            ),
        )
        client = pool.add_client(
            "site",
            props=UserPoolClientProps(
                name="site",
                access_token_minutes=_ACCESS_TOKEN_MINUTES,
                refresh_token_days=_REFRESH_TOKEN_DAYS,
            ),
        )
        own_id = expressions.only(pool.pool, "id")
        own_arn = expressions.only(pool.pool, "arn")
        arn_of_given = props.deployment.arn("cognito-idp", f"userpool/${{{given_pool}}}")
        self.user_pool_id = expressions.string(f'{given_pool} != "" ? {given_pool} : {own_id}')
        self.client_id = expressions.string(f'{given_client} != "" ? {given_client} : {expressions.only(client, "id")}')
        self.user_pool_arn = expressions.string(f'{given_pool} != "" ? "{arn_of_given}" : {own_arn}')
