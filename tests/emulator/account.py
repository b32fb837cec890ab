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


def _not_by_default(operation: str, key: str, name: str) -> Look:
    """What EC2 has beside the VPC that AWS keeps in every account and region, with what belongs to it."""

    def look(account: Account) -> Iterator[str]:
        vpcs = account.pages("ec2", "describe_vpcs", "Vpcs")
        of_aws = {vpc["VpcId"] for vpc in vpcs if vpc["IsDefault"]}
        for entry in account.pages("ec2", operation, key):
            attachments = {each["VpcId"] for each in entry.get("Attachments", [])}
            if not of_aws & {entry.get("VpcId"), *attachments}:
                yield str(entry[name])

    return look


def _alive(operation: str, key: str, name: str, gone: str) -> Look:
    """What EC2 still lists for a while after its end."""

    def look(account: Account) -> Iterator[str]:
        for entry in account.pages("ec2", operation, key):
            state = entry["State"]
            if (state["Name"] if isinstance(state, dict) else state) != gone:
                yield str(entry[name])

    return look


def _instances(account: Account) -> Iterator[str]:
    for reservation in account.pages("ec2", "describe_instances", "Reservations"):
        for instance in reservation["Instances"]:
            if instance["State"]["Name"] != "terminated":
                yield str(instance["InstanceId"])


def _services(account: Account) -> Iterator[str]:
    for cluster in account.pages("ecs", "list_clusters", "clusterArns"):
        yield from account.pages("ecs", "list_services", "serviceArns", cluster=cluster)


def _own(service: str, operation: str, key: str, name: str) -> Look:
    """Groups of settings, of which AWS keeps some named ``default``."""

    def look(account: Account) -> Iterator[str]:
        for entry in account.pages(service, operation, key):
            if not str(entry[name]).lower().startswith("default"):
                yield str(entry[name])

    return look


def _of_cloudfront(operation: str, kind: str, name: Callable[[Any], Any]) -> Look:
    def look(account: Account) -> Iterator[str]:
        listed = getattr(account.client("cloudfront"), operation)()[kind]
        for entry in listed.get("Items", []):
            # AWS keeps policies of its own.
            if entry.get("Type") != "managed":
                yield str(name(entry))

    return look


def _identities(account: Account) -> Iterator[str]:
    for entry in account.client("sesv2").list_email_identities()["EmailIdentities"]:
        yield str(entry["IdentityName"])


def _xray_groups(account: Account) -> Iterator[str]:
    for entry in account.client("xray").get_groups()["Groups"]:
        if entry["GroupName"] != "Default":
            yield str(entry["GroupName"])


def _sampling_rules(account: Account) -> Iterator[str]:
    for entry in account.client("xray").get_sampling_rules()["SamplingRuleRecords"]:
        if entry["SamplingRule"]["RuleName"] != "Default":
            yield str(entry["SamplingRule"]["RuleName"])


