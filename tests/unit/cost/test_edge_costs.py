"""What CloudFront, Route 53, the firewall, APIs, topics, queues, events and e-mails cost."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.support.costs import assume, cost_of, dollars, lines_of, paid, plan_of

PRICES = dollars(
    **{
        "cloudfront__data_out": "0.085",
        "cloudfront__request__https": "0.000001",
        "route53__zone": "0.50",
        "route53__query": "0.0000004",
        "route53__health_check__aws": "0.50",
        "route53__health_check__other": "0.75",
        "route53__health_check__option__aws": "1.00",
        "route53__health_check__option__other": "2.00",
        "waf__web_acl": "5",
        "waf__rule": "1",
        "waf__request": "0.0000006",
        "api_gateway__rest__request": "0.0000035",
        "api_gateway__http__request": "0.000001",
        "api_gateway__cache__0.5": "0.02",
        "data_transfer__internet_out": "0.09",
        "xray__trace_recorded": "0.000005",
        "sns__request": "0.0000005",
        "sns__delivery__email": "0.00002",
        "sns__delivery__https": "0.0000006",
        "sqs__request__standard": "0.0000004",
        "sqs__request__fifo": "0.0000005",
        "eventbridge__custom_event": "0.000001",
        "eventbridge__archive__processed": "0.10",
        "eventbridge__archive__stored": "0.023",
        "step_functions__transition": "0.000025",
        "ses__message": "0.0001",
    }
)


def test_distribution_is_paid_by_data_and_requests() -> None:
    lines = lines_of("aws_cloudfront_distribution", {}, PRICES, assume({"cdn.gb": 100, "cdn.requests": 1_000_000}))

    assert paid(lines) == {"data": Decimal("8.50"), "requests": Decimal("1.00")}


def test_zone_is_paid_by_the_month_and_by_its_queries() -> None:
    lines = lines_of("aws_route53_zone", {}, PRICES, assume({"zone.queries": 1_000_000}))

    assert paid(lines) == {"zone": Decimal("0.50"), "queries": Decimal("0.40")}


@pytest.mark.parametrize(
    ("values", "usd"),
    [
        ({"type": "CALCULATED"}, "0.50"),
        ({"type": "HTTP", "fqdn": "other.example"}, "0.75"),
        ({"type": "HTTPS", "fqdn": "other.example"}, "2.75"),
        ({"type": "HTTPS_STR_MATCH", "request_interval": 10, "measure_latency": True}, "8.75"),
    ],
)
def test_health_check_is_paid_by_where_it_looks_and_its_options(values: dict[str, Any], usd: str) -> None:
    assert sum(
        line.monthly_usd or 0 for line in lines_of("aws_route53_health_check", values, PRICES).values()
    ) == Decimal(usd)


def test_health_check_of_what_the_plan_makes_is_one_of_aws() -> None:
    plan = plan_of(
        {"aws_route53_health_check.it": {"type": "TCP", "request_interval": 10}, "aws_lb.web": {"internal": True}},
        expressions={"aws_route53_health_check.it": {"fqdn": {"references": ["aws_lb.web.dns_name", "aws_lb.web"]}}},
    )

    lines = [line for line in cost_of(plan, PRICES).lines if line.type == "aws_route53_health_check"]

    assert [line.monthly_usd for line in lines] == [Decimal("0.50"), Decimal("1.00")]


def test_firewall_is_paid_for_itself_its_rules_and_its_requests() -> None:
    values = {"rule": [{"name": "rate"}, {"name": "known"}]}

    lines = lines_of("aws_wafv2_web_acl", values, PRICES, assume({"firewall.requests": 10_000_000}))

    assert paid(lines) == {"acl": Decimal("5.00"), "rules": Decimal("2.00"), "requests": Decimal("6.00")}


def test_rule_group_with_a_price_of_its_own_is_unknown() -> None:
    group = {"name": "AWSManagedRulesBotControlRuleSet"}
    values = {"rule": [{"statement": [{"managed_rule_group_statement": [group]}]}]}

    line = lines_of("aws_wafv2_web_acl", values, PRICES)["groups"]

    assert (line.kind, line.assumption) == ("unknown", "no prices of AWSManagedRulesBotControlRuleSet")


def test_stage_of_a_rest_api_is_paid_by_requests_answers_and_cache() -> None:
    values = {"cache_cluster_enabled": True, "cache_cluster_size": "0.5", "xray_tracing_enabled": True}
    usage = assume({"api.requests": 1_000_000, "api.internet_gb": 10, "tracing.share": "0.05"})

    lines = lines_of("aws_api_gateway_stage", values, PRICES, usage)

    assert paid(lines) == {
        "requests": Decimal("3.50"),
        "internet": Decimal("0.90"),
        "cache": Decimal("14.60"),
        "traces": Decimal("0.25"),
    }


def test_traced_request_is_counted_once_at_the_function_that_answers() -> None:
    function = {"tracing_config": [{"mode": "Active"}]}

    line = lines_of("aws_api_gateway_stage", {"xray_tracing_enabled": True}, PRICES, aws_lambda_function__it=function)[
        "traces"
    ]

    assert (line.monthly_usd, line.assumption) == (Decimal(0), "counted at the functions that answer")


def test_stage_of_an_http_api_is_cheaper_and_a_websocket_is_unknown() -> None:
    usage = assume({"api.requests": 1_000_000, "api.internet_gb": 0})

    http = lines_of("aws_apigatewayv2_stage", {}, PRICES, usage, aws_apigatewayv2_api__it={"protocol_type": "HTTP"})
    socket = lines_of(
        "aws_apigatewayv2_stage", {}, PRICES, usage, aws_apigatewayv2_api__it={"protocol_type": "WEBSOCKET"}
    )

    assert paid(http)["requests"] == Decimal("1.00")
    assert {line.kind for line in socket.values()} == {"unknown"}


def test_topic_is_paid_by_messages() -> None:
    assert paid(lines_of("aws_sns_topic", {}, PRICES, assume({"topic.messages": 1_000_000}))) == {
        "messages": Decimal("0.50")
    }


@pytest.mark.parametrize(
    ("protocol", "usd"), [("email", "2.00"), ("https", "0.06"), ("lambda", "0.00"), ("sqs", "0.00")]
)
def test_delivery_is_paid_by_its_protocol(protocol: str, usd: str) -> None:
    lines = lines_of("aws_sns_topic_subscription", {"protocol": protocol}, PRICES, assume({"topic.messages": 100_000}))

    assert paid(lines) == {"deliveries": Decimal(usd)}


def test_delivery_by_an_unpriced_protocol_is_unknown() -> None:
    (line,) = lines_of("aws_sns_topic_subscription", {"protocol": "firehose"}, PRICES).values()

    assert (line.kind, line.assumption) == ("unknown", "no prices of deliveries to firehose")


@pytest.mark.parametrize(("fifo", "usd"), [(False, "0.40"), (True, "0.50")])
def test_queue_is_paid_by_requests(fifo: bool, usd: str) -> None:
    lines = lines_of("aws_sqs_queue", {"fifo_queue": fifo}, PRICES, assume({"queue.requests": 1_000_000}))

    assert paid(lines) == {"requests": Decimal(usd)}


@pytest.mark.parametrize(
    ("values", "usd"),
    [
        ({"schedule_expression": "rate(5 minutes)"}, "0.00"),
        ({"event_pattern": json.dumps({"source": ["aws.s3"]})}, "0.00"),
        ({"event_pattern": json.dumps({"source": ["shop"]})}, "2.00"),
        ({"event_pattern": json.dumps({"detail-type": ["Sold"]})}, "2.00"),
    ],
)
def test_only_events_that_code_publishes_are_paid(values: dict[str, Any], usd: str) -> None:
    lines = lines_of("aws_cloudwatch_event_rule", values, PRICES, assume({"bus.custom_events": 2_000_000}))

    assert paid(lines) == {"events": Decimal(usd)}


def test_archive_is_paid_for_what_it_takes_in_and_what_it_keeps() -> None:
    lines = lines_of("aws_cloudwatch_event_archive", {"retention_days": 90}, PRICES, assume({"archive.gb": 10}))

    # 10 x 0.10, 10 GB x 3 months x 0.023
    assert paid(lines) == {"ingestion": Decimal("1.00"), "storage": Decimal("0.69")}


def test_archive_that_keeps_for_ever_is_unknown() -> None:
    line = lines_of("aws_cloudwatch_event_archive", {}, PRICES, assume({"archive.gb": 10}))["storage"]

    assert (line.kind, line.lacks) == ("unknown", "plan")


def test_workflow_is_paid_by_transitions() -> None:
    usage = assume({"workflow.executions": 1000, "workflow.transitions": 10})

    assert paid(lines_of("aws_sfn_state_machine", {}, PRICES, usage)) == {"transitions": Decimal("0.25")}


def test_emails_are_counted_once_at_the_domain() -> None:
    domain, address = {"email_identity": "shop.example"}, {"email_identity": "noreply@shop.example"}
    usage = assume({"email.messages": 50_000})

    at_domain = lines_of("aws_sesv2_email_identity", domain, PRICES, usage, aws_sesv2_email_identity__sender=address)
    at_address = lines_of("aws_sesv2_email_identity", address, PRICES, usage, aws_sesv2_email_identity__domain=domain)

    assert (paid(at_domain), paid(at_address)) == ({"messages": Decimal("5.00")}, {"messages": Decimal("0.00")})
