"""The module's inputs: what must be given, what holds by default, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
import tftest

from tests.plan.rewind.conftest import CHOSEN, REQUIRED, Planned
from tests.plan.rewind.parts import home
from tests.support.planner import BARE
from tests.support.plans import Plan
from tests.support.project import REPOSITORY

OUTPUTS = {
    "alerts_topic_arn",
    "api_url",
    "bucket_name",
    "campaign_arn",
    "deploy_role_arn",
    "distribution_domain",
    "distribution_id",
    "export_bucket_name",
    "failover",
    "function_names",
    "name_servers",
    "personalize_dataset_group_arn",
    "retraining_arn",
    "site_url",
    "stream_arn",
    "table_name",
    "user_pool_client_id",
    "user_pool_id",
}

TOO_SMALL_AND_TOO_LONG = {"shareHandler": {"memory_mb": 64, "timeout_seconds": 901}}
# Input, value, and why it is refused. Terraform reports the refusals of all inputs at once: a group costs one plan.
REFUSED: list[list[tuple[str, Any, str]]] = [
    [
        ("environment", "Test", "2 to 16 lower-case letters"),
        ("account_id", "1234", "must be 12 digits"),
        ("region", "us_east_1", "must be an AWS region such as us-east-1"),
        ("name_suffix", "dev", "empty or a hyphen and 1 to 16"),
        ("artifacts_bucket", "", "There must be a bucket that holds the functions' packages"),
        ("domain_name", "https://rewindpodcast.com", "a name such as rewindpodcast.com"),
        ("certificate_arn", "arn:aws:iam::111122223333:server-certificate/old", "the ARN of an ACM certificate"),
        ("frontend_access", "private", "must be cloudfront or public"),
        ("cors_origin", "*", "without '*' or a path"),
        ("api_throttle_rate_limit", 0, "api_throttle_rate_limit must be a whole number from 1 to 10000"),
        ("api_throttle_burst_limit", 0.5, "api_throttle_burst_limit must be a whole number from 1 to 10000"),
        ("waf_rate_limit", 9, "waf_rate_limit must be a whole number from 10 to 2000000000"),
        ("cognito_user_pool_id", "MyPool", "empty or an id such as us-east-1_AbC123"),
        ("lambda_runtime", "python3.13", "must be one of Node.js"),
        ("lambda_memory_mb", 64, "lambda_memory_mb must be a whole number from 128 to 10240"),
        ("lambda_timeout_seconds", 30, "lambda_timeout_seconds must be a whole number from 1 to 29"),
        ("function_overrides", {"nobody": {"memory_mb": 256}}, "function overrides must be named after functions"),
        ("function_packages", {"nobody": {"s3_key": "a.zip"}}, "function packages must be named after functions"),
        ("provisioned_concurrency", -1, "provisioned_concurrency must be a whole number from 0 to 100"),
        ("rss_schedule", "daily", "schedule of the feeds must be rate(...) or cron(...)"),
        ("dynamodb_billing_mode", "FREE", "must be PAY_PER_REQUEST or PROVISIONED"),
        ("autoscaling_target_utilization", 95, "autoscaling_target_utilization must be a whole number from 20 to 90"),
        ("autoscaling_least_capacity", 0, "autoscaling_least_capacity must be a whole number from 1 to 40000"),
        ("personalize_recipe_arn", "aws-sims", "must be the ARN of one of Personalize's"),
        ("retrain_schedule", "weekly", "schedule of the training must be rate(...) or cron(...)"),
        ("failover_artifacts_bucket", "", "a bucket in the second region that holds the functions' packages"),
        ("error_rate_threshold", 0, "must be more than 0 and at most 1"),
        ("monthly_budget", 0, "monthly_budget must be a whole number from 1 to 1000000"),
        ("anomaly_monitor_arn", "arn:aws:ce::1234:anomalymonitor/1", "must be empty or the ARN of one"),
        ("anomaly_least_impact", -5, "anomaly_least_impact must be a whole number from 0 to 1000000"),
        ("log_retention_days", 0, "one that CloudWatch takes"),
        ("alert_emails", ["nobody"], "must be an address"),
        ("ci_repository", "rewind", "must be empty or owner/name"),
    ],
    [
        ("cognito_user_pool_id", "us-east-1_Ab1Cd2Ef3", "Give the user pool and its client together, or neither"),
        ("function_overrides", TOO_SMALL_AND_TOO_LONG, "Each memory must be from 128 to 10240 MB"),
        ("function_overrides", TOO_SMALL_AND_TOO_LONG, "Each longest run must be from 1 to 900 seconds"),
        ("function_packages", {"shareHandler": {}}, "either a filename or an s3_key"),
        ("autoscaling_most_capacity", 4, "must not be less than autoscaling_least_capacity"),
        ("failover_region", "us-east-1", "and not the first"),
        ("pipeline_repository", "", "A pipeline needs pipeline_repository"),
        ("pipeline_apply_role_arn", "Apply", "A pipeline needs pipeline_apply_role_arn"),
        ("error_rate_threshold", 1.5, "must be more than 0 and at most 1"),
    ],
    [
        ("failover_region", "us_west_2", "must be an AWS region such as us-west-2, and not the first"),
    ],
]
BESIDE: list[dict[str, Any]] = [
    {},
    # What belongs together is only looked at when each is right by itself.
    {"region": "us-east-1", "autoscaling_least_capacity": 5, "enable_codepipeline": True},
    {},
]


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


def variables_file() -> str:
    return (REPOSITORY / "modules/rewind/variables.tf").read_text(encoding="utf-8")


def test_every_validation_has_a_refusal_above() -> None:
    messages = re.findall(r'error_message\s*=\s*"(.*)"', variables_file())
    tried = [why for refusals in REFUSED for _, _, why in refusals]

    assert len(messages) == variables_file().count("validation {")
    assert not [message for message in messages if not any(why in message for why in tried)]


def test_every_input_has_an_effect() -> None:
    names = re.findall(r'^variable "(\w+)"', variables_file(), re.MULTILINE)
    texts = [
        file.read_text("utf-8") for file in (REPOSITORY / "modules/rewind").glob("*.tf") if file.stem != "variables"
    ]

    assert [name for name in names if not re.search(rf"\bvar[.]{name}\b", "\n".join(texts))] == []


def test_module_asks_only_for_what_it_cannot_know(minimal: Plan) -> None:
    assert {name for name, variable in minimal.variables.items() if "default" not in variable} == REQUIRED.keys()


def test_every_input_with_a_value_is_chosen_otherwise_once(minimal: Plan) -> None:
    defaults = {name: variable.get("default") for name, variable in minimal.variables.items()}

    assert not [name for name, value in CHOSEN.items() if defaults[name] == value]
    assert defaults.keys() - CHOSEN.keys() - REQUIRED.keys() == {"region", "enable_failover", "function_packages"}


def test_root_hands_out_what_commands_need(every: Plan) -> None:
    side = home(every)

    assert every.output_names == OUTPUTS
    assert every.outputs["table_name"] == every.one("aws_dynamodb_table")["name"]
    assert every.outputs["bucket_name"].startswith("rewind-frontend-bucket-")
    assert every.outputs["function_names"] == {
        name: f"{name}{side.suffix}" for name in ("podcastHandler", "recommendationHandler", "shareHandler")
    }
    distribution = every.one("aws_cloudfront_distribution").block
    assert f"{distribution}.id" in every.output_references("distribution_id")
    assert f"{distribution}.domain_name" in every.output_references("distribution_domain")


def test_tags_of_the_caller_are_on_every_resource_that_takes_any(chosen: Plan) -> None:
    taking = [resource for resource in chosen.resources if "tags_all" in resource.values]

    assert len(taking) > 60
    assert [each.address for each in taking if (each["tags"] or {}).get("Team") != "podcasts"] == []
