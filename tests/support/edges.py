"""Reading what stands before an application: distribution, web ACLs, certificate and records, each as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.plans import Json, Plan, Resource

ACCESS, ACL, ASSOCIATION = "aws_cloudfront_origin_access_control", "aws_wafv2_web_acl", "aws_wafv2_web_acl_association"
BALANCER, BUCKET, DISTRIBUTION = "aws_lb", "aws_s3_bucket", "aws_cloudfront_distribution"
CERTIFICATE, VALIDATION = "aws_acm_certificate", "aws_acm_certificate_validation"
RECORD, ZONE = "aws_route53_record", "aws_route53_zone"
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
ZONE_OF_CLOUDFRONT = "Z2FDTNDATAQYW2"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"
# Of the request that a distribution passes on to the load balancer.
MARK = "x-passed-on-by"
_FROM_BUCKET = {
    "target_origin_id": "assets",
    "viewer_protocol_policy": "redirect-to-https",
    "allowed_methods": ["GET", "HEAD", "OPTIONS"],
    "cached_methods": ["GET", "HEAD"],
    "compress": True,
    "cache_policy_id": CACHING_OPTIMIZED,
}
_FROM_APPLICATION = {
    "target_origin_id": "app",
    "viewer_protocol_policy": "redirect-to-https",
    "allowed_methods": ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
    "cached_methods": ["GET", "HEAD"],
    "compress": True,
    "cache_policy_id": CACHING_DISABLED,
    "origin_request_policy_id": ALL_VIEWER,
}
# What a behaviour of a distribution says of itself, whether set or not.
_OF_NO_MATTER = {"default_ttl", "max_ttl", "min_ttl", "smooth_streaming"}


def compact(value: Any) -> Any:
    """A value without what is not set in it."""
    if isinstance(value, Mapping):
        return {name: compact(each) for name, each in value.items() if each not in (None, [], "")}
    if isinstance(value, list):
        return [compact(each) for each in value]
    return value


def from_bucket(headers_policy: str | None) -> Json:
    """The behaviour for what the bucket answers; no headers policy: it is known after the apply only."""
    return _FROM_BUCKET | ({"response_headers_policy_id": headers_policy} if headers_policy else {})


def from_application(headers_policy: str | None) -> Json:
    """The behaviour for what the application answers."""
    return _FROM_APPLICATION | ({"response_headers_policy_id": headers_policy} if headers_policy else {})


def default_behavior(distribution: Resource) -> Json:
    (behavior,) = distribution["default_cache_behavior"]
    return _told(behavior)


def behaviors_of_paths(distribution: Resource) -> list[tuple[str, Json]]:
    """In the order in which CloudFront tries them."""
    told = [_told(behavior) for behavior in distribution["ordered_cache_behavior"]]
    return [(behavior.pop("path_pattern"), behavior) for behavior in told]


def _told(behavior: Json) -> Json:
    told = {name: value for name, value in compact(behavior).items() if name not in _OF_NO_MATTER}
    for methods in ("allowed_methods", "cached_methods"):
        told[methods] = sorted(told[methods])
    return told


def assert_origins(plan: Plan, *, app_domain: str, mark: str, assets: Resource) -> None:
    """That there are two origins: the bucket, by signed requests, and a name of the load balancer, over TLS."""
    distribution, access = plan.one(DISTRIBUTION), plan.one(ACCESS)
    origins = {each["origin_id"]: compact(each) for each in distribution["origin"]}
    (app,) = origins["app"].pop("custom_origin_config")
    tries = {"connection_attempts": 3, "connection_timeout": 10}

    assert origins == {
        "assets": {"origin_id": "assets", **tries},
        "app": {
            "origin_id": "app",
            "domain_name": app_domain,
            "custom_header": [{"name": MARK, "value": mark}],
            **tries,
        },
    }
    assert app == {
        "http_port": 80,
        "https_port": 443,
        "origin_protocol_policy": "https-only",
        "origin_ssl_protocols": ["TLSv1.2"],
        "origin_keepalive_timeout": 5,
        "origin_read_timeout": 30,
    }
    assert plan.references(distribution, "origin", 0, "domain_name") == {
        assets.block,
        f"{assets.block}.bucket_regional_domain_name",
    }
    assert plan.references(distribution, "origin", 0, "origin_access_control_id") == {
        access.block,
        f"{access.block}.id",
    }
    assert access["origin_access_control_origin_type"] == "s3"
    assert (access["signing_behavior"], access["signing_protocol"]) == ("always", "sigv4")


def assert_serves_everybody(distribution: Resource) -> None:
    """That it is on, for all countries and both versions of addresses, from where it costs least."""
    assert distribution["enabled"] is True
    assert distribution["staging"] is False
    assert distribution["is_ipv6_enabled"] is True
    assert distribution["http_version"] == "http2and3"
    assert distribution["price_class"] == "PriceClass_100"
    (restriction,) = distribution["restrictions"][0]["geo_restriction"]
    assert restriction["restriction_type"] == "none"


def acl(plan: Plan, scope: str) -> Resource:
    return plan.one(ACL, scope=scope)


def rules(of: Resource) -> list[Json]:
    """Rules of a web ACL, in the order in which WAF tries them."""
    return sorted((compact(rule) for rule in of["rule"]), key=lambda rule: rule["priority"])


def rate_rule(name: str, priority: int, limit: int, only_if: Json | None = None) -> Json:
    """Blocks an address that asks more often than so in 5 minutes; counted is what the match is for."""
    rate: Json = {"limit": limit, "aggregate_key_type": "IP", "evaluation_window_sec": 300}
    scope = {"scope_down_statement": [only_if]} if only_if else {}
    return _rule(name, priority, {"rate_based_statement": [rate | scope]}) | {"action": [{"block": [{}]}]}


def managed_rules() -> list[Json]:
    """AWS's own, whose actions hold."""
    groups = (
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesAmazonIpReputationList",
    )
    return [
        _rule(group, priority, {"managed_rule_group_statement": [{"name": group, "vendor_name": "AWS"}]})
        | {"override_action": [{"none": [{}]}]}
        for priority, group in enumerate(groups, start=1)
    ]


