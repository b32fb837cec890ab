from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.user_pool import UserPool, UserPoolClientProps, UserPoolProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]


@pytest.fixture
def pool(part: Construct, deployment: Deployment) -> UserPool:
    props = UserPoolProps(
        deployment=deployment,
        name="users",
        tier=Input("tier").string,
        advanced_security_mode=Input("security").string,
        deletion_protection=Input("protected"),
        ses_from_arn=Input("sender"),
    )
    return UserPool(part, "users", props=props)


@pytest.mark.usefixtures("pool")
def test_people_sign_in_with_a_code_to_their_verified_address(synthesize: Synthesize) -> None:
    made = synthesize().the("aws_cognito_user_pool")

    assert made["username_attributes"] == ["email"]
    assert made["auto_verified_attributes"] == ["email"]
    assert "EMAIL_OTP" in made["sign_in_policy"]["allowed_first_auth_factors"]
    assert made["admin_create_user_config"] == {"allow_admin_create_user_only": False}


@pytest.mark.usefixtures("pool")
def test_a_pool_is_kept_unless_told_otherwise(synthesize: Synthesize) -> None:
    made = synthesize().the("aws_cognito_user_pool")

    assert made["lifecycle"] == {"prevent_destroy": True}
    assert made["deletion_protection"] == '${var.protected ? "ACTIVE" : "INACTIVE"}'


@pytest.mark.usefixtures("pool")
def test_mail_comes_from_ses_if_there_is_a_sender(synthesize: Synthesize) -> None:
    mail = synthesize().the("aws_cognito_user_pool")["email_configuration"]

    assert mail["email_sending_account"] == '${var.sender == "" ? "COGNITO_DEFAULT" : "DEVELOPER"}'
    assert mail["source_arn"] == '${var.sender == "" ? null : var.sender}'


def test_a_client_is_public_and_does_not_tell_who_has_an_account(pool: UserPool, synthesize: Synthesize) -> None:
    pool.add_client("app", props=UserPoolClientProps(name="app", access_token_minutes=60, refresh_token_days=30))

    made = synthesize().resource("aws_cognito_user_pool_client", "users_app")
    assert made["generate_secret"] is False
    assert made["prevent_user_existence_errors"] == "ENABLED"
    assert made["enable_token_revocation"] is True
    assert made["explicit_auth_flows"] == ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH"]
    assert made["token_validity_units"] == [{"access_token": "minutes", "id_token": "minutes", "refresh_token": "days"}]


def test_a_server_has_a_client_with_a_secret_and_a_pool_may_do_without_codes(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    pool = UserPool(
        part,
        "people",
        props=UserPoolProps(
            deployment=deployment, name="people", deletion_protection=Input("protected"), one_time_codes=False
        ),
    )
    pool.add_client(
        "server",
        props=UserPoolClientProps(
            name="server",
            access_token_minutes=60,
            refresh_token_days=30,
            secret=True,
            sign_in_flow="ALLOW_USER_SRP_AUTH",
        ),
    )

    module = synthesize()
    assert module.the("aws_cognito_user_pool")["sign_in_policy"] == {"allowed_first_auth_factors": ["PASSWORD"]}
    client = module.the("aws_cognito_user_pool_client")
    assert client["generate_secret"] is True
    assert client["explicit_auth_flows"] == ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]


@pytest.mark.requirement("KF-IAM-04")
def test_signing_in_is_granted_on_this_pool_only(
    pool: UserPool, function: LambdaFunction, synthesize: Synthesize
) -> None:
    pool.grant_sign_in(function)

    granted = synthesize().statements("job_role_permissions")["SignUsersIn"]
    assert granted["actions"] == [
        "cognito-idp:AdminCreateUser",
        "cognito-idp:AdminGetUser",
        "cognito-idp:AdminInitiateAuth",
        "cognito-idp:AdminRespondToAuthChallenge",
    ]
    assert granted["resources"] == ["${aws_cognito_user_pool.users.arn}"]
