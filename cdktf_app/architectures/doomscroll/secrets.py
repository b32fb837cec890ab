"""The three secrets that the application reads."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.doomscroll.auth import Auth
from cdktf_app.architectures.doomscroll.database import Database
from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.secret import Secret, SecretProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class SecretsProps:
    """Shape of the secrets.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        database: What the first is for.
        auth: What the second is for.
    """

    deployment: Deployment
    variables: Variables
    database: Database
    auth: Auth


class Secrets(Construct):
    """Secrets whose content is in no plan and no state.

    Attributes:
        database: How to connect to the database.
        cognito: How to sign users in.
        jwt: What sessions are signed with.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: SecretsProps) -> None:
        super().__init__(scope, construct_id)
        deployment, variables, auth = props.deployment, props.variables, props.auth
        database = props.database.primary
        self.database = Secret(
            self,
            "database_secret",
            props=SecretProps(
                deployment=deployment,
                name="database",
                description="How the application connects to the database",
                content=database.login,
                version=variables.db_password_version.number,
                # A restored database has another host.
                written_with=[expressions.attribute(database.instance, "id")],
                force_destroy=variables.force_destroy,
            ),
        )
        self.cognito = Secret(
            self,
            "cognito_secret",
            props=SecretProps(
                deployment=deployment,
                name="cognito",
                description="How the application signs users in",
                content={
                    "user_pool_id": auth.pool.id,
                    "client_id": auth.client_id,
                    "client_secret": auth.client_secret,
                },
                written_with=[expressions.literal(auth.client_id)],
                force_destroy=variables.force_destroy,
            ),
        )
        self.jwt = Secret(
            self,
            "jwt_secret",
            props=SecretProps(
                deployment=deployment,
                name="jwt",
                description="What sessions are signed with",
                content={"session_secret": variables.session_secret.expression},
                version=variables.session_secret_version.number,
                force_destroy=variables.force_destroy,
            ),
        )
