"""The plans of nullcheck that the tests read: three stacks as committed, and the module alone with chosen inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.planner import BARE, NAMED, Planner
from tests.support.plans import Plan

Planned = Callable[..., Plan]

SECRET = "tests-only-0123456789"
MEMORY = "clipAgentMemory-a1b2c3d4e5"
# What the module does not know by itself.
REQUIRED = {
    "environment": "dev",
    "account_id": "111122223333",
    "artifacts_bucket": "artifacts-111122223333",
    "encryption_key": SECRET,
}
# A value other than the default for every input that has a value.
CHOSEN: dict[str, Any] = {
    "alarm_thresholds": {"function_errors": 1, "function_throttles": 2, "api_server_errors": 3, "dead_letters": 4},
    "alert_emails": ["oncall@example.com", "team@example.com"],
    "allowed_principals": ["arn:aws:iam::111122223333:role/Editors"],
    "chunk_seconds": 60,
    "cognito_user_pool_arn": "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_Ab1Cd2Ef3",
    "cors_origin": "https://app.example.com",
    "data_trace_enabled": False,
    "event_archive_days": 90,
    "event_source": "nullcheck.app",
    "function_overrides": {"analyzeTranscript": {"memory_mb": 2048, "timeout_seconds": 300}},
    "lambda_architecture": "x86_64",
    "lambda_memory_mb": 512,
    "lambda_runtime": "nodejs20.x",
    "lambda_timeout_seconds": 20,
    "log_retention_days": 90,
    "memory_id": MEMORY,
    "model_id": "eu.example.model-v1:0",
    "model_regions": ["eu-west-1", "eu-west-3"],
    "name_suffix": "-test",
    "reserved_concurrency": 5,
    "tags": {"Team": "clips", "Project": "other"},
    "transcript_expiration_days": 30,
}


@pytest.fixture(scope="session")
def plan(planner: Planner) -> Planned:
    """The plan of nullcheck in an environment (or of the module alone, ``BARE``, ``NAMED``), with these inputs."""

    def planned(env: str, **inputs: Any) -> Plan:
        # In dev and prod the user gives the secret; local has an example of its own.
        secret = {} if env == "local" else {"encryption_key": SECRET}
        return Plan(planner.plan(env, "nullcheck", **{**secret, **inputs}), "nullcheck")

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


@pytest.fixture(scope="session")
def named(plan: Planned) -> Plan:
    """The module with its defaults, but a bucket and a memory whose names the plan knows."""
    return plan(NAMED, **REQUIRED, memory_id=MEMORY)


@pytest.fixture(scope="session", params=["dev", "prod", "local", NAMED])
def everywhere(request: pytest.FixtureRequest, plan: Planned) -> Plan:
    """Each stack, as committed, and the module with known names."""
    return plan(request.param, **({**REQUIRED, "memory_id": MEMORY} if request.param == NAMED else {}))


@pytest.fixture(scope="session")
def chosen(plan: Planned) -> Plan:
    """The module with no default left."""
    return plan(NAMED, **REQUIRED, **CHOSEN)


@pytest.fixture(scope="session")
def bare(plan: Planned) -> Plan:
    """The module with everything switched off, and an authorizer of the user's own."""
    return plan(
        BARE,
        **REQUIRED,
        authorizer_lambda_arn="arn:aws:lambda:us-east-1:111122223333:function:whoMay",
        alert_emails=["oncall@example.com"],
        deletion_protection=False,
        enable_alarms=False,
        enable_dlq=False,
        enable_event_archive=False,
        enable_pitr=False,
        encrypt_logs=False,
        force_destroy=True,
        manage_api_gateway_account=False,
    )
