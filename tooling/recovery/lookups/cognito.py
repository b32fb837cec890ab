"""Cognito: user pools and their clients, neither of which needs a name of its own."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs
from tooling.recovery.asking import answer, each, fits
from tooling.recovery.lookup import Found, Wanted, finds

_PAGE = 60


@finds("aws_cognito_user_pool")
@needs("name")
def user_pool(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("cognito-idp")
    for item in each(client, "list_user_pools", "UserPools", MaxResults=_PAGE):
        told = (
            answer(client.describe_user_pool, UserPoolId=item["Id"]) if item["Name"] == wanted.values["name"] else None
        )
        if told:
            tags = told["UserPool"].get("UserPoolTags") or {}
            yield Found(item["Id"], tags=tags, created=told["UserPool"].get("CreationDate"))


@finds("aws_cognito_user_pool_client")
@needs("user_pool_id", "name")
def user_pool_client(wanted: Wanted) -> Iterator[Found]:
    client, pool = wanted.client("cognito-idp"), wanted.values["user_pool_id"]
    for item in each(client, "list_user_pool_clients", "UserPoolClients", UserPoolId=pool, MaxResults=_PAGE):
        if fits(wanted.values, {"name": item["ClientName"]}):
            yield Found(item["ClientId"], within=True)
