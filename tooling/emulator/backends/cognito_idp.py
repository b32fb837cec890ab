"""Cognito user pools: what an update keeps, deletion protection, threat protection, passkeys, resource servers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.cognitoidp.models import cognitoidp_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("cognito-idp")


_SET_AT_CREATION = ("UsernameAttributes", "AliasAttributes", "UsernameConfiguration")


@backend.prepares("UpdateUserPool")
def keep_what_an_update_cannot_change(call: Call) -> None:
    """aws_cognito_user_pool, update: moto forgets what the request leaves out, and the next plan replaces the pool."""
    config = _user_pool(call).extended_config
    kept = {key: config[key] for key in (*_SET_AT_CREATION, "UserPoolTags") if config.get(key)}
    call.body = json.dumps({**kept, **json.loads(call.body)}).encode()


@backend.amends("CreateUserPool", "DescribeUserPool")
def tell_default_tier(_call: Call, answer: dict[str, Any]) -> None:
    """aws_cognito_user_pool, read: the provider leaves Cognito's default tier out of its request and expects it back.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
    """
    answer["UserPool"].setdefault("UserPoolTier", "ESSENTIALS")


@backend.answers("DeleteUserPool")
def refuse_deletion_of_protected_pool(call: Call) -> Mapping[str, Any] | None:
    """aws_cognito_user_pool with deletion_protection = "ACTIVE", delete: moto keeps the setting and deletes."""
    if _user_pool(call).extended_config.get("DeletionProtection") == "ACTIVE":
        raise AwsError(
            "InvalidParameterException",
            "The user pool cannot be deleted because deletion protection is activated. "
            "Deletion protection must be inactivated first.",
        )
    return None


_RISK_SETTINGS = (
    "CompromisedCredentialsRiskConfiguration",
    "AccountTakeoverRiskConfiguration",
    "RiskExceptionConfiguration",
)


@backend.answers("SetRiskConfiguration")
def set_risk_configuration(call: Call) -> Mapping[str, Any]:
    """aws_cognito_risk_configuration, create, update and delete (which sets nothing)."""
    _user_pool(call)
    settings = {key: call.params[key] for key in _RISK_SETTINGS if call.params.get(key)}
    stored = call.store("risk-configurations")
    if settings:
        stored[_risk_key(call)] = settings | {"LastModifiedDate": datetime.now(UTC)}
    else:
        stored.pop(_risk_key(call), None)
    return describe_risk_configuration(call)


@backend.answers("DescribeRiskConfiguration")
def describe_risk_configuration(call: Call) -> Mapping[str, Any]:
    """aws_cognito_risk_configuration, read."""
    _user_pool(call)
    pool, client = _risk_key(call)
    identity = {"UserPoolId": pool} | ({"ClientId": client} if client else {})
    return {"RiskConfiguration": identity | call.store("risk-configurations").get((pool, client), {})}


_LOST_MFA_SETTINGS = ("WebAuthnConfiguration", "EmailMfaConfiguration")


@backend.amends("SetUserPoolMfaConfig")
def remember_mfa_settings(call: Call, answer: dict[str, Any]) -> None:
    """aws_cognito_user_pool with web_authn_configuration or email_mfa_configuration, create and update."""
    given = {key: call.params[key] for key in _LOST_MFA_SETTINGS if call.params.get(key)}
    call.store("mfa-settings")[call.params["UserPoolId"]] = given
    answer.update(given)


@backend.amends("GetUserPoolMfaConfig")
def recall_mfa_settings(call: Call, answer: dict[str, Any]) -> None:
    """aws_cognito_user_pool, read."""
    answer.update(call.store("mfa-settings").get(call.params["UserPoolId"], {}))


@backend.answers("TagResource")
def tag_resource(call: Call) -> Mapping[str, Any]:
    """aws_cognito_user_pool, change of tags."""
    config = _user_pool_of_arn(call).extended_config
    config["UserPoolTags"] = {**config.get("UserPoolTags", {}), **call.params["Tags"]}
    return {}


@backend.answers("UntagResource")
def untag_resource(call: Call) -> Mapping[str, Any]:
    """aws_cognito_user_pool, tags that go."""
    config = _user_pool_of_arn(call).extended_config
    kept = {key: tag for key, tag in config.get("UserPoolTags", {}).items() if key not in call.params["TagKeys"]}
    config["UserPoolTags"] = kept
    return {}


@backend.answers("ListTagsForResource")
def list_tags_for_resource(call: Call) -> Mapping[str, Any]:
    """Reading the tags back by ARN."""
    return {"Tags": _user_pool_of_arn(call).extended_config.get("UserPoolTags", {})}


@backend.answers("UpdateResourceServer")
def update_resource_server(call: Call) -> Mapping[str, Any]:
    """aws_cognito_resource_server, update."""
    server = _user_pool(call).resource_servers.get(call.params["Identifier"])
    if server is None:
        raise AwsError("ResourceNotFoundException", "Resource server does not exist.")
    server.name, server.scopes = call.params["Name"], call.params.get("Scopes", [])
    return {"ResourceServer": server.to_json()}


@backend.answers("DeleteResourceServer")
def delete_resource_server(call: Call) -> Mapping[str, Any]:
    """aws_cognito_resource_server, delete."""
    servers = _user_pool(call).resource_servers
    if servers.pop(call.params["Identifier"], None) is None:
        raise AwsError("ResourceNotFoundException", "Resource server does not exist.")
    return {}


def _risk_key(call: Call) -> tuple[str, str | None]:
    return call.params["UserPoolId"], call.params.get("ClientId")


def _user_pool(call: Call) -> Any:
    """moto's own pool; it raises what Cognito answers for one that is not there."""
    return cognitoidp_backends[call.account][call.region].describe_user_pool(call.params["UserPoolId"])


def _user_pool_of_arn(call: Call) -> Any:
    pool = call.params["ResourceArn"].rpartition("/")[2]
    return cognitoidp_backends[call.account][call.region].describe_user_pool(pool)