def below(prefix: str) -> Json:
    """Matches paths that begin so, however they are written."""
    return _match("STARTS_WITH", prefix, {"uri_path": [{}]}, ["URL_DECODE", "NORMALIZE_PATH"])


def unless_passed_on(mark: str) -> Json:
    """Matches what did not come through the distribution."""
    return {"not_statement": [{"statement": [_match("EXACTLY", mark, {"single_header": [{"name": MARK}]}, ["NONE"])]}]}


def both(one: Json, other: Json) -> Json:
    return {"and_statement": [{"statement": [one, other]}]}


def _match(constraint: str, text: str, place: Json, transformations: Sequence[str]) -> Json:
    return {
        "byte_match_statement": [
            {
                "positional_constraint": constraint,
                "search_string": text,
                "field_to_match": [place],
                "text_transformation": [
                    {"priority": priority, "type": kind} for priority, kind in enumerate(transformations)
                ],
            }
        ]
    }


def measured(name: str) -> list[Json]:
    """How a web ACL or a rule of it shows what it did."""
    return [{"cloudwatch_metrics_enabled": True, "metric_name": name, "sampled_requests_enabled": True}]


def _rule(name: str, priority: int, statement: Json) -> Json:
    return {"name": name, "priority": priority, "statement": [statement], "visibility_config": measured(name)}


def assert_alias(plan: Plan, name: str, target: Resource, *, zone_id: str | None = None) -> None:
    """That a name answers with the addresses, of both versions, of a resource; no zone: the resource knows its own."""
    for kind in ("A", "AAAA"):
        record = plan.one(RECORD, name=name, type=kind)
        (alias,) = record["alias"]
        attribute = "domain_name" if target.type == DISTRIBUTION else "dns_name"
        assert plan.references(record, "alias", "name") == {target.block, f"{target.block}.{attribute}"}
        if zone_id:
            assert alias["zone_id"] == zone_id
        else:
            assert plan.references(record, "alias", "zone_id") == {target.block, f"{target.block}.zone_id"}
        assert alias["evaluate_target_health"] is False


def assert_certificate_is_made(plan: Plan, names: Sequence[str]) -> None:
    """That ACM issues one certificate for these names, which a record each proves, and that it waits for that."""
    certificate, validation = plan.one(CERTIFICATE), plan.one(VALIDATION)
    records = {each.index: each for each in plan.all(RECORD) if each.block.endswith(".validation_record")}

    assert certificate["domain_name"] == names[0]
    assert sorted(certificate["subject_alternative_names"]) == sorted(names)
    assert certificate["validation_method"] == "DNS"
    # CloudFront takes certificates of this region only.
    assert plan.provider(certificate) == "aws"
    assert plan.providers["aws"]["expressions"]["region"] == {"constant_value": "us-east-1"}
    assert plan.referred(validation, "certificate_arn", CERTIFICATE) == certificate
    assert set(records) == set(names)
    block = next(iter(records.values())).block
    assert block in plan.references(validation, "validation_record_fqdns")
    for record in records.values():
        assert certificate.block in plan.references(record, "for_each")
        assert plan.references(record, "name") == {"each.value.resource_record_name", "each.value"}
        assert plan.references(record, "type") == {"each.value.resource_record_type", "each.value"}
        assert plan.references(record, "records") == {"each.value.resource_record_value", "each.value"}
        assert (record["ttl"], record["allow_overwrite"]) == (300, True)


def assert_serves(plan: Plan, certificate: str) -> None:
    """That distribution and load balancer show the certificate that an argument refers to, over TLS 1.2 or newer."""
    distribution = plan.one(DISTRIBUTION)
    (viewer,) = distribution["viewer_certificate"]
    (listener,) = plan.all("aws_lb_listener", port=443)
    for references in (
        plan.references(distribution, "viewer_certificate", "acm_certificate_arn"),
        plan.references(listener, "certificate_arn"),
    ):
        assert certificate in references
        assert "var.certificate_arn" in references
    assert (viewer["minimum_protocol_version"], viewer["ssl_support_method"]) == ("TLSv1.2_2021", "sni-only")
    assert not viewer["cloudfront_default_certificate"]
