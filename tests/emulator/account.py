"""What an account holds, asked of it through boto3."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3

from tooling.emulator.process import RunningEmulator


@dataclass(frozen=True)
class Account:
    """Clients of one account of a running emulator."""

    emulator: RunningEmulator
    account_id: str
    region: str = "us-east-1"

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.emulator.endpoint,
            region_name=self.region,
            aws_access_key_id=self.account_id,
            aws_secret_access_key="emulator",
        )

    def pages(self, service: str, operation: str, key: str, **parameters: Any) -> list[Any]:
        """Every entry of a paginated list."""
        client = self.client(service)
        if not client.can_paginate(operation):
            return list(getattr(client, operation)(**parameters)[key])
        return [entry for page in client.get_paginator(operation).paginate(**parameters) for entry in page[key]]

    def holdings(self) -> dict[str, list[str]]:
        """Names of everything there is, by kind; but for what AWS keeps by itself (see ``_keys``)."""
        return {kind: names for kind, look in _KINDS.items() if (names := sorted(look(self)))}


Look = Callable[[Account], Iterator[str]]


def _listing(
    service: str, operation: str, key: str, name: str, **parameters: Any
) -> Callable[[Account], Iterator[str]]:
    def look(account: Account) -> Iterator[str]:
        for entry in account.pages(service, operation, key, **parameters):
            yield str(entry[name] if name else entry)

    return look


def _keys(account: Account) -> Iterator[str]:
    client = account.client("kms")
    aliases = account.pages("kms", "list_aliases", "Aliases")
    of_aws = {alias.get("TargetKeyId") for alias in aliases if alias["AliasName"].startswith("alias/aws/")}
    for entry in account.pages("kms", "list_keys", "Keys"):
        key = client.describe_key(KeyId=entry["KeyId"])["KeyMetadata"]
        if key["KeyId"] not in of_aws and key["KeyState"] != "PendingDeletion":
            yield str(key["KeyId"])


_KINDS: dict[str, Look] = {
    "alarms": _listing("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    "APIs": _listing("apigatewayv2", "get_apis", "Items", "Name"),
    "buckets": _listing("s3", "list_buckets", "Buckets", "Name"),
    "dashboards": _listing("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    "event rules": _listing("events", "list_rules", "Rules", "Name"),
    "functions": _listing("lambda", "list_functions", "Functions", "FunctionName"),
    "keys": _keys,
    "log groups": _listing("logs", "describe_log_groups", "logGroups", "logGroupName"),
    "roles": _listing("iam", "list_roles", "Roles", "RoleName"),
    "tables": _listing("dynamodb", "list_tables", "TableNames", ""),
    "topics": _listing("sns", "list_topics", "Topics", "TopicArn"),
    "user pools": _listing("cognito-idp", "list_user_pools", "UserPools", "Name", MaxResults=60),
}
