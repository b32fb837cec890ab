"""What stands before an application: the distribution, its headers, and the limits on who asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.app_distribution import AppDistribution, AppDistributionProps, Origin
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.constructs.response_headers import ResponseHeaders, ResponseHeadersProps
from cdktf_app.constructs.web_acl import PathLimit, RequestHeader, WebAcl, WebAclProps
from cdktf_app.deployment import Deployment
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]

CACHED, NOT_CACHED = "658327ea-f89d-4fab-a63d-7e88639e58f6", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
EVERYTHING_OF_THE_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"
FROM_BUCKET = {
    "target_origin_id": "assets",
    "viewer_protocol_policy": "redirect-to-https",
    "allowed_methods": ["GET", "HEAD", "OPTIONS"],
    "cached_methods": ["GET", "HEAD"],
    "compress": True,
    "cache_policy_id": CACHED,
    "response_headers_policy_id": SECURITY_HEADERS,
}
FROM_APPLICATION = {
    "target_origin_id": "app",
    "viewer_protocol_policy": "redirect-to-https",
    "allowed_methods": ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
    "cached_methods": ["GET", "HEAD"],
    "compress": True,
    "cache_policy_id": NOT_CACHED,
    "origin_request_policy_id": EVERYTHING_OF_THE_VIEWER,
    "response_headers_policy_id": SECURITY_HEADERS,
}
PASSED_ON = RequestHeader(name="x-from", value="cdn")


@pytest.fixture
def front(part: Construct, deployment: Deployment) -> AppDistributionProps:
    assets = PrivateBucket(part, "files", props=PrivateBucketProps(deployment=deployment, name="files"))
    return AppDistributionProps(
        deployment=deployment,
        name="cdn",
        aliases=["example.com"],
        certificate_arn="arn:cert",
        assets=assets,
        app_domain="origin.example.com",
        default=Origin.ASSETS,
        paths="var.paths",
        web_acl_arn="arn:acl",
    )


@pytest.fixture
def limits(deployment: Deployment) -> WebAclProps:
    return WebAclProps(deployment=deployment, name="acl", rate_limit=100, logs=LogSettings(retention_days=30))


def behaviors(module: Synthesized) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The default, and what the paths of the input get."""
    made = module.the("aws_cloudfront_distribution")
    ordered = made["dynamic"]["ordered_cache_behavior"]
    assert ordered["for_each"] == "${var.paths}"
    content = dict(ordered["content"])
    assert content.pop("path_pattern") == "${ordered_cache_behavior.value}"
    return made["default_cache_behavior"], content


def statement(module: Synthesized, rule: str) -> Mapping[str, Any]:
    """Statement of the rate rule of a name."""
    (found,) = [each for each in module.the("aws_wafv2_web_acl")["rule"] if each["name"] == rule]
    assert found["action"] == {"block": {}}
    (rate,) = found["statement"]["rate_based_statement"]
    return dict(rate)


def test_assets_come_from_the_cache_and_paths_of_the_application_from_itself(
    part: Construct, front: AppDistributionProps, synthesize: Synthesize
) -> None:
    AppDistribution(part, "cdn", props=front)

    module = synthesize()
    assert behaviors(module) == (FROM_BUCKET, FROM_APPLICATION)
    assert module.the("aws_cloudfront_distribution")["default_root_object"] == "index.html"


def test_an_application_may_answer_first_and_knows_its_own_root(
    part: Construct, front: AppDistributionProps, synthesize: Synthesize
) -> None:
    AppDistribution(part, "cdn", props=replace(front, default=Origin.APP))

    module = synthesize()
    assert behaviors(module) == (FROM_APPLICATION, FROM_BUCKET)
    assert "default_root_object" not in module.the("aws_cloudfront_distribution")


def test_both_origins_are_reached_over_tls(
    part: Construct, front: AppDistributionProps, synthesize: Synthesize
) -> None:
    distribution = AppDistribution(part, "cdn", props=front)

    module = synthesize()
    made = module.the("aws_cloudfront_distribution")
    assert made["origin"] == [
        {
            "origin_id": "assets",
            "domain_name": "${aws_s3_bucket.files.bucket_regional_domain_name}",
            "origin_access_control_id": "${aws_cloudfront_origin_access_control.cdn_access.id}",
        },
        {
            "origin_id": "app",
            "domain_name": "origin.example.com",
            "custom_origin_config": {
                "http_port": 80,
                "https_port": 443,
                "origin_protocol_policy": "https-only",
                "origin_ssl_protocols": ["TLSv1.2"],
            },
            "custom_header": [{"name": distribution.mark.name, "value": distribution.mark.value}],
        },
    ]
    assert made["viewer_certificate"] == {
        "acm_certificate_arn": "arn:cert",
        "minimum_protocol_version": "TLSv1.2_2021",
        "ssl_support_method": "sni-only",
    }
    assert (made["aliases"], made["web_acl_id"]) == (["example.com"], "arn:acl")


