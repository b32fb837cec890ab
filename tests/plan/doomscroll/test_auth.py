"""Users: the pool that they are in, and the server's client of it."""

from __future__ import annotations

import pytest

from tests.support.plans import Plan

CLIENT, POOL = "aws_cognito_user_pool_client", "aws_cognito_user_pool"


def suffix(plan: Plan) -> str:
    return plan.input("name_suffix") or ""


@pytest.mark.requirement("FD-OV-07")
def test_there_is_a_pool_and_a_client_that_has_a_secret(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        pool, client = plan.one(POOL), plan.one(CLIENT)

        assert pool["name"] == f"fckdoomscroll-users{suffix(plan)}"
        assert client["name"] == f"fckdoomscroll-app{suffix(plan)}"
        assert plan.referred(client, "user_pool_id", POOL) == pool
        # The client is a server, which can keep it.
        assert client["generate_secret"] is True
        assert sorted(client["explicit_auth_flows"]) == ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
        assert client["prevent_user_existence_errors"] == "ENABLED"
        assert client["enable_token_revocation"] is True
        assert client["token_validity_units"] == [
            {"access_token": "minutes", "id_token": "minutes", "refresh_token": "days"}
        ]
        assert (client["access_token_validity"], client["id_token_validity"]) == (60, 60)
        assert client["refresh_token_validity"] == 30


@pytest.mark.requirement("FD-OV-07")
def test_people_sign_up_by_a_mail_address_that_is_verified(every: Plan) -> None:
    pool = every.one(POOL)
    (address,) = pool["schema"]

    assert pool["username_attributes"] == ["email"]
    assert pool["auto_verified_attributes"] == ["email"]
    assert (address["name"], address["attribute_data_type"], address["required"]) == ("email", "String", True)
    assert (address["mutable"], address["developer_only_attribute"]) == (True, False)
    assert pool["username_configuration"] == [{"case_sensitive": False}]
    assert [each["allow_admin_create_user_only"] for each in pool["admin_create_user_config"]] == [False]
    assert pool["account_recovery_setting"] == [{"recovery_mechanism": [{"name": "verified_email", "priority": 1}]}]
    assert pool["user_attribute_update_settings"] == [{"attributes_require_verification_before_update": ["email"]}]
    assert [each["default_email_option"] for each in pool["verification_message_template"]] == ["CONFIRM_WITH_CODE"]
    assert [each["email_sending_account"] for each in pool["email_configuration"]] == ["COGNITO_DEFAULT"]


@pytest.mark.requirement("FD-OV-07")
def test_people_sign_in_by_a_strong_password(every: Plan) -> None:
    pool = every.one(POOL)
    (password,) = pool["password_policy"]

    assert [each["allowed_first_auth_factors"] for each in pool["sign_in_policy"]] == [["PASSWORD"]]
    # What costs by the user is not asked for.
    assert pool["user_pool_tier"] == "ESSENTIALS"
    assert [each["advanced_security_mode"] for each in pool["user_pool_add_ons"]] == ["OFF"]
    assert password["minimum_length"] == 14
    assert [password[f"require_{kind}"] for kind in ("lowercase", "uppercase", "numbers", "symbols")] == [True] * 4
    assert password["temporary_password_validity_days"] == 1


@pytest.mark.requirement("FD-OV-07")
def test_the_pool_is_not_deleted_by_mistake(every: Plan, minimal: Plan, chosen: Plan) -> None:
    assert minimal.variables["deletion_protection"]["default"] is True
    assert minimal.one(POOL)["deletion_protection"] == "ACTIVE"
    assert chosen.one(POOL)["deletion_protection"] == "INACTIVE"
    protected = every.input("deletion_protection")
    assert every.one(POOL)["deletion_protection"] == ("ACTIVE" if protected else "INACTIVE")


@pytest.mark.requirement("FD-OV-07")
def test_ids_of_pool_and_client_are_outputs(every: Plan) -> None:
    for output, kind in (("user_pool_id", POOL), ("user_pool_client_id", CLIENT)):
        block = every.one(kind).block
        assert f"{block}.id" in every.output_references(output)
