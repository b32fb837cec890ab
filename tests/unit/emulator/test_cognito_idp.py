"""Cognito user pools: what moto lacks of them, and what it must not lose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]


@pytest.fixture
def cognito(client: Client) -> Any:
    return client("cognito-idp")


@pytest.fixture
def pool(cognito: Any) -> str:
    return str(cognito.create_user_pool(PoolName="p")["UserPool"]["Id"])


def test_a_pool_without_a_tier_has_cognitos_default(cognito: Any, pool: str) -> None:
    plus = cognito.create_user_pool(PoolName="plus", UserPoolTier="PLUS")["UserPool"]["Id"]

    assert cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["UserPoolTier"] == "ESSENTIALS"
    assert cognito.describe_user_pool(UserPoolId=plus)["UserPool"]["UserPoolTier"] == "PLUS"


def test_risk_configuration_is_kept_for_pool_and_client(cognito: Any, pool: str) -> None:
    block = {"Actions": {"EventAction": "BLOCK"}}

    cognito.set_risk_configuration(UserPoolId=pool, CompromisedCredentialsRiskConfiguration=block)

    kept = cognito.describe_risk_configuration(UserPoolId=pool)["RiskConfiguration"]
    assert kept["CompromisedCredentialsRiskConfiguration"] == block
    assert kept["UserPoolId"] == pool
    of_client = cognito.describe_risk_configuration(UserPoolId=pool, ClientId="c")["RiskConfiguration"]
    assert "CompromisedCredentialsRiskConfiguration" not in of_client


def test_risk_configuration_set_to_nothing_is_gone(cognito: Any, pool: str) -> None:
    cognito.set_risk_configuration(
        UserPoolId=pool, CompromisedCredentialsRiskConfiguration={"Actions": {"EventAction": "BLOCK"}}
    )

    cognito.set_risk_configuration(UserPoolId=pool)

    assert cognito.describe_risk_configuration(UserPoolId=pool)["RiskConfiguration"] == {"UserPoolId": pool}


def test_risk_configuration_of_no_pool_is_refused(cognito: Any) -> None:
    with pytest.raises(cognito.exceptions.ResourceNotFoundException):
        cognito.describe_risk_configuration(UserPoolId="us-east-1_nosuch")


def test_resource_server_is_deleted_once(cognito: Any, pool: str) -> None:
    cognito.create_resource_server(UserPoolId=pool, Identifier="api", Name="api")

    cognito.delete_resource_server(UserPoolId=pool, Identifier="api")

    with pytest.raises(cognito.exceptions.ResourceNotFoundException):
        cognito.describe_resource_server(UserPoolId=pool, Identifier="api")
    with pytest.raises(cognito.exceptions.ResourceNotFoundException):
        cognito.delete_resource_server(UserPoolId=pool, Identifier="api")


def test_protected_pool_is_not_deleted_until_it_is_unprotected(cognito: Any) -> None:
    pool = cognito.create_user_pool(PoolName="protected", DeletionProtection="ACTIVE")["UserPool"]["Id"]

    with pytest.raises(cognito.exceptions.InvalidParameterException, match="deletion protection is activated"):
        cognito.delete_user_pool(UserPoolId=pool)

    cognito.update_user_pool(UserPoolId=pool, DeletionProtection="INACTIVE")
    cognito.delete_user_pool(UserPoolId=pool)


def test_update_keeps_what_it_cannot_change(cognito: Any) -> None:
    fixed = {"UsernameAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": False}}
    tags = {"team": "a"}
    made = cognito.create_user_pool(PoolName="updated", UserPoolTier="PLUS", UserPoolTags=tags, **fixed)
    pool = made["UserPool"]["Id"]

    cognito.update_user_pool(UserPoolId=pool, UserPoolTier="ESSENTIALS")

    kept = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
    assert {key: kept[key] for key in fixed} == fixed
    assert kept["UserPoolTags"] == tags
    assert kept["UserPoolTier"] == "ESSENTIALS"


def test_passkey_settings_are_kept_beside_mfa(cognito: Any, pool: str) -> None:
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool,
        MfaConfiguration="OPTIONAL",
        SoftwareTokenMfaConfiguration={"Enabled": True},
        WebAuthnConfiguration={"UserVerification": "preferred"},
    )

    kept = cognito.get_user_pool_mfa_config(UserPoolId=pool)

    assert kept["WebAuthnConfiguration"] == {"UserVerification": "preferred"}
    assert kept["SoftwareTokenMfaConfiguration"] == {"Enabled": True}
    assert kept["MfaConfiguration"] == "OPTIONAL"


def test_email_otp_pool_is_kept_as_sent(cognito: Any) -> None:
    sent: dict[str, Any] = {
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
        "UserPoolTier": "PLUS",
        "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"},
        "UsernameAttributes": ["email"],
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
    }
    pool = cognito.create_user_pool(PoolName="otp", **sent)["UserPool"]["Id"]

    kept = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]

    assert kept["Policies"]["SignInPolicy"] == sent["Policies"]["SignInPolicy"]
    for key in ("UserPoolTier", "UserPoolAddOns", "UsernameAttributes", "AccountRecoverySetting"):
        assert kept[key] == sent[key]


def test_tags_of_a_pool_change(cognito: Any) -> None:
    pool = cognito.create_user_pool(PoolName="tagged", UserPoolTags={"a": "1", "b": "2"})["UserPool"]

    cognito.tag_resource(ResourceArn=pool["Arn"], Tags={"b": "3", "c": "4"})
    cognito.untag_resource(ResourceArn=pool["Arn"], TagKeys=["a"])

    expected = {"b": "3", "c": "4"}
    assert cognito.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]["UserPoolTags"] == expected
    assert cognito.list_tags_for_resource(ResourceArn=pool["Arn"])["Tags"] == expected


def test_resource_server_changes(cognito: Any, pool: str) -> None:
    cognito.create_resource_server(UserPoolId=pool, Identifier="changed", Name="before")
    scopes = [{"ScopeName": "read", "ScopeDescription": "Reads."}]

    cognito.update_resource_server(UserPoolId=pool, Identifier="changed", Name="after", Scopes=scopes)

    kept = cognito.describe_resource_server(UserPoolId=pool, Identifier="changed")["ResourceServer"]
    assert (kept["Name"], kept["Scopes"]) == ("after", scopes)
