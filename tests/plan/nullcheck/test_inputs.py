"""The module's inputs and outputs: what must be given, what holds by default, what is refused, what is secret."""

from __future__ import annotations

import re
from typing import Any

import pytest
import tftest

from tests.plan.nullcheck.conftest import CHOSEN, MEMORY, REQUIRED, SECRET, Planned
from tests.plan.nullcheck.functions import FUNCTIONS
from tests.support.planner import BARE, Planner
from tests.support.plans import Plan
from tests.support.project import REPOSITORY

OUTPUTS = {
    "api_url",
    "bucket_name",
    "dashboard_name",
    "dead_letter_queue_url",
    "event_archive_arn",
    "function_names",
    "mediaconvert_role_arn",
    "memory_id",
    "table_name",
}
DEFAULTS: dict[str, Any] = {
    "alarm_thresholds": {"function_errors": 5, "function_throttles": 5, "api_server_errors": 5, "dead_letters": 0},
    "alert_emails": [],
    "allowed_principals": [],
    "authorizer_lambda_arn": "",
    "chunk_seconds": 120,
    "cognito_user_pool_arn": "",
    "cors_origin": "*",
    "data_trace_enabled": True,
    "deletion_protection": True,
    "enable_alarms": True,
    "enable_dlq": True,
    "enable_event_archive": True,
    "enable_pitr": True,
    "encrypt_logs": True,
    "event_archive_days": 30,
    "event_source": "nullcheck",
    "force_destroy": False,
    "function_overrides": {},
    "function_packages": {},
    "lambda_architecture": "arm64",
    "lambda_memory_mb": 1024,
    "lambda_runtime": "nodejs22.x",
    "lambda_timeout_seconds": 25,
    "log_retention_days": 30,
    "manage_api_gateway_account": True,
    "memory_event_expiry_days": 90,
    "memory_id": "",
    "model_id": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "model_regions": ["us-east-1", "us-east-2", "us-west-2"],
    "name_suffix": "",
    "region": "us-east-1",
    "reserved_concurrency": -1,
    "tags": {},
    "transcript_expiration_days": 7,
}

# Input, value, and why it is refused. Terraform reports the refusals of all inputs at once: a group costs one plan.
REFUSED: list[list[tuple[str, Any, str]]] = [
    [
        ("environment", "Dev", "2 to 16 lower-case letters"),
        ("account_id", "1234", "must be 12 digits"),
        ("region", "us_east_1", "must be an AWS region such as us-east-1"),
        ("name_suffix", "dev", "must be empty or a hyphen"),
        ("artifacts_bucket", "", "a bucket that holds the functions' packages"),
        ("encryption_key", "fifteen-letters", "must have at least 16 characters"),
        ("cors_origin", "https://app.example.com/", "must be * or an origin such as https://app.example.com"),
        ("authorizer_lambda_arn", "whoMay", "the ARN of a Lambda function"),
        ("allowed_principals", ["me"], "the ARN of an IAM role or user"),
        ("transcript_expiration_days", 0, "transcript_expiration_days must be a whole number from 1 to 36500"),
        ("lambda_runtime", "python3.13", "must be one of Node.js"),
        ("lambda_architecture", "arm", "must be arm64 or x86_64"),
        ("lambda_memory_mb", 64, "lambda_memory_mb must be a whole number from 128 to 10240"),
        ("lambda_timeout_seconds", 30, "lambda_timeout_seconds must be a whole number from 1 to 29"),
        ("function_overrides", {"doNothing": {}}, "The function overrides must be named after functions"),
        (
            "function_packages",
            {"doNothing": {"s3_key": "a.zip"}},
            "The function packages must be named after functions",
        ),
        ("reserved_concurrency", -2, "reserved_concurrency must be a whole number from -1 to 1000"),
        ("chunk_seconds", 0.5, "chunk_seconds must be a whole number from 1 to 3600"),
        ("model_id", "anthropic.claude-sonnet-4-5-20250929-v1:0", "the id of a geographic inference profile"),
        ("model_regions", [], "one or more AWS regions"),
        ("memory_id", "clipAgentMemory", "the id of an AgentCore memory"),
        ("memory_event_expiry_days", 366, "memory_event_expiry_days must be a whole number from 7 to 365"),
        ("event_source", "aws.nullcheck", "not begin with aws."),
        ("event_archive_days", 0, "event_archive_days must be a whole number from 1 to 365"),
        ("alarm_thresholds", {"function_errors": -1}, "Each alarm threshold must be 0 or more"),
        ("log_retention_days", 0, "one that CloudWatch takes"),
        ("alert_emails", ["nobody"], "must be an address"),
    ],
    [
        ("cognito_user_pool_arn", "us-east-1_Ab1Cd2Ef3", "the ARN of a Cognito user pool"),
        ("cors_origin", "http://app.example.com", "http:// is for localhost only"),
        ("function_overrides", {"getEpisode": {"memory_mb": 64}}, "from 128 to 10240 MB"),
        ("function_packages", {"getEpisode": {}}, "either a filename or an s3_key"),
        ("model_regions", ["us_east_1"], "one or more AWS regions"),
    ],
    [
        ("function_overrides", {"getEpisode": {"timeout_seconds": 901}}, "from 1 to 900 seconds"),
        # What belongs together is only looked at when each is right by itself.
        (
            "authorizer_lambda_arn",
            "arn:aws:lambda:us-east-1:111122223333:function:whoMay",
            "one authorizer at most",
        ),
    ],
]
BESIDE: list[dict[str, Any]] = [{}, {}, {"cognito_user_pool_arn": CHOSEN["cognito_user_pool_arn"]}]


