"""Sign-in: a pool and a client that are made, or given."""

from __future__ import annotations

import pytest

from tests.plan.rewind.conftest import GIVEN_CLIENT, GIVEN_POOL
from tests.plan.rewind.parts import suffix
from tests.support.plans import Plan

POOL = "aws_cognito_user_pool"
CLIENT = "aws_cognito_user_pool_client"


@pytest.mark.requirement("RW-AU-01")
def test_pool_and_client_are_made(every: Plan) -> None:
    pool, client = every.one(POOL), every.one(CLIENT)

    assert pool["name"] == f"rewind-users{suffix(every)}"
    assert client["name"] == f"rewind-site{suffix(every)}"
    assert every.referred(client, "user_pool_id", POOL) == pool
    assert pool.block in every.output_references("user_pool_id")
    assert client.block in every.output_references("user_pool_client_id")


@pytest.mark.requirement("RW-AU-01")
def test_pool_and_client_that_are_there_are_used(chosen: Plan) -> None:
    assert not {POOL, CLIENT} & chosen.types()
    assert chosen.outputs["user_pool_id"] == GIVEN_POOL
    assert chosen.outputs["user_pool_client_id"] == GIVEN_CLIENT


@pytest.mark.requirement("RW-AU-01")
def test_module_makes_them_unless_they_are_given(minimal: Plan) -> None:
    assert minimal.variables["cognito_user_pool_id"]["default"] == ""
    assert minimal.variables["cognito_user_pool_client_id"]["default"] == ""
    assert {POOL, CLIENT} <= minimal.types()


@pytest.mark.requirement("RW-AU-01")
def test_people_sign_up_by_mail_address(every: Plan) -> None:
    pool = every.one(POOL)
    (password,) = pool["password_policy"]

    assert pool["username_attributes"] == ["email"]
    assert pool["auto_verified_attributes"] == ["email"]
    (address,) = pool["schema"]
    assert (address["name"], address["attribute_data_type"], address["required"]) == ("email", "String", True)
    assert (address["mutable"], address["developer_only_attribute"]) == (True, False)
    assert [each["allowed_first_auth_factors"] for each in pool["sign_in_policy"]] == [["EMAIL_OTP", "PASSWORD"]]
    # By themselves, and with Cognito's own sender.
    assert [each["allow_admin_create_user_only"] for each in pool["admin_create_user_config"]] == [False]
    assert [each["email_sending_account"] for each in pool["email_configuration"]] == ["COGNITO_DEFAULT"]
    assert password["minimum_length"] == 14
    assert all(password[f"require_{kind}"] for kind in ("lowercase", "uppercase", "numbers", "symbols"))


@pytest.mark.requirement("RW-AU-01")
def test_client_keeps_no_secret_and_tells_nobody_who_exists(every: Plan) -> None:
    client = every.one(CLIENT)

    # It is a page: whatever is in it can be read.
    assert client["generate_secret"] is False
    assert client["prevent_user_existence_errors"] == "ENABLED"
    assert client["enable_token_revocation"] is True
    assert sorted(client["explicit_auth_flows"]) == ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH"]
    assert client["token_validity_units"] == [
        {"access_token": "minutes", "id_token": "minutes", "refresh_token": "days"}
    ]
    assert (client["access_token_validity"], client["id_token_validity"]) == (60, 60)
    assert client["refresh_token_validity"] == 30
