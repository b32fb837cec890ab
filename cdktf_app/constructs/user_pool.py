"""A Cognito user pool that people sign in to by their e-mail address, with a code sent there or a password."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.cognito import (
    CognitoUserPool,
    CognitoUserPoolAccountRecoverySetting,
    CognitoUserPoolAccountRecoverySettingRecoveryMechanism,
    CognitoUserPoolAdminCreateUserConfig,
    CognitoUserPoolClient,
    CognitoUserPoolClientTokenValidityUnits,
    CognitoUserPoolEmailConfiguration,
    CognitoUserPoolPasswordPolicy,
    CognitoUserPoolSchema,
    CognitoUserPoolSchemaStringAttributeConstraints,
    CognitoUserPoolSignInPolicy,
    CognitoUserPoolUserAttributeUpdateSettings,
    CognitoUserPoolUsernameConfiguration,
    CognitoUserPoolUserPoolAddOns,
    CognitoUserPoolVerificationMessageTemplate,
)
from cdktf_app.bindings.core import Construct, TerraformResourceLifecycle
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class UserPoolProps:
    """Shape of a user pool.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        deletion_protection: Condition under which Cognito refuses to delete the pool.
        tier: Feature plan, ESSENTIALS or PLUS; the e-mail code needs one of the two. Default: ESSENTIALS.
        advanced_security_mode: OFF, AUDIT or ENFORCED; all but OFF need PLUS. Default: OFF.
        ses_from_arn: SES identity that mail comes from. Empty, or by default: Cognito's own sender, a few mails
            a day.
        one_time_codes: Let people sign in with a code that they get by mail, beside the password. Default: True.
        enabled: Condition, as a Terraform expression, under which the pool exists. Default: always.
        retain_data: Refuse, at plan, whatever would destroy the pool. Default: True.
    """

    deployment: Deployment
    name: str
    deletion_protection: Input
    tier: str = "ESSENTIALS"
    advanced_security_mode: str = "OFF"
    ses_from_arn: Input | None = None
    one_time_codes: bool = True
    enabled: str | None = None
    retain_data: bool = True


@dataclass(frozen=True, kw_only=True)
class UserPoolClientProps:
    """Shape of an app client.

    Attributes:
        name: Last part of its name.
        access_token_minutes: Life of an access token, and of an ID token.
        refresh_token_days: Days until a user has to sign in again.
        secret: Have Cognito make a secret that the client must know: for one that can keep it, a server. Default:
            False.
        sign_in_flow: How users sign in. Default: Cognito asks for what they have, a one-time code or a password.
    """

    name: str
    access_token_minutes: float
    refresh_token_days: float
    secret: bool = False
    sign_in_flow: str = "ALLOW_USER_AUTH"


class UserPool(Construct):
    """User pool with the e-mail address as user name, and self sign-up.

    Creates: pool; a client by ``add_client``.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: UserPoolProps) -> None:
        super().__init__(scope, construct_id)
        self._deployment = props.deployment
        self._exists = expressions.Existence(props.enabled)
        self.pool = CognitoUserPool(
            self,
            "this",
            count=self._exists.count,
            name=props.deployment.name(props.name),
            user_pool_tier=props.tier,
            user_pool_add_ons=CognitoUserPoolUserPoolAddOns(advanced_security_mode=props.advanced_security_mode),
            deletion_protection=expressions.string(f'{props.deletion_protection.expression} ? "ACTIVE" : "INACTIVE"'),
            username_attributes=["email"],
            username_configuration=CognitoUserPoolUsernameConfiguration(case_sensitive=False),
            auto_verified_attributes=["email"],
            schema=[
                CognitoUserPoolSchema(
                    name="email",
                    attribute_data_type="String",
                    required=True,
                    mutable=True,
                    developer_only_attribute=False,
                    # Cognito's own limits: left out, they come back as a difference in the next plan.
                    string_attribute_constraints=CognitoUserPoolSchemaStringAttributeConstraints(
                        min_length="0", max_length="2048"
                    ),
                )
            ],
            # Cognito wants PASSWORD in the list whatever else is in it.
            sign_in_policy=CognitoUserPoolSignInPolicy(
                allowed_first_auth_factors=["PASSWORD", *(["EMAIL_OTP"] if props.one_time_codes else [])]
            ),
            password_policy=CognitoUserPoolPasswordPolicy(
                minimum_length=14,
                require_lowercase=True,
                require_numbers=True,
                require_symbols=True,
                require_uppercase=True,
                temporary_password_validity_days=1,
            ),
            admin_create_user_config=CognitoUserPoolAdminCreateUserConfig(allow_admin_create_user_only=False),
            account_recovery_setting=CognitoUserPoolAccountRecoverySetting(
                recovery_mechanism=[
                    CognitoUserPoolAccountRecoverySettingRecoveryMechanism(name="verified_email", priority=1)
                ]
            ),
            # The old address stays in use until the new one is proved.
            user_attribute_update_settings=CognitoUserPoolUserAttributeUpdateSettings(
                attributes_require_verification_before_update=["email"]
            ),
            verification_message_template=CognitoUserPoolVerificationMessageTemplate(
                default_email_option="CONFIRM_WITH_CODE"
            ),
            email_configuration=_sender(props.ses_from_arn),
            tags=props.deployment.tags,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if props.retain_data else None,
        )

    @property
    def id(self) -> str:
        return self._exists.attribute(self.pool, "id")

    @property
    def issuer(self) -> str:
        """Issuer of the pool's tokens."""
        return f"https://{self._exists.attribute(self.pool, 'endpoint')}"

    @property
    def arn(self) -> str:
        return self._exists.attribute(self.pool, "arn")

    def add_client(self, construct_id: str, *, props: UserPoolClientProps) -> CognitoUserPoolClient:
        """Add an app client: tokens by signing in or by refresh token, revocable."""
        return CognitoUserPoolClient(
            self,
            construct_id,
            count=self._exists.count,
            name=self._deployment.name(props.name),
            user_pool_id=self.id,
            generate_secret=props.secret,
            explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH", props.sign_in_flow],
            access_token_validity=props.access_token_minutes,
            id_token_validity=props.access_token_minutes,
            refresh_token_validity=props.refresh_token_days,
            token_validity_units=[
                CognitoUserPoolClientTokenValidityUnits(
                    access_token="minutes", id_token="minutes", refresh_token="days"
                )
            ],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
        )

    def grant_sign_in(self, function: LambdaFunction) -> None:
        """Let a function sign users in and up on their behalf."""
        function.allow(
            Statement(
                sid="SignUsersIn",
                actions=[
                    "cognito-idp:AdminCreateUser",
                    "cognito-idp:AdminGetUser",
                    "cognito-idp:AdminInitiateAuth",
                    "cognito-idp:AdminRespondToAuthChallenge",
                ],
                resources=[self.arn],
            )
        )


def _sender(ses_from_arn: Input | None) -> CognitoUserPoolEmailConfiguration:
    if ses_from_arn is None:
        return CognitoUserPoolEmailConfiguration(email_sending_account="COGNITO_DEFAULT")
    ses = ses_from_arn.expression
    return CognitoUserPoolEmailConfiguration(
        email_sending_account=expressions.string(f'{ses} == "" ? "COGNITO_DEFAULT" : "DEVELOPER"'),
        source_arn=expressions.string(f'{ses} == "" ? null : {ses}'),
    )