def refusal(plan: Planned, group: int) -> str:
    given = {refused: value for refused, value, _ in REFUSED[group]}
    with pytest.raises(tftest.TerraformTestError) as error:
        plan(BARE, **{**REQUIRED, **BESIDE[group], **given})
    return str(error.value)


@pytest.mark.parametrize(
    ("group", "name", "why"),
    [(group, name, why) for group, refusals in enumerate(REFUSED) for name, _, why in refusals],
)
def test_rejects_bad(plan: Planned, group: int, name: str, why: str) -> None:
    # Terraform breaks its lines. It quotes the argument that it refuses, and leaves out the value of a secret.
    said = [re.sub(r"[\s│]+", " ", error) for error in refusal(plan, group).split("Error: ")]

    assert [error for error in said if f'"{name}": "${{var.{name}}}"' in error and why in error], said


def test_every_validation_has_a_refusal_above() -> None:
    text = (REPOSITORY / "modules/nullcheck/variables.tf").read_text(encoding="utf-8")
    messages = re.findall(r'error_message\s*=\s*"(.*)"', text)
    tried = [why for refusals in REFUSED for _, _, why in refusals]

    assert len(messages) == text.count("validation {")
    assert not [message for message in messages if not any(why in message for why in tried)]


@pytest.mark.requirement("NC-DEP-01")
def test_module_asks_only_for_what_it_cannot_know(minimal: Plan) -> None:
    assert {name for name, variable in minimal.variables.items() if "default" not in variable} == REQUIRED.keys()


@pytest.mark.requirement("NC-DEP-02", "NC-MC-03", "NC-SCL-01", "NC-DR-04", "NC-MON-03", "NC-MON-04", "NC-MON-05")
def test_defaults_are_the_documents_or_safe_for_production(minimal: Plan) -> None:
    assert {
        name: variable["default"] for name, variable in minimal.variables.items() if "default" in variable
    } == DEFAULTS


def test_every_default_is_another_value_in_the_plan_without_defaults() -> None:
    switches = {name for name, value in DEFAULTS.items() if isinstance(value, bool)} - {"data_trace_enabled"}
    # These cannot stand beside what is chosen, or say where a package is.
    elsewhere = {"authorizer_lambda_arn", "function_packages", "memory_event_expiry_days", "region"}

    assert CHOSEN.keys() == DEFAULTS.keys() - switches - elsewhere
    assert not [name for name, value in CHOSEN.items() if value == DEFAULTS[name]]


@pytest.mark.requirement("NC-DEP-01", "NC-ENV-05")
def test_encryption_key_is_secret_and_has_no_default(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert plan.variables["encryption_key"]["sensitive"] is True
        assert "default" not in plan.variables["encryption_key"]
    assert every.root_variables["encryption_key"]["sensitive"] is True
    assert "default" not in every.root_variables["encryption_key"]


@pytest.mark.requirement("NC-DEP-01")
def test_encryption_key_is_in_no_file_but_the_example_of_local(every: Plan) -> None:
    values = (REPOSITORY / f"envs/{every.input('environment')}/nullcheck/terraform.tfvars").read_text(encoding="utf-8")
    given = re.findall(r'^encryption_key\s*=\s*"(.*)"', values, re.MULTILINE)

    assert given == (["example-for-the-emulator-only"] if every.input("environment") == "local" else [])


@pytest.mark.requirement("NC-DEP-01")
def test_a_bad_encryption_key_is_refused_without_being_shown(plan: Planned) -> None:
    with pytest.raises(tftest.TerraformTestError) as error:
        plan("prod", encryption_key="fifteen-letters")

    assert "at least 16 characters" in str(error.value)
    assert "fifteen-letters" not in str(error.value)


@pytest.mark.requirement("NC-DEP-01")
@pytest.mark.parametrize("env", ["dev", "prod"])
def test_without_an_encryption_key_there_is_no_plan(planner: Planner, env: str) -> None:
    with pytest.raises(tftest.TerraformTestError) as error:
        planner.plan(env, "nullcheck")

    assert '"encryption_key" is not set' in str(error.value)


@pytest.mark.requirement("NC-DEP-01", "NC-ENV-05")
def test_plan_marks_the_encryption_key_wherever_it_stands(prod: Plan) -> None:
    places = prod.places_of(SECRET)

    assert places == {
        ("aws_lambda_function.list_episodes", ("environment", 0, "variables", "ENCRYPTION_KEY")),
    }
    assert all(prod.is_sensitive(address, path) for address, path in places)


@pytest.mark.requirement("NC-DEP-03")
def test_root_hands_out_what_a_client_needs(every: Plan) -> None:
    assert every.output_names == OUTPUTS
    assert every.outputs["table_name"] == every.one("aws_dynamodb_table")["name"]
    assert every.output_references("bucket_name") == {
        "aws_s3_bucket.transcripts",
        "aws_s3_bucket.transcripts.bucket",
    }
    assert sorted(every.outputs["function_names"]) == sorted(FUNCTIONS)


@pytest.mark.requirement("NC-DEP-03")
def test_outputs_of_production_lead_to_queue_and_archive(prod: Plan) -> None:
    assert "aws_sqs_queue.dead_letters" in prod.output_references("dead_letter_queue_url")
    assert "aws_cloudwatch_event_archive.archive" in prod.output_references("event_archive_arn")
    assert MEMORY not in str(prod.outputs)
