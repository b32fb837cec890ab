"""The module's inputs: what must be given, what holds by default, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
import tftest

from tests.plan.kefir.conftest import REQUIRED, Planned
from tests.support.planner import BARE
from tests.support.plans import Plan
from tests.support.project import REPOSITORY

OUTPUTS = {
    "alerts_topic_arn",
    "api_url",
    "bucket_name",
    "dashboard_name",
    "function_names",
    "table_name",
    "user_pool_client_id",
    "user_pool_id",
}

# Input, value, and why it is refused. Terraform reports the refusals of all inputs at once: a group costs one plan.
REFUSED: list[list[tuple[str, Any, str]]] = [
    [
        ("environment", "Dev", "2 to 16 lower-case letters"),
        ("account_id", "1234", "must be 12 digits"),
        ("region", "us_east_1", "must be an AWS region such as us-east-1"),
        ("artifacts_bucket", "", "a bucket that holds the functions' packages"),
        ("app_domains", [], "at least one app domain"),
        ("access_token_minutes", 4, "access_token_minutes must be a whole number from 5 to 1440"),
        ("refresh_token_days", 0, "refresh_token_days must be a whole number from 1 to 3650"),
        ("advanced_security_mode", "ON", "must be OFF, AUDIT or ENFORCED"),
        ("ses_from_arn", "me@example.com", "the ARN of an SES identity"),
        ("object_expiration_days", 0, "object_expiration_days must be a whole number from 1 to 36500"),
        ("abort_upload_days", 366, "abort_upload_days must be a whole number from 1 to 365"),
        ("throttle_burst_limit", 0.5, "throttle_burst_limit must be a whole number from 1 to 100000"),
        ("throttle_rate_limit", -1, "throttle_rate_limit must be a whole number from 1 to 100000"),
        ("domain_name", "https://api.example.com", "a name such as api.example.com"),
        ("certificate_arn", "arn:aws:iam::111122223333:server-certificate/old", "the ARN of an ACM certificate"),
        ("lambda_runtime", "python3.13", "must be one of Node.js"),
        ("lambda_memory_mb", 64, "lambda_memory_mb must be a whole number from 128 to 10240"),
        ("lambda_timeout_seconds", 31, "lambda_timeout_seconds must be a whole number from 1 to 30"),
        ("function_packages", {"handleNothing": {"s3_key": "a.zip"}}, "must be named after functions"),
        ("reminder_schedule", "5 minutes", "must be rate(...) or cron(...)"),
        ("log_retention_days", 0, "one that CloudWatch takes"),
        ("alert_emails", ["nobody"], "must be an address"),
        ("alert_phone_numbers", ["0555 5550100"], "E.164 form"),
    ],
    [
        ("app_domains", ["*"], "without '*'"),
        ("user_pool_tier", "LITE", "must be ESSENTIALS or PLUS"),
        ("domain_name", "api.example.com", "A domain name needs hosted_zone_id"),
        ("function_packages", {"handleAuth": {}}, "either a filename or an s3_key"),
    ],
    [
        # What belongs together is only looked at when each is right by itself.
        ("advanced_security_mode", "AUDIT", "Advanced security needs user_pool_tier PLUS"),
    ],
]
BESIDE: list[dict[str, Any]] = [{}, {}, {"user_pool_tier": "ESSENTIALS"}]


@pytest.mark.parametrize(
    ("group", "name", "why"),
    [(group, name, why) for group, refusals in enumerate(REFUSED) for name, _, why in refusals],
)
def test_rejects_bad(plan: Planned, group: int, name: str, why: str) -> None:
    given = {refused: value for refused, value, _ in REFUSED[group]}

    with pytest.raises(tftest.TerraformTestError) as refusal:
        plan(BARE, **{**REQUIRED, **BESIDE[group], **given})

    # Terraform breaks its lines.
    said = [re.sub(r"[\s│]+", " ", error) for error in str(refusal.value).split("Error: ")]
    assert [error for error in said if f"var.{name} is " in error and why in error], said


def test_every_validation_has_a_refusal_above() -> None:
    text = (REPOSITORY / "modules/kefir/variables.tf").read_text(encoding="utf-8")
    messages = re.findall(r'error_message\s*=\s*"(.*)"', text)
    tried = [why for refusals in REFUSED for _, _, why in refusals]

    assert len(messages) == text.count("validation {")
    assert not [message for message in messages if not any(why in message for why in tried)]


def test_module_asks_only_for_what_it_cannot_know(minimal: Plan) -> None:
    assert {name for name, variable in minimal.variables.items() if "default" not in variable} == REQUIRED.keys()


@pytest.mark.requirement("KF-CI-14")
def test_region_is_us_east_1_by_default(minimal: Plan) -> None:
    assert minimal.variables["region"]["default"] == "us-east-1"


@pytest.mark.requirement("KF-NX-01")
def test_root_hands_out_what_a_client_needs(every: Plan) -> None:
    assert every.output_names == OUTPUTS
    assert every.outputs["table_name"] == every.one("aws_dynamodb_table")["name"]
    assert every.outputs["bucket_name"] == every.one("aws_s3_bucket")["bucket"]
    assert f"{every.one('aws_cognito_user_pool').block}.id" in every.output_references("user_pool_id")
    assert f"{every.one('aws_cognito_user_pool_client').block}.id" in every.output_references("user_pool_client_id")


def test_tags_of_the_caller_are_on_every_resource_that_takes_any(complete: Plan) -> None:
    taking = [resource for resource in complete.resources if "tags_all" in resource.values]

    assert len(taking) > 30
    assert [each.address for each in taking if (each["tags"] or {}).get("Team") != "kefir"] == []