def test_the_bucket_lets_its_distribution_read(
    part: Construct, front: AppDistributionProps, synthesize: Synthesize
) -> None:
    AppDistribution(part, "cdn", props=front)

    read = synthesize().statements("files_tls_only")["ReadByDistribution"]
    assert read["actions"] == ["s3:GetObject"]
    assert read["principals"] == [{"type": "Service", "identifiers": ["cloudfront.amazonaws.com"]}]
    (condition,) = read["condition"]
    assert condition["values"] == ["${aws_cloudfront_distribution.cdn.arn}"]


def test_browsers_get_headers_that_guard_their_users(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    props = ResponseHeadersProps(deployment=deployment, name="headers", content_security_policy="default-src 'self'")
    ResponseHeaders(part, "headers", props=props)

    headers = synthesize().the("aws_cloudfront_response_headers_policy")["security_headers_config"]
    assert headers == {
        "strict_transport_security": {
            "access_control_max_age_sec": 31536000,
            "include_subdomains": True,
            "preload": True,
            "override": True,
        },
        # What the application says of one of its pages holds for that page.
        "content_security_policy": {"content_security_policy": "default-src 'self'", "override": False},
        "frame_options": {"frame_option": "DENY", "override": True},
        "content_type_options": {"override": True},
        "referrer_policy": {"referrer_policy": "strict-origin-when-cross-origin", "override": True},
    }


def test_an_address_may_ask_so_often_and_no_more(part: Construct, limits: WebAclProps, synthesize: Synthesize) -> None:
    WebAcl(part, "acl", props=limits)

    module = synthesize()
    assert statement(module, "rate") == {"limit": 100, "aggregate_key_type": "IP", "evaluation_window_sec": 300}
    rules = module.the("aws_wafv2_web_acl")["rule"]
    assert [(rule["priority"], rule["name"]) for rule in rules] == [
        (0, "rate"),
        (1, "AWSManagedRulesCommonRuleSet"),
        (2, "AWSManagedRulesKnownBadInputsRuleSet"),
        (3, "AWSManagedRulesAmazonIpReputationList"),
    ]
    assert module.the("aws_wafv2_web_acl")["scope"] == "REGIONAL"


def test_a_distribution_has_a_web_acl_of_a_scope_of_its_own(
    part: Construct, limits: WebAclProps, synthesize: Synthesize
) -> None:
    acl = WebAcl(part, "acl", props=replace(limits, scope="CLOUDFRONT"))

    assert synthesize().the("aws_wafv2_web_acl")["scope"] == "CLOUDFRONT"
    assert acl.arn.startswith("${")


def test_paths_have_a_limit_of_their_own_however_they_are_written(
    part: Construct, limits: WebAclProps, synthesize: Synthesize
) -> None:
    WebAcl(part, "acl", props=replace(limits, path_limits=[PathLimit(name="rate-api", prefix="/api/", rate_limit=50)]))

    module = synthesize()
    rate = statement(module, "rate-api")
    assert rate["limit"] == 50
    assert rate["scope_down_statement"] == [
        {
            "byte_match_statement": [
                {
                    "positional_constraint": "STARTS_WITH",
                    "search_string": "/api/",
                    "field_to_match": [{"uri_path": [{}]}],
                    "text_transformation": [
                        {"priority": 0, "type": "URL_DECODE"},
                        {"priority": 1, "type": "NORMALIZE_PATH"},
                    ],
                }
            ]
        }
    ]
    priorities = [rule["priority"] for rule in module.the("aws_wafv2_web_acl")["rule"]]
    assert len(set(priorities)) == len(priorities) == 5


def test_what_a_distribution_has_counted_is_not_counted_again(
    part: Construct, limits: WebAclProps, synthesize: Synthesize
) -> None:
    path = PathLimit(name="rate-api", prefix="/api/", rate_limit=50)
    WebAcl(part, "acl", props=replace(limits, path_limits=[path], counted_before=PASSED_ON))

    module = synthesize()
    not_counted = {
        "not_statement": [
            {
                "statement": [
                    {
                        "byte_match_statement": [
                            {
                                "positional_constraint": "EXACTLY",
                                "search_string": "cdn",
                                "field_to_match": [{"single_header": [{"name": "x-from"}]}],
                                "text_transformation": [{"priority": 0, "type": "NONE"}],
                            }
                        ]
                    }
                ]
            }
        ]
    }
    assert statement(module, "rate")["scope_down_statement"] == [not_counted]
    (both,) = statement(module, "rate-api")["scope_down_statement"]
    (path_match, other) = both["and_statement"][0]["statement"]
    assert path_match["byte_match_statement"][0]["search_string"] == "/api/"
    assert other == not_counted
