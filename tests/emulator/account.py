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


def _budgets(account: Account) -> Iterator[str]:
    for entry in account.pages("budgets", "describe_budgets", "Budgets", AccountId=account.account_id):
        yield str(entry["BudgetName"])


def _distributions(account: Account) -> Iterator[str]:
    listed = account.client("cloudfront").list_distributions()["DistributionList"]
    yield from (str(entry["Id"]) for entry in listed.get("Items", []))


def _queues(account: Account) -> Iterator[str]:
    yield from account.client("sqs").list_queues().get("QueueUrls", [])


def _stacks(account: Account) -> Iterator[str]:
    for entry in account.pages("cloudformation", "list_stacks", "StackSummaries"):
        if entry["StackStatus"] != "DELETE_COMPLETE":
            yield str(entry["StackName"])


def _transcoding_queues(account: Account) -> Iterator[str]:
    for entry in account.pages("mediaconvert", "list_queues", "Queues"):
        # AWS keeps this one in every account.
        if entry["Name"] != "Default":
            yield str(entry["Name"])


_KINDS: dict[str, Look] = {
    "alarms": _listing("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    "anomaly monitors": _listing("ce", "get_anomaly_monitors", "AnomalyMonitors", "MonitorName"),
    "APIs": _listing("apigatewayv2", "get_apis", "Items", "Name"),
    "archives": _listing("events", "list_archives", "Archives", "ArchiveName"),
    "buckets": _listing("s3", "list_buckets", "Buckets", "Name"),
    "budgets": _budgets,
    "certificates": _listing("acm", "list_certificates", "CertificateSummaryList", "DomainName"),
    "dashboards": _listing("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    "distributions": _distributions,
    "event rules": _listing("events", "list_rules", "Rules", "Name"),
    "event source mappings": _listing("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    "functions": _listing("lambda", "list_functions", "Functions", "FunctionName"),
    "health checks": _listing("route53", "list_health_checks", "HealthChecks", "Id"),
    "keys": _keys,
    "log groups": _listing("logs", "describe_log_groups", "logGroups", "logGroupName"),
    "parameters": _listing("ssm", "describe_parameters", "Parameters", "Name"),
    "queues": _queues,
    "REST APIs": _listing("apigateway", "get_rest_apis", "items", "name"),
    "roles": _listing("iam", "list_roles", "Roles", "RoleName"),
    "stacks": _stacks,
    "state machines": _listing("stepfunctions", "list_state_machines", "stateMachines", "name"),
    "tables": _listing("dynamodb", "list_tables", "TableNames", ""),
    "topics": _listing("sns", "list_topics", "Topics", "TopicArn"),
    "transcoding queues": _transcoding_queues,
    "user pools": _listing("cognito-idp", "list_user_pools", "UserPools", "Name", MaxResults=60),
    "web ACLs": _listing("wafv2", "list_web_acls", "WebACLs", "Name", Scope="REGIONAL"),
    "zones": _listing("route53", "list_hosted_zones", "HostedZones", "Name"),
}
