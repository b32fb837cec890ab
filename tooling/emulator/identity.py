"""Who calls, for which region and service: read from the signature of a request, which is not checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tooling.emulator.settings import DEFAULT_ACCOUNT

DEFAULT_REGION = "us-east-1"

_ACCOUNT_ID = re.compile(r"\d{12}")
# What IAM allows in a user's name, but for the comma: that ends the credential in a signed header.
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
_USER_KEY = re.compile(r"(\d{12})\.([A-Za-z0-9+=.@_-]{1,64})")
_ISSUED_KEY = re.compile(r"[A-Z0-9]{20}")
_HEADER = re.compile(r"AWS4-\S+\s+Credential=([^/,\s]+)/\d{8}/([^,\s]+)/aws4_request")
_QUERY = re.compile(r"([^/]+)/\d{8}/(.+)/aws4_request")
_UNSIGNED_TARGETS = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "AWSCognitoIdentityService": "cognito-identity",
}


@dataclass(frozen=True)
class Identity:
    """The credential scope of one request.

    Attributes:
        access_key: Access key id, or "" for a call that needs no signature (Cognito's public operations).
        region: Region the request is signed for.
        service: Signing name, e.g. "monitoring" for CloudWatch.
    """

    access_key: str
    region: str
    service: str


def identify(headers: Mapping[str, str], query: Mapping[str, str]) -> Identity | None:
    """Read the credential scope from header or presigned address; None for a request that AWS would not know."""
    if match := _HEADER.match(headers.get("authorization", "")):
        return _from_scope(match[1], match[2])
    if match := _QUERY.fullmatch(query.get("X-Amz-Credential", "")):
        return _from_scope(match[1], match[2])
    if old_key := query.get("AWSAccessKeyId"):
        # Signature version 2 carries neither region nor service; only presigned S3 addresses still use it.
        return Identity(old_key, DEFAULT_REGION, "s3")
    prefix = headers.get("x-amz-target", "").partition(".")[0]
    if service := _UNSIGNED_TARGETS.get(prefix):
        return Identity("", DEFAULT_REGION, service)
    return None


def account_of(access_key: str) -> str:
    """The account that an access key acts in.

    Twelve digits name the account itself, so that several accounts need no setup; a dot and a name behind them are
    one of its users. A key that this emulator issued (IAM access key, assumed role) acts where it was issued.
    """
    if _ACCOUNT_ID.fullmatch(access_key):
        return access_key
    if user := _USER_KEY.fullmatch(access_key):
        return user[1]
    if _ISSUED_KEY.fullmatch(access_key):
        return _issuer(access_key) or DEFAULT_ACCOUNT
    return DEFAULT_ACCOUNT


def user_key(account: str, user: str) -> str:
    """The access key with which ``user`` acts in ``account``.

    Raises:
        ValueError: No user can have that name.
    """
    key = f"{account}.{user}"
    if not _USER_KEY.fullmatch(key):
        raise ValueError(f"'{user}' is no name of a user: 1 to 64 of A-Z a-z 0-9 + = . @ _ -")
    return key


def user_of(access_key: str) -> str | None:
    """The user that an access key names; None for one that names none."""
    found = _USER_KEY.fullmatch(access_key)
    return found[2] if found else None


def _issuer(access_key: str) -> str | None:
    """The account whose IAM issued a key. moto's own search would first make IAM anew in six partitions an account."""
    from moto.iam.models import iam_backends

    for account, partitions in list(iam_backends.items()):
        if any(access_key in backend.access_keys for backend in list(partitions.values())):
            return str(account)
    return None


def _from_scope(access_key: str, scope: str) -> Identity:
    region, _, service = scope.rpartition("/")
    # An asymmetric signature (SigV4A) names no region.
    return Identity(access_key, region or DEFAULT_REGION, service.lower())
