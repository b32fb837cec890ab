"""What monitoring, keys, secrets, users, audit, media, recommendations and builds cost."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.support.costs import assume, dollars, lines_of, paid

PRICES = dollars(
    **{
        "cloudwatch__alarm__standard": "0.10",
        "cloudwatch__alarm__high_resolution": "0.30",
        "cloudwatch__alarm__composite": "0.50",
        "cloudwatch__dashboard": "3",
        "cloudwatch__metric": "0.30",
        "cloudwatch__logs__ingested": "0.50",
        "cloudwatch__logs__vended": "0.25",
        "cloudwatch__logs__stored": "0.03",
        "cloudwatch__logs__scanned": "0.005",
        "kms__key": "1",
        "kms__request": "0.000003",
        "secretsmanager__secret": "0.40",
        "secretsmanager__request": "0.000005",
        "ssm__parameter__advanced": "0.05",
        "cognito__mau__essentials": "0.015",
        "cognito__mau__plus": "0.02",
        "cloudtrail__management_event__further_copy": "0.00002",
        "cloudtrail__data_event": "0.000001",
        "config__item": "0.003",
        "config__rule_evaluation": "0.001",
        "mediaconvert__basic__normalized_minute": "0.0075",
        "personalize__ingested_gb": "0.05",
        "personalize__training_hour": "0.24",
        "personalize__tps_hour": "0.20",
        "personalize__batch_recommendation": "0.000067",
        "bedrock_agentcore__memory__event": "0.00025",
        "bedrock_agentcore__memory__record_month": "0.00075",
        "bedrock_agentcore__memory__retrieval": "0.0005",
        "ecr__storage": "0.10",
        "codepipeline__v1__pipeline": "1",
        "codepipeline__v2__minute": "0.002",
        "codebuild__minute__arm__general1__small": "0.0034",
    }
)
METRIC = {"metric_name": "Errors", "period": 60}


@pytest.mark.parametrize(
    ("values", "usd"),
    [
        ({"period": 300}, "0.10"),
        ({"period": 10}, "0.30"),
        # Metric math: each metric in it is paid. The alarm's own period is 0 then.
        ({"period": 0, "metric_query": [{"metric": [METRIC]}, {"metric": [METRIC]}, {"expression": "a/b"}]}, "0.20"),
        ({"metric_query": [{"metric": [{**METRIC, "period": 10}]}, {"expression": "a"}]}, "0.30"),
        # An anomaly: the metric and both edges of its band.
        ({"threshold_metric_id": "band", "metric_query": [{"metric": [METRIC]}, {"expression": "BAND"}]}, "0.30"),
    ],
)
def test_alarm_is_paid_by_its_metrics_and_resolution(values: dict[str, Any], usd: str) -> None:
    assert paid(lines_of("aws_cloudwatch_metric_alarm", values, PRICES)) == {"alarm": Decimal(usd)}


def test_alarm_on_a_query_is_unknown() -> None:
    values = {"metric_query": [{"expression": 'SELECT AVG(CPU) FROM "AWS/EC2"'}]}

    (line,) = lines_of("aws_cloudwatch_metric_alarm", values, PRICES).values()

    assert (line.kind, line.lacks) == ("unknown", "plan")


def test_composite_alarm_and_dashboard_have_a_price_each() -> None:
    assert paid(lines_of("aws_cloudwatch_composite_alarm", {}, PRICES)) == {"alarm": Decimal("0.50")}
    assert paid(lines_of("aws_cloudwatch_dashboard", {}, PRICES)) == {"dashboard": Decimal("3.00")}


def test_log_is_paid_for_what_it_takes_in_and_what_it_keeps_packed() -> None:
    lines = lines_of(
        "aws_cloudwatch_log_group", {"name": "app", "retention_in_days": 365}, PRICES, assume({"logs.gb": 100})
    )

    # 100 x 0.50; 100 GB x 12 months x 0.15 x 0.03
    assert paid(lines) == {"ingestion": Decimal("50.00"), "storage": Decimal("5.40")}


def test_log_that_is_kept_for_ever_has_no_known_size() -> None:
    lines = lines_of("aws_cloudwatch_log_group", {"name": "app"}, PRICES, assume({"logs.gb": 100}))

    assert (lines["storage"].kind, lines["storage"].lacks) == ("unknown", "plan")


def test_logs_that_aws_sends_have_their_own_price() -> None:
    usage = assume({"logs.gb": 100})
    flow = {"log_destination": "arn:of:flows"}
    group = {"name": "flows", "arn": "arn:of:flows", "retention_in_days": 30}

    firewall = lines_of(
        "aws_cloudwatch_log_group", {"name": "aws-waf-logs-api", "retention_in_days": 30}, PRICES, usage
    )
    flows = lines_of("aws_cloudwatch_log_group", group, PRICES, usage, aws_flow_log__of=flow)

    assert paid(firewall)["ingestion"] == paid(flows)["ingestion"] == Decimal("25.00")


def test_filter_makes_a_metric_for_each_combination_of_dimensions() -> None:
    plain = {"metric_transformation": [{"name": "Errors"}]}
    split = {"metric_transformation": [{"name": "Errors", "dimensions": {"path": "$.path"}}]}

    assert paid(lines_of("aws_cloudwatch_log_metric_filter", plain, PRICES)) == {"metrics": Decimal("0.30")}
    assert paid(lines_of("aws_cloudwatch_log_metric_filter", split, PRICES, assume({"metric.combinations": 10}))) == {
        "metrics": Decimal("3.00")
    }
    assert lines_of("aws_cloudwatch_log_metric_filter", split, PRICES)["metrics"].kind == "unknown"


def test_saved_query_is_paid_by_what_its_runs_scan() -> None:
    lines = lines_of("aws_cloudwatch_query_definition", {}, PRICES, assume({"query.scanned_gb": 100}))

    assert paid(lines) == {"runs": Decimal("0.50")}


def test_metrics_of_emails_are_one_for_each_type_of_event() -> None:
    destination = [{"dimension_configuration": [{"dimension_name": "ses:configuration-set"}]}]
    values = {
        "event_destination": [{"matching_event_types": ["SEND", "BOUNCE"], "cloud_watch_destination": destination}]
    }

    lines = lines_of("aws_sesv2_configuration_set_event_destination", values, PRICES)

    assert paid(lines) == {"metrics": Decimal("0.60")}


def test_key_is_paid_and_its_rotation_is_said() -> None:
    lines = lines_of("aws_kms_key", {"enable_key_rotation": True}, PRICES, assume({"key.requests": 1_000_000}))

    assert paid(lines) == {"key": Decimal("1.00"), "requests": Decimal("3.00")}
    assert "rotations adds as much again" in lines["key"].assumption


def test_replica_of_a_key_is_paid_as_one() -> None:
    assert paid(lines_of("aws_kms_replica_key", {}, PRICES, assume({"key.requests": 0})))["key"] == Decimal("1.00")


def test_secret_is_paid_with_each_copy() -> None:
    lines = lines_of(
        "aws_secretsmanager_secret", {"replica": [{"region": "us-west-2"}]}, PRICES, assume({"secret.calls": 10_000})
    )

    assert paid(lines) == {"secret": Decimal("0.80"), "calls": Decimal("0.05")}


def test_parameter_is_free_unless_it_is_advanced() -> None:
    assert paid(lines_of("aws_ssm_parameter", {}, PRICES)) == {"parameter": Decimal("0.00")}
    assert paid(lines_of("aws_ssm_parameter", {"tier": "Advanced"}, PRICES)) == {"parameter": Decimal("0.05")}


@pytest.mark.parametrize(("tier", "usd"), [(None, "15.00"), ("ESSENTIALS", "15.00"), ("PLUS", "20.00")])
def test_users_are_paid_by_the_tier_of_their_pool(tier: str | None, usd: str) -> None:
    lines = lines_of("aws_cognito_user_pool", {"user_pool_tier": tier}, PRICES, assume({"users.monthly_active": 1000}))

    assert paid(lines) == {"users": Decimal(usd)}


def test_trail_pays_for_what_goes_beyond_the_first_copy() -> None:
    usage = assume({"trail.paid_events": 100_000})

    assert paid(lines_of("aws_cloudtrail", {}, PRICES, usage)) == {"events": Decimal("2.00")}
    assert paid(lines_of("aws_cloudtrail", {"event_selector": [{}]}, PRICES, usage)) == {"events": Decimal("0.10")}
    assert lines_of("aws_cloudtrail", {}, PRICES)["events"].kind == "unknown"


def test_recorder_and_rules_are_paid_by_what_they_look_at() -> None:
    usage = assume({"config.items": 1000, "config.evaluations": 1000})

    assert paid(lines_of("aws_config_configuration_recorder", {}, PRICES, usage)) == {"items": Decimal("3.00")}
    assert paid(lines_of("aws_config_config_rule", {}, PRICES, usage)) == {"evaluations": Decimal("1.00")}


def test_transcoding_is_paid_by_normalised_minutes() -> None:
    lines = lines_of("aws_media_convert_queue", {}, PRICES, assume({"transcoding.minutes": 1000}))

    assert paid(lines) == {"output": Decimal("7.50")}


def template(*kinds: str) -> dict[str, str]:
    return {"template_body": json.dumps({"Resources": {f"R{at}": {"Type": kind} for at, kind in enumerate(kinds)}})}


def test_campaign_is_paid_every_hour_whether_somebody_asks_or_not() -> None:
    usage = assume(
        {
            "recommendations.ingested_gb": 2,
            "recommendations.training_hours": 10,
            "recommendations.campaign_tps": 1,
            "recommendations.batch": 10_000,
        }
    )
    values = template("AWS::Personalize::DatasetGroup", "AWS::Personalize::Dataset", "AWS::Personalize::Solution")

    lines = lines_of("aws_cloudformation_stack", values, PRICES, usage)

    # 2 x 0.05, 10 x 0.24, 730 x 0.20, 10,000 x 0.000067
    assert paid(lines) == {
        "AWS::Personalize::DatasetGroup": Decimal("0.00"),
        "ingestion": Decimal("0.10"),
        "training": Decimal("2.40"),
        "campaign": Decimal("146.00"),
        "batches": Decimal("0.67"),
    }
    assert "first two months only" in lines["campaign"].assumption


def test_memory_of_an_agent_is_paid_by_what_is_written_kept_and_read() -> None:
    usage = assume({"memory.events": 1000, "memory.records": 1000, "memory.retrievals": 1000})

    lines = lines_of("aws_cloudformation_stack", template("AWS::BedrockAgentCore::Memory"), PRICES, usage)

    assert paid(lines) == {"events": Decimal("0.25"), "records": Decimal("0.75"), "retrievals": Decimal("0.50")}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (template("AWS::Kendra::Index"), "no prices of AWS::Kendra::Index"),
        ({"template_body": "Resources: {}"}, "what the template makes is not to be read from the plan"),
        ({}, "template_body is known only after apply"),
    ],
)
def test_template_that_cannot_be_priced_is_unknown(values: dict[str, str], reason: str) -> None:
    (line,) = lines_of("aws_cloudformation_stack", values, PRICES).values()

    assert (line.kind, line.assumption) == ("unknown", reason)


def test_repository_is_paid_by_its_images() -> None:
    assert paid(lines_of("aws_ecr_repository", {}, PRICES, assume({"repository.gb": 5}))) == {"images": Decimal("0.50")}


def test_pipeline_and_builds_are_paid_by_minutes() -> None:
    usage = assume({"pipeline.minutes": 100, "build.minutes": 100})
    project = {"environment": [{"type": "ARM_CONTAINER", "compute_type": "BUILD_GENERAL1_SMALL"}]}

    assert paid(lines_of("aws_codepipeline", {"pipeline_type": "V2"}, PRICES, usage)) == {"actions": Decimal("0.20")}
    assert paid(lines_of("aws_codepipeline", {"pipeline_type": "V1"}, PRICES)) == {"pipeline": Decimal("1.00")}
    assert paid(lines_of("aws_codebuild_project", project, PRICES, usage)) == {"minutes": Decimal("0.34")}


def test_build_on_another_machine_is_unknown() -> None:
    (line,) = lines_of("aws_codebuild_project", {"environment": [{"type": "WINDOWS_CONTAINER"}]}, PRICES).values()

    assert (line.kind, line.assumption) == ("unknown", "no prices of WINDOWS_CONTAINER")
