"""Secrets Manager and the parameters of Systems Manager."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tooling.recovery.answers import fits_name, needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, finds

_NEXT = ("NextToken", "NextToken")


@finds("aws_secretsmanager_secret")
def _secret(wanted: Wanted) -> Iterator[Found]:
    client, name = wanted.client("secretsmanager"), wanted.values.get("name")
    if name:
        told = answer(client.describe_secret, SecretId=name)
        listed: Iterable[Any] = [told] if told else ()
    else:
        named = [{"Key": "name", "Values": [wanted.values.get("name_prefix") or ""]}]
        listed = each(client, "list_secrets", "SecretList", Filters=named)
    for secret in listed:
        if fits_name(wanted, secret["Name"]) and not secret.get("DeletedDate"):
            yield Found(secret["ARN"], tags_in(secret.get("Tags")), secret.get("CreatedDate"))


@finds("aws_secretsmanager_secret_version")
@needs("secret_id")
def _version(wanted: Wanted) -> Iterator[Found]:
    # What is put last is the current one, unless other stages were planned.
    secret, stages = wanted.values["secret_id"], set(wanted.values.get("version_stages") or ["AWSCURRENT"])
    for version in each(
        wanted.client("secretsmanager"), "list_secret_version_ids", "Versions", token=_NEXT, SecretId=secret
    ):
        if stages & set(version.get("VersionStages", ())):
            exact = {"version_id": version["VersionId"]}
            yield Found(f"{secret}|{version['VersionId']}", None, version.get("CreatedDate"), exact, within=True)


@finds("aws_ssm_parameter")
@needs("name")
def _parameter(wanted: Wanted) -> Iterator[Found]:
    client, name = wanted.client("ssm"), wanted.values["name"]
    named = [{"Key": "Name", "Option": "Equals", "Values": [name]}]
    for parameter in each(client, "describe_parameters", "Parameters", ParameterFilters=named):
        tags = client.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
        # AWS tells the last change only: that is the creation while there was no other.
        created = parameter.get("LastModifiedDate") if parameter.get("Version") == 1 else None
        yield Found(parameter["Name"], tags_in(tags), created)
