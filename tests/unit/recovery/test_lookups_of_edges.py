"""What a cut creation left of CloudFront and WAF is found, wherever it lives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tooling.recovery.lookup import Found, Wanted, lookup_of

Client = Callable[..., Any]
Look = Callable[..., list[Found]]
MADE = datetime(2026, 1, 2, 3, 4, 5, 678900, UTC)


def reference(count: int) -> str:
    """A caller reference as the provider writes it."""
    return f"terraform-{MADE:%Y%m%d%H%M%S}6789{count:08x}"


@pytest.fixture
def cloudfront(client: Client) -> Any:
    return client("cloudfront")


def distribution(
    reference: str, *, alias: str | None = None, comment: str = "site", control: str = ""
) -> Mapping[str, Any]:
    origin = {
        "Id": "assets",
        "DomainName": "b.s3.us-east-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
        "OriginAccessControlId": control,
    }
    return {
        "CallerReference": reference,
        "Aliases": {"Quantity": 1, "Items": [alias]} if alias else {"Quantity": 0},
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "assets", "ViewerProtocolPolicy": "redirect-to-https"},
        "Comment": comment,
        "Enabled": True,
    }


def test_a_distribution_is_found_by_what_it_serves(cloudfront: Any, look: Look) -> None:
    # GIVEN two distributions that differ in nothing but their tags, and one of another alias
    made = [
        cloudfront.create_distribution_with_tags(
            DistributionConfigWithTags={
                "DistributionConfig": distribution(reference(count), comment="same"),
                "Tags": {"Items": [{"Key": "count", "Value": str(count)}]},
            }
        )["Distribution"]["Id"]
        for count in (1, 2)
    ]
    cloudfront.create_distribution(
        DistributionConfig=distribution(reference(3), alias="www.example.com", comment="same")
    )
    origin = {"origin_id": "assets", "domain_name": "b.s3.us-east-1.amazonaws.com"}

    # WHEN it is looked for, from a stack of another region
    found = look("aws_cloudfront_distribution", region="us-west-2", comment="same", aliases=None, origin=[origin])

    # THEN both are told, with tags and the time that the caller reference tells
    assert {one.id: one.tags for one in found} == {made[0]: {"count": "1"}, made[1]: {"count": "2"}}
    assert {one.created for one in found} == {MADE}
    # AND an origin elsewhere, or one more, is another distribution
    moved = {**origin, "domain_name": "c.s3.us-east-1.amazonaws.com"}
    assert look("aws_cloudfront_distribution", comment="same", aliases=[], origin=[moved]) == []
    more = [origin, {**origin, "origin_id": "api"}]
    assert look("aws_cloudfront_distribution", comment="same", aliases=[], origin=more) == []


def test_an_access_control_counts_as_ours_while_nobody_uses_it(cloudfront: Any, look: Look) -> None:
    # GIVEN an access control as it was planned
    planned = {
        "name": "mine",
        "origin_access_control_origin_type": "s3",
        "signing_behavior": "always",
        "signing_protocol": "sigv4",
    }
    config = {
        "Name": "mine",
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }
    control = cloudfront.create_origin_access_control(OriginAccessControlConfig=config)["OriginAccessControl"]["Id"]

    # THEN it is found, and taken
    assert look("aws_cloudfront_origin_access_control", **planned) == [Found(control, within=True)]

    # WHEN a distribution uses it
    cloudfront.create_distribution(DistributionConfig=distribution(reference(4), control=control))

    # THEN nothing shows whose it is; and of another behaviour it is not what was planned
    assert look("aws_cloudfront_origin_access_control", **planned) == [Found(control)]
    assert look("aws_cloudfront_origin_access_control", **(planned | {"signing_behavior": "never"})) == []


def test_a_headers_policy_is_found_by_its_name(cloudfront: Any, look: Look) -> None:
    frame = {"FrameOptions": {"Override": True, "FrameOption": "DENY"}}
    before = datetime.now(UTC)
    config = {"Name": "headers", "SecurityHeadersConfig": frame}
    policy = cloudfront.create_response_headers_policy(ResponseHeadersPolicyConfig=config)["ResponseHeadersPolicy"]

    (found,) = look("aws_cloudfront_response_headers_policy", name="headers")

    assert found.id == policy["Id"]
    assert found.created is not None
    assert found.created >= before - timedelta(seconds=1)
    for kind in ("response_headers_policy", "cache_policy", "origin_request_policy"):
        assert look(f"aws_cloudfront_{kind}", name="none") == []


def test_a_web_acl_of_cloudfront_is_found_from_another_region(client: Client, look: Look) -> None:
    # GIVEN a regional ACL and one of CloudFront of the same name
    settings = {
        "Name": "acl",
        "DefaultAction": {"Allow": {}},
        "VisibilityConfig": {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"},
        "Tags": [{"Key": "a", "Value": "b"}],
    }
    made = {
        (scope, region): client("wafv2", region).create_web_acl(**settings, Scope=scope)["Summary"]["Id"]
        for scope, region in (("REGIONAL", "us-west-2"), ("CLOUDFRONT", "us-east-1"))
    }

    # THEN each is found in its place
    def found(scope: str, region: str) -> list[Found]:
        return look("aws_wafv2_web_acl", name="acl", scope=scope, region=region)

    assert found("CLOUDFRONT", "us-west-2") == [Found(made["CLOUDFRONT", "us-east-1"], tags={"a": "b"})]
    assert found("REGIONAL", "us-west-2") == [Found(made["REGIONAL", "us-west-2"], tags={"a": "b"})]
    assert found("REGIONAL", "us-east-1") == []


def test_web_acls_of_cloudfront_are_asked_for_where_alone_waf_tells_them(client: Client) -> None:
    # GIVEN WAF, which refuses that scope in every other region
    asked: list[tuple[str, str]] = []

    def noted(service: str, region: str = "us-west-2") -> Any:
        asked.append((service, region))
        return client(service, region)

    lookup = lookup_of("aws_wafv2_web_acl")
    assert lookup is not None
    planned = {"name": "none", "scope": "CLOUDFRONT"}

    # WHEN one is looked for by a stack of another region
    list(lookup(Wanted("aws_wafv2_web_acl.it", "aws_wafv2_web_acl", planned, "us-west-2", "123456789012", noted)))

    # THEN it is asked for at home
    assert asked == [("wafv2", "us-east-1")]


def test_the_parts_of_a_web_acl_have_the_ids_that_follow_from_the_plan(look: Look) -> None:
    acl, balancer = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/1", "arn:aws:elasticloadbalancing:x"

    (association,) = look("aws_wafv2_web_acl_association", web_acl_arn=acl, resource_arn=balancer)
    (logging,) = look("aws_wafv2_web_acl_logging_configuration", resource_arn=acl)

    assert (association.id, association.there) == (f"{acl},{balancer}", False)
    assert (logging.id, logging.there) == (acl, False)
