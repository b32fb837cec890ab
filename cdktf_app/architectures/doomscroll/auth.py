"""Users of doomscroll: a user pool, and the server's client of it."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.doomscroll.variables import Variables
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
    """User pool and client.

    Attributes:
        pool: The pool.
        client_id: Id of the client.
        client_secret: What the server proves that it is the client with.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: AuthProps) -> None:
        super().__init__(scope, construct_id)
        self.pool = UserPool(
            self,
            "users",
            props=UserPoolProps(
                deployment=props.deployment,
                name="users",
                deletion_protection=props.variables.deletion_protection,
                one_time_codes=False,
                retain_data=props.retain_data,
            ),
        )
        client = self.pool.add_client(
            "app",
            props=UserPoolClientProps(
                name="app",
                access_token_minutes=_ACCESS_TOKEN_MINUTES,
                refresh_token_days=_REFRESH_TOKEN_DAYS,
                secret=True,
                # The password itself never leaves the browser.
                sign_in_flow="ALLOW_USER_SRP_AUTH",
            ),
        )
        self.client_id = expressions.string(expressions.attribute(client, "id"))
        self.client_secret = expressions.string(expressions.attribute(client, "client_secret"))
