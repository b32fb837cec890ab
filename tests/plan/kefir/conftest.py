"""The plans of kefir that the tests read: three stacks as committed, and the module alone with chosen inputs."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.planner import BARE, Planner
from tests.support.plans import Plan
from tooling.workspace import exclusive

Planned = Callable[..., Plan]

# What the module does not know by itself.
REQUIRED = {
    "environment": "dev",
    "account_id": "111122223333",
    "artifacts_bucket": "artifacts-111122223333",
    "app_domains": ["https://app.example.com"],
}


@pytest.fixture(scope="session")
def plan(planner: Planner) -> Planned:
    """The plan of kefir in an environment (or of the module alone, ``BARE``), with these inputs."""

    def planned(env: str, **inputs: Any) -> Plan:
        return Plan(planner.plan(env, "kefir", **inputs), "kefir")

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
def own_zip(planning_folder: Path) -> Path:
    """A function's package of the user's own."""
    file = planning_folder / "own.zip"
    with exclusive(file.with_suffix(".lock")):
        if not file.is_file():
            with zipfile.ZipFile(file, "w") as archive:
                # Of no date: the same file in every run.
                archive.writestr(
                    zipfile.ZipInfo("index.mjs"), "export const handler = async () => ({ statusCode: 200 });\n"
                )
    return file


@pytest.fixture(scope="session")
def complete(plan: Planned, own_zip: Path) -> Plan:
    """The module with everything that can be switched on."""
    return plan(
        BARE,
        **REQUIRED,
        alert_emails=["oncall@example.com", "team@example.com"],
        alert_phone_numbers=["+15555550100"],
        domain_name="api.example.com",
        hosted_zone_id="Z0123456789EXAMPLE",
        enable_aws_backup=True,
        ses_from_arn="arn:aws:ses:us-east-1:111122223333:identity/example.com",
        function_packages={
            "handleAuth": {"filename": str(own_zip)},
            "handleBatches": {"s3_bucket": "own-bucket", "s3_key": "batches.zip", "source_code_hash": "b3du"},
            "handleExport": {"s3_key": "own/export.zip", "source_code_hash": "b3du"},
        },
        reminder_schedule="rate(10 minutes)",
        tags={"Team": "kefir"},
    )


@pytest.fixture(scope="session")
def existing_certificate(plan: Planned) -> Plan:
    """The module with a certificate that is there already, logs under a key of their own, and no monitoring."""
    return plan(
        BARE,
        **REQUIRED,
        domain_name="api.example.com",
        hosted_zone_id="Z0123456789EXAMPLE",
        certificate_arn="arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d",
        enable_monitoring=False,
        alert_emails=["oncall@example.com"],
        encrypt_logs=True,
    )
