"""The edge: CloudFront before assets and application, the web ACLs before CloudFront and load balancer, and names."""

from __future__ import annotations

import pytest

from tests.plan.solemate.conftest import Planned
from tests.support.buckets import policy, refuses_plain_http
from tests.support.edges import (
    ACL,
    ASSOCIATION,
    BALANCER,
    BUCKET,
    DISTRIBUTION,
    RECORD,
    SECURITY_HEADERS,
    ZONE_OF_CLOUDFRONT,
    acl,
    assert_alias,
    assert_origins,
    assert_serves_everybody,
    behaviors_of_paths,
    default_behavior,
    from_application,
    from_bucket,
    managed_rules,
    measured,
    rate_rule,
    rules,
    unless_passed_on,
)
from tests.support.plans import Plan, Resource, Statement

LOGGING, LOG_GROUP = "aws_wafv2_web_acl_logging_configuration", "aws_cloudwatch_log_group"


@pytest.fixture(params=["staging", "prod", "local", "chosen"])
def everywhere(request: pytest.FixtureRequest, plan: Planned, chosen: Plan) -> Plan:
    """Each stack, as committed, and the module with no default left."""
    return chosen if request.param == "chosen" else plan(request.param)


def name(plan: Plan, what: str) -> str:
    return f"solemate-{plan.input('environment')}-{what}"


def assets(plan: Plan) -> Resource:
    return plan.one(BUCKET, bucket=f"solemate-assets-{plan.input('environment')}-{plan.input('account_id')}")


def names(plan: Plan) -> list[str]:
    """What the shop answers to."""
    return [plan.input("domain_name"), *(plan.input("alternative_names") or [])]


@pytest.mark.requirement("SM-FR3-07")
def test_assets_come_from_the_bucket_by_signed_requests(everywhere: Plan) -> None:
    domain = everywhere.input("domain_name")

    assert_origins(everywhere, app_domain=f"api.{domain}", mark=name(everywhere, "cdn"), assets=assets(everywhere))
    assert everywhere.one(DISTRIBUTION)["default_root_object"] == "index.html"
    assert_serves_everybody(everywhere.one(DISTRIBUTION))


@pytest.mark.requirement("SM-FR3-07")
def test_the_distribution_and_nobody_else_reads_the_bucket(everywhere: Plan) -> None:
    bucket = assets(everywhere)
    arn = f"arn:aws:s3:::{bucket['bucket']}"
    statements = [each for each in policy(everywhere, bucket) if each.principals]

    assert statements == [
        refuses_plain_http(arn),
        Statement(
            allows=True,
            actions=frozenset({"s3:GetObject"}),
            resources=frozenset({f"{arn}/*"}),
            principals=frozenset({("Service", "cloudfront.amazonaws.com")}),
            conditions=frozenset(
                {("StringEquals", "AWS:SourceArn", f"{everywhere.one(DISTRIBUTION).block}.arn")},
            ),
        ),
    ]


@pytest.mark.requirement("SM-FR3-07", "SM-CF-01", "SM-PC-02")
def test_assets_are_cached_and_the_application_is_not(everywhere: Plan, minimal: Plan) -> None:
    for plan in (everywhere, minimal):
        distribution = plan.one(DISTRIBUTION)

        assert default_behavior(distribution) == from_bucket(SECURITY_HEADERS)
        assert all(each == from_application(SECURITY_HEADERS) for _, each in behaviors_of_paths(distribution))


@pytest.mark.requirement("SM-FR3-07")
def test_paths_of_the_application_go_to_the_load_balancer(every: Plan, chosen: Plan) -> None:
    assert [path for path, _ in behaviors_of_paths(every.one(DISTRIBUTION))] == ["/api/*", "/app/*"]
    assert [path for path, _ in behaviors_of_paths(chosen.one(DISTRIBUTION))] == ["/api/*", "/checkout/*", "/graphql"]


