"""The plans of rewind that the tests read: three stacks as committed, and the module alone with chosen inputs."""

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
    "environment": "test",
    "account_id": "111122223333",
    "artifacts_bucket": "artifacts-111122223333",
    "failover_artifacts_bucket": "artifacts-111122223333-us-west-2",
}
GIVEN_POOL = "us-east-1_Ab1Cd2Ef3"
GIVEN_CLIENT = "1example23456789"
GIVEN_CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"
GIVEN_MONITOR = "arn:aws:ce::111122223333:anomalymonitor/0a1b2c3d"
GIVEN_PROVIDER = "arn:aws:iam::111122223333:oidc-provider/github.example.com"
APPLY_ROLE = "arn:aws:iam::111122223333:role/Apply"
# A value other than the default for every input that has a value.
CHOSEN: dict[str, Any] = {
    "alert_emails": ["oncall@example.com", "team@example.com"],
    "anomaly_least_impact": 20,
    "anomaly_monitor_arn": GIVEN_MONITOR,
    "api_throttle_burst_limit": 60,
    "api_throttle_rate_limit": 50,
    "autoscaling_least_capacity": 5,
    "autoscaling_most_capacity": 40,
    "autoscaling_target_utilization": 60,
    "certificate_arn": GIVEN_CERTIFICATE,
    "ci_oidc_provider_arn": GIVEN_PROVIDER,
    "ci_repository": "example/rewind",
    "cognito_user_pool_client_id": GIVEN_CLIENT,
    "cognito_user_pool_id": GIVEN_POOL,
    "cors_origin": "http://localhost:5173",
    "deletion_protection": False,
    "domain_name": "rewind.example.com",
    "dynamodb_billing_mode": "PROVISIONED",
    "enable_campaign": False,
    "enable_codepipeline": True,
    "enable_pitr": False,
    "error_rate_threshold": 0.1,
    "failover_region": "eu-west-1",
    "force_destroy": True,
    "frontend_access": "public",
    "function_overrides": {"podcastHandler": {"memory_mb": 1024, "timeout_seconds": 25}},
    "hosted_zone_id": "Z0123456789EXAMPLE",
    "lambda_memory_mb": 512,
    "lambda_runtime": "nodejs20.x",
    "lambda_timeout_seconds": 5,
    "log_retention_days": 90,
    "manage_api_gateway_account": False,
    "monthly_budget": 75,
    "name_suffix": "-test",
    "personalize_recipe_arn": "arn:aws:personalize:::recipe/aws-similar-items",
    "pipeline_apply_role_arn": APPLY_ROLE,
    "pipeline_branch": "release",
    "pipeline_repository": "example/infrastructure",
    "provisioned_concurrency": 2,
    "retrain_schedule": "cron(0 3 ? * SUN *)",
    "rss_schedule": "rate(6 hours)",
    "tags": {"Team": "podcasts"},
    "waf_rate_limit": 500,
}


@pytest.fixture(scope="session")
def plan(planner: Planner) -> Planned:
    """The plan of rewind in an environment (or of the module alone, ``BARE``), with these inputs."""

    def planned(env: str, **inputs: Any) -> Plan:
        return Plan(planner.plan(env, "rewind", **inputs), "rewind")

    return planned


@pytest.fixture(scope="session")
def sources(planner: Planner) -> str:
    """The module's text."""
    return planner.sources("rewind")


@pytest.fixture(scope="session", params=["dev", "prod", "local"])
def every(request: pytest.FixtureRequest, plan: Planned) -> Plan:
    """Each stack, as committed."""
    return plan(request.param)


@pytest.fixture(scope="session", params=["dev", "local"])
def development(request: pytest.FixtureRequest, plan: Planned) -> Plan:
    """dev, and local with its dev-like values, but for the second region."""
    return plan(request.param)


@pytest.fixture(scope="session", params=["prod", "local"])
def doubled(request: pytest.FixtureRequest, plan: Planned) -> Plan:
    """The stacks in two regions."""
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
    file = planning_folder / "own-rewind.zip"
    with exclusive(file.with_suffix(".lock")):
        if not file.is_file():
            with zipfile.ZipFile(file, "w") as archive:
                # Of no date: the same file in every run.
                archive.writestr(
                    zipfile.ZipInfo("index.mjs"), "export const handler = async () => ({ statusCode: 200 });\n"
                )
    return file


@pytest.fixture(scope="session")
def chosen(plan: Planned, own_zip: Path) -> Plan:
    """The module with no default left, and with what is optional."""
    packages = {
        "podcastHandler": {"filename": str(own_zip)},
        "shareHandler": {"s3_bucket": "own-bucket", "s3_key": "shares.zip", "source_code_hash": "b3du"},
    }
    return plan(BARE, **REQUIRED, **CHOSEN, function_packages=packages)


@pytest.fixture(scope="session")
def alone(plan: Planned) -> Plan:
    """The module in one region, its table provisioned, released by a repository's workflows, reporting to nobody."""
    differing = {"enable_failover": False, "dynamodb_billing_mode": "PROVISIONED", "ci_repository": "example/rewind"}
    return plan(BARE, **REQUIRED, **differing)


@pytest.fixture(scope="session", params=["dev", "prod", "local", "chosen"])
def everywhere(request: pytest.FixtureRequest, plan: Planned, chosen: Plan) -> Plan:
    """Each stack, as committed, and the module with no default left."""
    return chosen if request.param == "chosen" else plan(request.param)
