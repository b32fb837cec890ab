"""Sign-in (the document's AuthStack): a user pool with one-time codes by e-mail, and the app's client."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.kefir.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.user_pool import UserPool, UserPoolClientProps, UserPoolProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class AuthProps:
    """Shape of sign-in.

    Attributes:
        deployment: Names and tags.
        variables: The module's inputs.
        retain_data: Refuse, at plan, whatever would destroy the user pool.
    """

    deployment: Deployment
    variables: Variables
    retain_data: bool


class Auth(Construct):
    """User pool and client."""

    def __init__(self, scope: Construct, construct_id: str, *, props: AuthProps) -> None:
        super().__init__(scope, construct_id)
        variables = props.variables
        self.pool = UserPool(
            self,
            "users",
            props=UserPoolProps(
                deployment=props.deployment,
                name="users",
                tier=variables.user_pool_tier.string,
                advanced_security_mode=variables.advanced_security_mode.string,
                deletion_protection=variables.deletion_protection,
                ses_from_arn=variables.ses_from_arn,
                retain_data=props.retain_data,
            ),
        )
        client = self.pool.add_client(
            "app",
            props=UserPoolClientProps(
                name="app",
                access_token_minutes=variables.access_token_minutes.number,
                refresh_token_days=variables.refresh_token_days.number,
            ),
        )
        self.client_id = client.id