@pytest.mark.requirement("SM-CF-02", "SM-ENV-07", "SM-ENV-13")
@pytest.mark.parametrize(
    ("env", "aliases"),
    [
        ("prod", ["solemate.com", "www.solemate.com"]),
        ("staging", ["staging.solemate.com"]),
        ("local", ["local.solemate.com"]),
    ],
)
def test_the_shop_has_the_documents_names_in_production_and_one_elsewhere(
    plan: Planned, env: str, aliases: list[str]
) -> None:
    assert sorted(plan(env).one(DISTRIBUTION)["aliases"]) == aliases


@pytest.mark.requirement("SM-CF-02")
def test_every_name_of_the_shop_leads_to_the_distribution(everywhere: Plan) -> None:
    distribution = everywhere.one(DISTRIBUTION)

    assert sorted(distribution["aliases"]) == sorted(names(everywhere))
    for each in names(everywhere):
        assert_alias(everywhere, each, distribution, zone_id=ZONE_OF_CLOUDFRONT)


@pytest.mark.requirement("SM-CF-02")
def test_the_load_balancer_has_a_name_of_its_own(everywhere: Plan) -> None:
    own = f"api.{everywhere.input('domain_name')}"

    assert_alias(everywhere, own, everywhere.one(BALANCER))
    # There is no other way in.
    aliases = {each["name"] for each in everywhere.all(RECORD) if each.values.get("alias")}
    assert aliases == {own, *names(everywhere)}


@pytest.mark.requirement("SM-FR5-04")
def test_a_web_acl_is_before_the_distribution(everywhere: Plan, minimal: Plan) -> None:
    assert minimal.variables["waf_rate_limit"]["default"] == 2000
    for plan in (everywhere, minimal):
        limit = plan.input("waf_rate_limit") or 2000
        found = acl(plan, "CLOUDFRONT")

        assert rules(found) == [rate_rule("rate", 0, limit), *managed_rules()]
        assert found["default_action"] == [{"allow": [{"custom_request_handling": []}], "block": []}]
        assert plan.references(plan.one(DISTRIBUTION), "web_acl_id") == {found.block, f"{found.block}.arn"}
        assert found["name"] == name(plan, "cdn")


@pytest.mark.requirement("SM-FR5-04")
def test_a_web_acl_is_before_the_load_balancer(everywhere: Plan, minimal: Plan) -> None:
    for plan in (everywhere, minimal):
        limit = plan.input("waf_rate_limit") or 2000
        found, association = acl(plan, "REGIONAL"), plan.one(ASSOCIATION)

        # The distribution passes requests of many people on from few addresses: its own web ACL counts those.
        assert rules(found) == [
            rate_rule("rate", 0, limit, unless_passed_on(name(plan, "cdn"))),
            *managed_rules(),
        ]
        assert found["default_action"] == [{"allow": [{"custom_request_handling": []}], "block": []}]
        assert plan.referred(association, "web_acl_arn", ACL) == found
        assert plan.referred(association, "resource_arn", BALANCER) == plan.one(BALANCER)
        assert found["name"] == name(plan, "alb")


@pytest.mark.requirement("SM-FR5-04")
def test_what_a_web_acl_does_is_written_down(everywhere: Plan) -> None:
    for each in everywhere.all(ACL):
        (logging,) = [to for to in everywhere.all(LOGGING) if each.block in everywhere.references(to, "resource_arn")]
        group = everywhere.referred(logging, "log_destination_configs", LOG_GROUP)
        assert each["visibility_config"] == measured(each["name"])
        # The only names of groups that WAF writes to.
        assert group["name"] == f"aws-waf-logs-{each['name']}"
        assert group["retention_in_days"] == everywhere.input("log_retention_days")
        (redacted,) = logging["redacted_fields"]
        assert redacted["single_header"] == [{"name": "authorization"}]
    assert {each["scope"] for each in everywhere.all(ACL)} == {"CLOUDFRONT", "REGIONAL"}
