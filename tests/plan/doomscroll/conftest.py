"""The plans of doomscroll that the tests read: three stacks as committed, and the module alone with chosen inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.planner import BARE, Planner
from tests.support.plans import Plan

Planned = Callable[..., Plan]

# Ephemeral values: the plan is asked to keep them nowhere.
SECRETS = {"db_password": "tests-only-0123456789-password", "session_secret": "tests-only-0123456789-session-secret"}
# What the module does not know by itself.
REQUIRED = {"environment": "testing", "account_id": "111122223333", **SECRETS}
# A value other than the default for every input that has a value.
CHOSEN: dict[str, Any] = {
    "alert_email": "team@example.com",
    "container_port": 8080,
    "content_security_policy": "default-src 'none'; script-src 'self'",
    "cpu_target": 55,
    "create_ecr": False,
    "db_allocated_storage": 500,
    "db_backup_retention_days": 21,
    "db_backup_window": "01:00-01:30",
    "db_instance_class": "db.m6g.large",
    "db_iops": 15000,
    "db_maintenance_window": "mon:02:00-mon:03:00",
    "db_max_allocated_storage": 900,
    "db_max_connections": 250,
    "db_password_version": 3,
    "db_storage_throughput": 600,
    "deletion_protection": False,
    "desired_count": 5,
    "domain_name": "calm.example",
    "enable_cross_region_backup": True,
    "enable_restore_testing": True,
    "enable_ses_configuration_set": False,
    "enable_ses_templates": True,
    "enable_stickiness": False,
    "encrypt_logs": False,
    "engine_version": "15.13",
    "extra_txt_records": ["google-site-verification=abc"],
    "final_snapshot": False,
    "force_destroy": True,
    "health_check_path": "/healthz",
    "image_tag": "v1.2.3",
    "log_retention_days": 90,
    "manage_ses_account": False,
    "max_count": 40,
    "min_count": 3,
    "monthly_budget": 77,
    "multi_az": False,
    "name_suffix": "-test",
    "noncurrent_version_days": 45,
    "pagerduty_endpoint": "https://events.pagerduty.example/key",
    "private_subnet_cidrs": ["10.9.20.0/24", "10.9.21.0/24"],
    "public_subnet_cidrs": ["10.9.30.0/24", "10.9.31.0/24"],
    "read_replica_count": 2,
    "request_ses_quotas": True,
    "scale_in_cooldown": 200,
    "scale_out_cooldown": 20,
    "scaling_mode": "step",
    "ses_daily_quota": 70000,
    "ses_identity_arns": ["arn:aws:ses:us-east-1:111122223333:identity/calm.example"],
    "ses_sending_rate": 20,
    "session_secret_version": 4,
    "tags": {"Team": "calm"},
    "task_cpu": 1024,
    "task_memory": 4096,
    "use_fargate_spot": True,
    "verify_sender_address": False,
    "vpc_cidr": "10.9.0.0/16",
    "waf_api_rate_limit": 99,
    "waf_rate_limit": 777,
}


@pytest.fixture(scope="session")
def plan(planner: Planner) -> Planned:
    """The plan of doomscroll in an environment (or of the module alone, ``BARE``), with these inputs."""

    def planned(env: str, **inputs: Any) -> Plan:
        # In dev and prod the user gives the secrets; local has examples of its own.
        secrets = {} if env == "local" else SECRETS
        return Plan(planner.plan(env, "doomscroll", **{**secrets, **inputs}), "doomscroll")

    return planned


@pytest.fixture(scope="session", params=["dev", "prod", "local"])
def every(request: pytest.FixtureRequest, plan: Planned) -> Plan:
    """Each stack, as committed."""
    return plan(request.param)


@pytest.fixture(scope="session", params=["dev", "local"])
def development(request: pytest.FixtureRequest, plan: Planned) -> Plan:
    """dev, and local with its dev-like values."""
    return plan(request.param)


@pytest.fixture(scope="session")
def dev(plan: Planned) -> Plan:
    return plan("dev")


@pytest.fixture(scope="session")
def prod(plan: Planned) -> Plan:
    return plan("prod")


@pytest.fixture(scope="session")
def minimal(plan: Planned) -> Plan:
    """The module with its required inputs only."""
    return plan(BARE, **REQUIRED)


@pytest.fixture(scope="session", params=["dev", "prod", "local", BARE])
def everywhere(request: pytest.FixtureRequest, plan: Planned) -> Plan:
    """Each stack, as committed, and the module with its required inputs only."""
    return plan(request.param, **(REQUIRED if request.param == BARE else {}))


@pytest.fixture(scope="session")
def chosen(plan: Planned) -> Plan:
    """The module with no default left."""
    return plan(BARE, **REQUIRED, **CHOSEN)


@pytest.fixture(scope="session")
def stepping(plan: Planned) -> Plan:
    """The module with its defaults, but scaled by steps."""
    return plan(BARE, **REQUIRED, scaling_mode="step")
