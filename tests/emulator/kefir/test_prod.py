"""Kefir with prod's values, applied through the toolkit as a user would: made, read back, planned again, destroyed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.account import Account
from tests.emulator.stack import apply, entered_again, let_go, must, not_found_again, project_of, verified
from tests.support.project import Project
from tooling.emulator.process import RunningEmulator

PROD = "444455556666"
# Another stack of prod has a second region, whose packages are there.
OF_THE_TOOLKIT = [
    f"groundplan-artifacts-{PROD}-us-east-1",
    f"groundplan-artifacts-{PROD}-us-west-2",
    f"groundplan-state-{PROD}-us-east-1",
]
# Everything in this file reads one apply, so it has to stay on one worker.
pytestmark = pytest.mark.xdist_group("kefir-on-the-emulator")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> Project:
    return project_of(tmp_path_factory.mktemp("project"), home, env="prod", stack="kefir")


@pytest.fixture(scope="module")
def account(emulator: RunningEmulator) -> Account:
    return Account(emulator, PROD)


@pytest.fixture(scope="module")
def outputs(project: Project) -> dict[str, Any]:
    """Applied once for the whole file; its outputs."""
    return apply(project, "kefir")


def test_everything_that_was_made_can_be_found_again(
    outputs: dict[str, Any], project: Project, account: Account
) -> None:
    assert not_found_again(project, account) == []


def test_the_table_is_there_with_its_keys_backups_and_protection(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("dynamodb")

    table = client.describe_table(TableName=outputs["table_name"])["Table"]
    backups = client.describe_continuous_backups(TableName=outputs["table_name"])["ContinuousBackupsDescription"]
    ttl = client.describe_time_to_live(TableName=outputs["table_name"])["TimeToLiveDescription"]

    assert outputs["table_name"] == "kefir-app-prod-table"
    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [("PK", "HASH"), ("SK", "RANGE")]
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["GSI1"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["DeletionProtectionEnabled"] is True
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "TTL")


def test_the_bucket_is_private_encrypted_versioned_and_cleans_up(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("s3")
    bucket = outputs["bucket_name"]

    blocked = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    rules = client.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    lifecycle = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    cors = client.get_bucket_cors(Bucket=bucket)["CORSRules"]

    assert bucket == f"kefir-app-prod-photos-{PROD}"
    assert all(blocked.values())
    assert len(blocked) == 4
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert client.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert {rule["Expiration"]["Days"] for rule in lifecycle if "Expiration" in rule} == {365}
    assert {
        rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]
        for rule in lifecycle
        if "AbortIncompleteMultipartUpload" in rule
    } == {7}
    assert cors[0]["AllowedOrigins"] == ["https://app.example.com"]


def test_people_sign_in_with_a_code_by_email(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("cognito-idp")

    pool = client.describe_user_pool(UserPoolId=outputs["user_pool_id"])["UserPool"]
    app = client.describe_user_pool_client(UserPoolId=outputs["user_pool_id"], ClientId=outputs["user_pool_client_id"])[
        "UserPoolClient"
    ]

    assert pool["DeletionProtection"] == "ACTIVE"
    assert pool["UserPoolAddOns"]["AdvancedSecurityMode"] == "ENFORCED"
    assert pool["UsernameAttributes"] == ["email"]
    assert app["AccessTokenValidity"] == 60
    assert app["TokenValidityUnits"]["AccessToken"] == "minutes"
    assert set(app["ExplicitAuthFlows"]) == {"ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}


def test_only_login_and_the_public_view_answer_without_a_token(outputs: dict[str, Any], account: Account) -> None:
    api = next(one for one in account.pages("apigatewayv2", "get_apis", "Items") if one["ApiId"] in outputs["api_url"])

    routes = account.pages("apigatewayv2", "get_routes", "Items", ApiId=api["ApiId"])

    open_routes = {route["RouteKey"] for route in routes if route["AuthorizationType"] == "NONE"}
    assert open_routes == {"POST /auth/login", "POST /auth/verify", "GET /public/b/{id}"}
    assert {route["AuthorizationType"] for route in routes} == {"NONE", "JWT"}
    assert outputs["api_url"].startswith("https://")


def test_every_function_runs_what_was_packed_with_its_own_role_and_environment(
    outputs: dict[str, Any], account: Account
) -> None:
    functions = account.pages("lambda", "list_functions", "Functions")

    assert {function["FunctionName"] for function in functions} == set(outputs["function_names"].values())
    assert len({function["Role"] for function in functions}) == len(functions) == 8
    for function in functions:
        assert (function["Runtime"], function["Architectures"]) == ("nodejs22.x", ["arm64"])
        assert (function["MemorySize"], function["Timeout"]) == (512, 30)
        variables = function["Environment"]["Variables"]
        assert variables["TABLE_NAME"] == outputs["table_name"]
        assert variables["BUCKET_NAME"] == outputs["bucket_name"]
        assert variables["USER_POOL_ID"] == outputs["user_pool_id"]
        assert variables["USER_POOL_CLIENT_ID"] == outputs["user_pool_client_id"]
        assert variables["STAGE"] == "prod"
        assert "AWS_REGION" not in variables


def test_the_schedule_reaches_the_reminder_processor_every_five_minutes(
    outputs: dict[str, Any], account: Account
) -> None:
    (rule,) = account.pages("events", "list_rules", "Rules")
    (target,) = account.client("events").list_targets_by_rule(Rule=rule["Name"])["Targets"]

    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(5 minutes)", "ENABLED")
    assert target["Arn"].endswith(f":function:{outputs['function_names']['reminderProcessor']}")
    assert "source" in json.loads(target["Input"])


def test_every_alarm_tells_the_one_topic(outputs: dict[str, Any], account: Account) -> None:
    alarms = account.pages("cloudwatch", "describe_alarms", "MetricAlarms")

    assert {alarm["MetricName"] for alarm in alarms} == {
        "Errors",
        "Throttles",
        "Duration",
        "5xx",
        "4xx",
        "ReadThrottleEvents",
        "WriteThrottleEvents",
    }
    assert {tuple(alarm["AlarmActions"]) for alarm in alarms} == {(outputs["alerts_topic_arn"],)}
    assert len(account.pages("sns", "list_topics", "Topics")) == 1


def test_logs_are_kept_30_days_under_a_key_of_our_own(outputs: dict[str, Any], account: Account) -> None:
    groups = account.pages("logs", "describe_log_groups", "logGroups")

    assert len(groups) >= len(outputs["function_names"])
    assert {group["retentionInDays"] for group in groups} == {30}
    assert len({group["kmsKeyId"] for group in groups}) == 1


@pytest.mark.requirement("KF-TEST-02", "KF-NX-07")
def test_the_outputs_of_an_applied_stack_are_printed(outputs: dict[str, Any], project: Project) -> None:
    printed = must(project.run("output")).out

    assert set(outputs) == {
        "alerts_topic_arn",
        "api_url",
        "bucket_name",
        "dashboard_name",
        "function_names",
        "table_name",
        "user_pool_client_id",
        "user_pool_id",
    }
    assert f"api_url = {outputs['api_url']}" in printed


@pytest.mark.requirement("KF-NX-04")
def test_prods_plan_passes_the_gate_with_checkovs_checks_and_our_own(outputs: dict[str, Any], project: Project) -> None:
    result = json.loads(must(project.run("gate", "--json")).out)["prod/kefir"]

    assert result["passed"] is True
    assert result["checks_evaluated"] > 500
    assert len(result["own_checks"]) >= 4


def test_every_resource_is_tagged_with_its_environment(outputs: dict[str, Any], account: Account) -> None:
    tags = account.client("lambda").list_tags(
        Resource=account.pages("lambda", "list_functions", "Functions")[0]["FunctionArn"]
    )["Tags"]

    assert {"Architecture": "kefir", "Environment": "prod", "ManagedBy": "groundplan"}.items() <= tags.items()


@pytest.mark.requirement("KF-TEST-01")
def test_the_account_equals_the_state_and_a_new_plan_is_empty(outputs: dict[str, Any], project: Project) -> None:
    assert outputs
    assert verified(project) > 80


def test_all_of_it_is_taken_over_when_no_state_knows_of_it(
    outputs: dict[str, Any], project: Project, account: Account
) -> None:
    assert outputs
    assert entered_again(project, account) == []
    assert verified(project) > 80


def test_what_holds_data_cannot_be_destroyed_by_accident(outputs: dict[str, Any], project: Project) -> None:
    answer = project.run("destroy", "--yes", seconds=300)

    assert outputs
    assert answer.code == 4, answer.said
    assert "holds data and may not be destroyed" in answer.err
    assert "retain_data = false" in answer.err


def test_after_two_reviewed_steps_destroy_leaves_nothing_behind(
    outputs: dict[str, Any], project: Project, account: Account
) -> None:
    # GIVEN everything is there
    assert len(account.holdings()) > 8
    # WHEN protection is lifted in the files, applied, and the stack destroyed
    let_go(project, "prod", "kefir")
    values = project.root / "envs/prod/kefir/terraform.tfvars"
    text = re.sub(r"deletion_protection(\s*)= true", r"deletion_protection\1= false", values.read_text())
    values.write_text(re.sub(r"force_destroy(\s*)= false", r"force_destroy\1= true", text))
    must(project.run("synth"))
    must(project.run("plan", seconds=300))
    must(project.run("apply", "--yes", seconds=300))
    must(project.run("destroy", "--yes", seconds=300))

    # THEN only the toolkit's own buckets are left
    assert outputs
    assert account.holdings() == {"buckets": OF_THE_TOOLKIT}
