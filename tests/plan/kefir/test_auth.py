"""Sign-in: the user pool and the app's client."""

from __future__ import annotations

import pytest

from tests.support.plans import Plan

POOL = "aws_cognito_user_pool"
CLIENT = "aws_cognito_user_pool_client"


@pytest.mark.requirement("KF-AUT-01")
def test_users_sign_in_with_a_code_by_email(every: Plan) -> None:
    pool, client = every.one(POOL), every.one(CLIENT)

    # Cognito wants PASSWORD in the list; a factor more would be a way in that the document does not know.
    assert set(pool["sign_in_policy"][0]["allowed_first_auth_factors"]) == {"EMAIL_OTP", "PASSWORD"}
    assert pool["user_pool_tier"] in ("ESSENTIALS", "PLUS")
    assert set(client["explicit_auth_flows"]) == {"ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    assert every.referred(client, "user_pool_id", POOL) == pool


@pytest.mark.requirement("KF-AUT-02")
def test_email_is_the_username(every: Plan) -> None:
    assert every.one(POOL)["username_attributes"] == ["email"]


@pytest.mark.requirement("KF-AUT-03")
def test_email_is_required_and_verified(every: Plan) -> None:
    pool = every.one(POOL)

    assert pool["auto_verified_attributes"] == ["email"]
    assert [attribute["required"] for attribute in pool["schema"] if attribute["name"] == "email"] == [True]


@pytest.mark.requirement("KF-AUT-04")
def test_access_and_id_tokens_last_60_minutes(every: Plan) -> None:
    client = every.one(CLIENT)
    (units,) = client["token_validity_units"]

    assert (client["access_token_validity"], units["access_token"]) == (60, "minutes")
    assert (client["id_token_validity"], units["id_token"]) == (60, "minutes")


@pytest.mark.requirement("KF-AUT-05")
def test_refresh_tokens_last_30_days(every: Plan) -> None:
    client = every.one(CLIENT)

    assert client["refresh_token_validity"] == 30
    assert client["token_validity_units"][0]["refresh_token"] == "days"


@pytest.mark.requirement("KF-AUT-06")
def test_advanced_security_is_enforced_in_prod(prod: Plan) -> None:
    pool = prod.one(POOL)

    assert pool["user_pool_add_ons"][0]["advanced_security_mode"] == "ENFORCED"
    assert pool["user_pool_tier"] == "PLUS"


@pytest.mark.requirement("KF-AUT-06")
def test_advanced_security_is_off_in_development(development: Plan) -> None:
    pool = development.one(POOL)

    assert [add_on["advanced_security_mode"] for add_on in pool["user_pool_add_ons"]] in ([], ["OFF"])
    assert pool["user_pool_tier"] == "ESSENTIALS"


@pytest.mark.requirement("KF-AUT-07")
def test_pool_is_protected_from_deletion_in_prod_only(prod: Plan, dev: Plan) -> None:
    assert prod.one(POOL)["deletion_protection"] == "ACTIVE"
    assert dev.one(POOL)["deletion_protection"] == "INACTIVE"


@pytest.mark.requirement("KF-AUT-08")
def test_users_sign_themselves_up(every: Plan) -> None:
    (config,) = every.one(POOL)["admin_create_user_config"]

    assert config["allow_admin_create_user_only"] is False


@pytest.mark.requirement("KF-AUT-09")
def test_accounts_are_recovered_by_email_alone(every: Plan) -> None:
    (setting,) = every.one(POOL)["account_recovery_setting"]

    assert setting["recovery_mechanism"] == [{"name": "verified_email", "priority": 1}]


@pytest.mark.requirement("KF-AUT-10")
def test_client_does_not_tell_who_has_an_account(every: Plan) -> None:
    assert every.one(CLIENT)["prevent_user_existence_errors"] == "ENABLED"


@pytest.mark.requirement("KF-AUT-01")
def test_mail_comes_from_cognito_or_from_the_given_ses_identity(minimal: Plan, complete: Plan) -> None:
    (of_cognito,) = minimal.one(POOL)["email_configuration"]
    (of_ses,) = complete.one(POOL)["email_configuration"]

    assert (of_cognito["email_sending_account"], of_cognito["source_arn"]) == ("COGNITO_DEFAULT", None)
    assert of_ses["email_sending_account"] == "DEVELOPER"
    assert of_ses["source_arn"] == "arn:aws:ses:us-east-1:111122223333:identity/example.com"
