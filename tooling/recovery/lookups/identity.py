"""IAM. Roles with a name_prefix get a random end: they are looked for by their beginning, and told apart by time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tooling.recovery.answers import fits_name, needs, tags_in, unique_id
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, derived, finds

derived("aws_iam_role_policy", "{role}:{name}", within=True)


@finds("aws_iam_role")
def _role(wanted: Wanted) -> Iterator[Found]:
    client, name = wanted.client("iam"), wanted.values.get("name")
    if name:
        yield from _read(client, name)
        return
    for role in each(client, "list_roles", "Roles", PathPrefix=wanted.values.get("path") or "/"):
        if fits_name(wanted, role["RoleName"]):
            # A list of roles tells no tags.
            yield from _read(client, role["RoleName"])


def _read(client: Any, name: str) -> Iterator[Found]:
    told = answer(client.get_role, RoleName=name)
    if told:
        role = told["Role"]
        yield Found(role["RoleName"], tags_in(role.get("Tags")), role["CreateDate"])


@finds("aws_iam_instance_profile")
@needs("name")
def _instance_profile(wanted: Wanted) -> Iterator[Found]:
    told = answer(wanted.client("iam").get_instance_profile, InstanceProfileName=wanted.values["name"])
    if told:
        profile = told["InstanceProfile"]
        yield Found(profile["InstanceProfileName"], tags_in(profile.get("Tags")), profile["CreateDate"])


@finds("aws_iam_role_policy_attachment")
@needs("role", "policy_arn")
def _attachment(wanted: Wanted) -> Iterator[Found]:
    # It has no id of its own: the provider makes one up and reads by role and policy.
    role, policy = wanted.values["role"], wanted.values["policy_arn"]
    for attached in each(wanted.client("iam"), "list_attached_role_policies", "AttachedPolicies", RoleName=role):
        if attached["PolicyArn"] == policy:
            yield Found(unique_id(role, policy), within=True)


@finds("aws_iam_openid_connect_provider")
@needs("url")
def _identity_provider(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("iam")
    host = str(wanted.values["url"]).removeprefix("https://")
    arn = f"arn:{client.meta.partition}:iam::{wanted.account_id}:oidc-provider/{host}"
    provider = answer(client.get_open_id_connect_provider, OpenIDConnectProviderArn=arn)
    if provider:
        yield Found(arn, tags_in(provider.get("Tags")), provider.get("CreateDate"))
