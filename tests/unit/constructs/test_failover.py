"""How a region's health is told, and the name that leads to the one that is well."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic
from cdktf_app.constructs.api_health import ApiHealth, ApiHealthProps
from cdktf_app.constructs.error_log_metric import ErrorLogMetric
from cdktf_app.constructs.error_rate_alarm import ErrorRateAlarm, ErrorRateAlarmProps
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.regional_domain import RegionalDomain, RegionalDomainProps
from cdktf_app.constructs.rest_api import RestApi
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]


@pytest.fixture
def alarm(part: Construct, deployment: Deployment, rest: RestApi, topic: AlertTopic) -> ErrorRateAlarm:
    props = ErrorRateAlarmProps(
        deployment=deployment, name="api-5xx", api=rest, threshold=Input("share"), alarm_topic=topic
    )
    return ErrorRateAlarm(part, "failed", props=props)


@pytest.mark.usefixtures("alarm")
def test_the_share_of_failed_requests_counts_and_silence_is_good(synthesize: Synthesize) -> None:
    made = synthesize().the("aws_cloudwatch_metric_alarm")

    assert (made["comparison_operator"], made["threshold"]) == ("GreaterThanOrEqualToThreshold", "${var.share}")
    assert made["treat_missing_data"] == "notBreaching"
    failed, share = made["metric_query"]
    # For a REST API the average of this metric is the share.
    assert failed["metric"] == {
        "namespace": "AWS/ApiGateway",
        "metric_name": "5XXError",
        "dimensions": {"ApiName": "app-${var.environment}-api", "Stage": "${var.environment}"},
        "period": 300,
        "stat": "Average",
    }
    assert (failed["return_data"], share["return_data"]) == (False, True)
    assert share["expression"] == "FILL(failed, 0)"
    assert made["alarm_actions"] == made["ok_actions"] == ["${aws_sns_topic.alerts.arn}"]


def test_an_api_is_well_that_can_be_reached_and_whose_alarm_is_silent(
    part: Construct, deployment: Deployment, rest: RestApi, alarm: ErrorRateAlarm, synthesize: Synthesize
) -> None:
    health = ApiHealth(part, "health", props=ApiHealthProps(deployment=deployment, api=rest, alarm=alarm))

    checks = synthesize().all("aws_route53_health_check")
    both = checks["health"]
    assert both["type"] == "CALCULATED"
    assert both["child_health_threshold"] == len(both["child_healthchecks"]) == 2
    assert set(both["child_healthchecks"]) == {
        "${aws_route53_health_check.health_reachable.id}",
        "${aws_route53_health_check.health_quiet.id}",
    }
    reachable = checks["health_reachable"]
    assert (reachable["type"], reachable["port"]) == ("TCP", 443)
    assert reachable["fqdn"] == "${aws_api_gateway_rest_api.rest.id}.execute-api.${var.region}.amazonaws.com"
    quiet = checks["health_quiet"]
    assert quiet["cloudwatch_alarm_name"] == "${aws_cloudwatch_metric_alarm.failed.alarm_name}"
    assert quiet["cloudwatch_alarm_region"] == "${var.region}"
    assert health.id == "${aws_route53_health_check.health.id}"


@pytest.mark.parametrize(("role", "health_check_id"), [("PRIMARY", "hc-1"), ("SECONDARY", None)])
def test_a_region_answers_to_the_name_in_its_role(
    part: Construct,
    deployment: Deployment,
    rest: RestApi,
    synthesize: Synthesize,
    role: str,
    health_check_id: str | None,
) -> None:
    props = RegionalDomainProps(
        deployment=deployment,
        domain_name="api.example.com",
        zone_id="Z1",
        api=rest,
        role=role,
        health_check_id=health_check_id,
    )
    RegionalDomain(part, "domain", props=props)

    module = synthesize()
    domain = module.the("aws_api_gateway_domain_name")
    assert domain["security_policy"] == "TLS_1_2"
    assert domain["regional_certificate_arn"] == "${aws_acm_certificate_validation.domain_validation.certificate_arn}"
    mapping = module.the("aws_api_gateway_base_path_mapping")
    assert mapping["stage_name"] == "${aws_api_gateway_stage.rest_stage.stage_name}"
    record = module.resource("aws_route53_record", "domain_record")
    assert record["failover_routing_policy"] == {"type": role}
    # Two records of one name are told apart by this.
    assert record["set_identifier"] == role.lower()
    assert record.get("health_check_id") == health_check_id
    assert record["alias"]["evaluate_target_health"] is True


def test_errors_in_the_logs_of_all_functions_are_one_metric(
    part: Construct, deployment: Deployment, function: LambdaFunction, synthesize: Synthesize
) -> None:
    ErrorLogMetric(part, "errors", deployment=deployment, functions=[function])

    made = synthesize().the("aws_cloudwatch_log_metric_filter")
    assert made["pattern"] == '{ $.level = "ERROR" }'
    assert made["log_group_name"] == "${aws_cloudwatch_log_group.job_logs.name}"
    assert made["metric_transformation"]["namespace"] == "app-${var.environment}"
    assert made["metric_transformation"]["default_value"] == "0"