_KINDS: dict[str, Look] = {
    "addresses": _listing("ec2", "describe_addresses", "Addresses", "AllocationId"),
    "alarms": _listing("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    "anomaly monitors": _listing("ce", "get_anomaly_monitors", "AnomalyMonitors", "MonitorName"),
    "APIs": _listing("apigatewayv2", "get_apis", "Items", "Name"),
    "archives": _listing("events", "list_archives", "Archives", "ArchiveName"),
    "Auto Scaling groups": _listing(
        "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupName"
    ),
    "backup plans": _listing("backup", "list_backup_plans", "BackupPlansList", "BackupPlanName"),
    "backup vaults": _listing("backup", "list_backup_vaults", "BackupVaultList", "BackupVaultName"),
    "buckets": _listing("s3", "list_buckets", "Buckets", "Name"),
    "budgets": _budgets,
    "certificates": _listing("acm", "list_certificates", "CertificateSummaryList", "DomainName"),
    "clusters": _listing("ecs", "list_clusters", "clusterArns", ""),
    "configuration recorders": _listing("config", "describe_configuration_recorders", "ConfigurationRecorders", "name"),
    "configuration rules": _listing("config", "describe_config_rules", "ConfigRules", "ConfigRuleName"),
    "dashboards": _listing("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    "database parameter groups": _own(
        "rds", "describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName"
    ),
    "database snapshots": _listing("rds", "describe_db_snapshots", "DBSnapshots", "DBSnapshotIdentifier"),
    "database subnet groups": _own("rds", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName"),
    "databases": _listing("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
    "delivery channels": _listing("config", "describe_delivery_channels", "DeliveryChannels", "name"),
    "distributions": _distributions,
    "event rules": _listing("events", "list_rules", "Rules", "Name"),
    "event source mappings": _listing("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    "flow logs": _listing("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    "functions": _listing("lambda", "list_functions", "Functions", "FunctionName"),
    "health checks": _listing("route53", "list_health_checks", "HealthChecks", "Id"),
    "identities": _identities,
    "image repositories": _listing("ecr", "describe_repositories", "repositories", "repositoryName"),
    "instance profiles": _listing("iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
    "instances": _instances,
    "internet gateways": _not_by_default("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    "keys": _keys,
    "launch templates": _listing("ec2", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateName"),
    "load balancers": _listing("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    "log groups": _listing("logs", "describe_log_groups", "logGroups", "logGroupName"),
    "mail configuration sets": _listing("sesv2", "list_configuration_sets", "ConfigurationSets", ""),
    "mail templates": _listing("ses", "list_templates", "TemplatesMetadata", "Name"),
    "NAT gateways": _alive("describe_nat_gateways", "NatGateways", "NatGatewayId", "deleted"),
    "network ACLs": _not_by_default("describe_network_acls", "NetworkAcls", "NetworkAclId"),
    "origin access controls": _of_cloudfront(
        "list_origin_access_controls", "OriginAccessControlList", lambda entry: entry["Name"]
    ),
    "parameters": _listing("ssm", "describe_parameters", "Parameters", "Name"),
    "queues": _queues,
    "response headers policies": _of_cloudfront(
        "list_response_headers_policies",
        "ResponseHeadersPolicyList",
        lambda entry: entry["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]["Name"],
    ),
    "REST APIs": _listing("apigateway", "get_rest_apis", "items", "name"),
    "roles": _listing("iam", "list_roles", "Roles", "RoleName"),
    "route tables": _not_by_default("describe_route_tables", "RouteTables", "RouteTableId"),
    "sampling rules": _sampling_rules,
    "saved queries": _listing("logs", "describe_query_definitions", "queryDefinitions", "name"),
    "secrets": _listing("secretsmanager", "list_secrets", "SecretList", "Name"),
    "security groups": _not_by_default("describe_security_groups", "SecurityGroups", "GroupName"),
    "services": _services,
    "stacks": _stacks,
    "state machines": _listing("stepfunctions", "list_state_machines", "stateMachines", "name"),
    "subnets": _not_by_default("describe_subnets", "Subnets", "SubnetId"),
    "tables": _listing("dynamodb", "list_tables", "TableNames", ""),
    "target groups": _listing("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName"),
    "task definitions": _listing("ecs", "list_task_definitions", "taskDefinitionArns", ""),
    "topics": _listing("sns", "list_topics", "Topics", "TopicArn"),
    "tracing groups": _xray_groups,
    "trails": _listing("cloudtrail", "describe_trails", "trailList", "Name"),
    "transcoding queues": _transcoding_queues,
    "user pools": _listing("cognito-idp", "list_user_pools", "UserPools", "Name", MaxResults=60),
    "VPC endpoints": _alive("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", "deleted"),
    "VPCs": _not_by_default("describe_vpcs", "Vpcs", "VpcId"),
    "web ACLs": _listing("wafv2", "list_web_acls", "WebACLs", "Name", Scope="REGIONAL"),
    "web ACLs of CloudFront": _listing("wafv2", "list_web_acls", "WebACLs", "Name", Scope="CLOUDFRONT"),
    "zones": _listing("route53", "list_hosted_zones", "HostedZones", "Name"),
}
