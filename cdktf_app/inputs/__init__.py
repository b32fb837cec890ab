"""Inputs that mean the same in every architecture: declared once, so that names, checks and words stay alike."""

from cdktf_app.inputs.containers import (
    container_port,
    fargate_cpu,
    fargate_memory,
    health_check_path,
)
from cdktf_app.inputs.databases import (
    database_backup_days,
    database_class,
    database_performance,
    database_storage,
    database_windows,
    given_password,
    postgres_version,
    read_replica_count,
)
from cdktf_app.inputs.edge import (
    certificate_arn,
    domain_name,
    hosted_zone_id,
    optional_domain_name,
    waf_rate_limit,
    zone_to_delegate,
)
from cdktf_app.inputs.functions import (
    function_overrides,
    function_packages,
    manage_api_gateway_account,
    overridden,
)
from cdktf_app.inputs.general import (
    account_id,
    anomaly_least_impact,
    anomaly_monitor_arn,
    artifacts_bucket,
    environment,
    monthly_budget,
    name_suffix,
    region,
    second_region,
    tags,
)
from cdktf_app.inputs.monitoring import (
    alert_emails,
    alert_phone_numbers,
    encrypt_logs,
    log_retention_days,
    webhook_url,
)
from cdktf_app.inputs.network import (
    subnet_cidrs,
    vpc_cidr,
)

__all__ = [
    "account_id",
    "alert_emails",
    "alert_phone_numbers",
    "anomaly_least_impact",
    "anomaly_monitor_arn",
    "artifacts_bucket",
    "certificate_arn",
    "container_port",
    "database_backup_days",
    "database_class",
    "database_performance",
    "database_storage",
    "database_windows",
    "domain_name",
    "encrypt_logs",
    "environment",
    "fargate_cpu",
    "fargate_memory",
    "function_overrides",
    "function_packages",
    "given_password",
    "health_check_path",
    "hosted_zone_id",
    "log_retention_days",
    "manage_api_gateway_account",
    "monthly_budget",
    "name_suffix",
    "optional_domain_name",
    "overridden",
    "postgres_version",
    "read_replica_count",
    "region",
    "second_region",
    "subnet_cidrs",
    "tags",
    "vpc_cidr",
    "waf_rate_limit",
    "webhook_url",
    "zone_to_delegate",
]
