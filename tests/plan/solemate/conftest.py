"""The plans of solemate that the tests read: three stacks as committed, and the module alone with chosen inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.planner import BARE, Planner
from tests.support.plans import Plan

Planned = Callable[..., Plan]

# An ephemeral value: the plan is asked to keep it nowhere.
SECRETS = {"master_password": "tests-only-0123456789-password"}
# What the module does not know by itself.
REQUIRED = {
    "environment": "testing",
    "account_id": "111122223333",
    # The default is one that RDS no longer creates.
    "engine_version": "15",
    **SECRETS,
}
# A value other than the default for every input that has a value.
CHOSEN: dict[str, Any] = {
    "alarm_thresholds": {
        "availability_percent": 99.5,
        "container_cpu_percent": 71,
        "container_memory_percent": 72,
        "database_connections_percent": 60,
        "database_cpu_percent": 73,
        "database_free_gib": 7,
        "database_read_seconds": 0.05,
        "instance_cpu_percent": 74,
        "replica_lag_seconds": 30,
        "response_seconds": 0.5,
        "server_errors": 25,
    },
    "alert_emails": ["oncall@example.com", "team@example.com"],
    "alternative_names": ["www.shoes.example", "shop.shoes.example"],
    "anomaly_least_impact": 50,
    "asg_desired_capacity": 4,
    "asg_max_size": 9,
    "asg_min_size": 3,
    "backend_path_patterns": ["/api/*", "/graphql"],
    "container_image": "registry.example.com/shop:1.2.3",
    "container_port": 8080,
    "cost_center": "shoes-42",
    "db_allocated_storage": 50,
    "db_backup_retention_days": 21,
    "db_backup_window": "01:00-01:30",
    "db_instance_class": "db.m6g.large",
    "db_maintenance_window": "mon:02:00-mon:03:00",
    "db_max_allocated_storage": 500,
    "db_max_connections": 250,
    "deletion_protection": True,
    "domain_name": "shoes.example",
    "dynamic_path_patterns": ["/api/*", "/checkout/*", "/graphql"],
    "ec2_image_parameter": "/images/backend",
    "ec2_instance_type": "m6i.large",
    "ecs_cpu": 1024,
    "ecs_desired_count": 5,
    "ecs_max_count": 40,
    "ecs_memory": 4096,
    "enable_account_audit": True,
    "enable_aws_backup": True,
    "enable_elasticache": True,
    "enable_replication": True,
    "encrypt_logs": False,
    "engine_version": "16.9",
    "final_snapshot": False,
    "force_destroy": True,
    "health_check_path": "/healthz",
    "interface_endpoints": ["ecr.api", "logs"],
    "log_retention_days": 365,
    "manage_cost_allocation_tags": True,
    "monitoring_webhook_url": "https://monitoring.example/hook",
    "master_password_version": 3,
    "monthly_budget": 1234,
    "multi_az": False,
    "nat_gateways": 2,
    "noncurrent_version_days": 45,
    "read_replica_count": 2,
    "tags": {"Team": "shop"},
    "trace_sampling_percent": 20,
    "vpc_cidr": "10.9.0.0/16",
    "waf_rate_limit": 777,
}


@pytest.fixture(scope="session")
def plan(planner: Planner) -> Planned:
    """The plan of solemate in an environment (or of the module alone, ``BARE``), with these inputs."""

    def planned(env: str, **inputs: Any) -> Plan:
        # In staging and production the user gives the secret; local has an example of its own.
        secrets = {} if env == "local" else SECRETS
        return Plan(planner.plan(env, "solemate", **{**secrets, **inputs}), "solemate")

    return planned


@pytest.fixture(scope="session", params=["staging", "prod", "local"])
def every(request: pytest.FixtureRequest, plan: Planned) -> Plan:
    """Each stack, as committed."""
    return plan(request.param)


@pytest.fixture(scope="session", params=["staging", "local"])
def removable(request: pytest.FixtureRequest, plan: Planned) -> Plan:
    """staging, and local with its staging-like values."""
    return plan(request.param)


@pytest.fixture(scope="session")
def staging(plan: Planned) -> Plan:
    return plan("staging")


@pytest.fixture(scope="session")
def prod(plan: Planned) -> Plan:
    return plan("prod")


@pytest.fixture(scope="session")
def minimal(plan: Planned) -> Plan:
    """The module with its required inputs only."""
    return plan(BARE, **REQUIRED)


@pytest.fixture(scope="session", params=["staging", "prod", "local", BARE])
def everywhere(request: pytest.FixtureRequest, plan: Planned) -> Plan:
    """Each stack, as committed, and the module with its required inputs only."""
    return plan(request.param, **(REQUIRED if request.param == BARE else {}))


@pytest.fixture(scope="session")
def chosen(plan: Planned) -> Plan:
    """The module with no default left."""
    return plan(BARE, **{**REQUIRED, **CHOSEN})


@pytest.fixture(scope="session", params=["containers", "instances"])
def one_backend(request: pytest.FixtureRequest, plan: Planned) -> Plan:
    """The module with Fargate only, and with EC2 only."""
    only_containers = request.param == "containers"
    return plan(BARE, **REQUIRED, enable_ecs_service=only_containers, enable_ec2_backend=not only_containers)
