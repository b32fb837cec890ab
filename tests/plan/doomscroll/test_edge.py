"""The edge: CloudFront before the application, the web ACLs before both, headers and names."""

from __future__ import annotations

import pytest

from tests.plan.doomscroll.conftest import Planned
from tests.support.buckets import policy, refuses_plain_http
from tests.support.edges import (
    ACL,
    ASSOCIATION,
    BALANCER,
    BUCKET,
    DISTRIBUTION,
    RECORD,
    ZONE_OF_CLOUDFRONT,
    acl,
    assert_alias,
    assert_origins,
    assert_serves_everybody,
    behaviors_of_paths,
    below,
    both,
    compact,
    default_behavior,
    from_application,
    from_bucket,
    managed_rules,
    measured,
    rate_rule,
    rules,
    unless_passed_on,
)
from tests.support.module_text import dynamic_content
from tests.support.planner import Planner
from tests.support.plans import Plan, Resource, Statement

HEADERS = "aws_cloudfront_response_headers_policy"
LOGGING, LOG_GROUP = "aws_wafv2_web_acl_logging_configuration", "aws_cloudwatch_log_group"


@pytest.fixture(params=["dev", "prod", "local", "chosen"])
def everywhere(request: pytest.FixtureRequest, plan: Planned, chosen: Plan) -> Plan:
    """Each stack, as committed, and the module with no default left."""
    return chosen if request.param == "chosen" else plan(request.param)


def suffix(plan: Plan) -> str:
    return plan.input("name_suffix") or ""


def assets(plan: Plan) -> Resource:
    return plan.one(BUCKET, bucket=f"fckdoomscroll-assets-{plan.input('account_id')}{suffix(plan)}")


def mark(plan: Plan) -> str:
    return f"fckdoomscroll-cdn{suffix(plan)}"


@pytest.mark.requirement("FD-OV-02")
@pytest.mark.parametrize(
    ("env", "name"),
    [("prod", "yourdomain.com"), ("dev", "dev.yourdomain.com"), ("local", "local.yourdomain.com")],
)
def test_the_domain_leads_to_the_distribution(plan: Planned, env: str, name: str) -> None:
    stack = plan(env)
    distribution = stack.one(DISTRIBUTION)

    assert distribution["aliases"] == [name]
    assert_alias(stack, name, distribution, zone_id=ZONE_OF_CLOUDFRONT)


@pytest.mark.requirement("FD-OV-02")
def test_the_domain_is_the_documents_unless_there_is_another(minimal: Plan, chosen: Plan) -> None:
    assert minimal.variables["domain_name"]["default"] == "yourdomain.com"
    for plan, name in ((minimal, "yourdomain.com"), (chosen, "calm.example")):
        assert plan.one(DISTRIBUTION)["aliases"] == [name]
        assert_alias(plan, name, plan.one(DISTRIBUTION), zone_id=ZONE_OF_CLOUDFRONT)


@pytest.mark.requirement("FD-OV-03")
def test_the_application_is_behind_the_distribution_and_assets_come_from_their_bucket(everywhere: Plan) -> None:
    origin = f"origin.{everywhere.input('domain_name')}"

    assert_origins(everywhere, app_domain=origin, mark=mark(everywhere), assets=assets(everywhere))
    assert_alias(everywhere, origin, everywhere.one(BALANCER))
    aliases = {each["name"] for each in everywhere.all(RECORD) if each.values.get("alias")}
    assert aliases == {origin, everywhere.input("domain_name")}


@pytest.mark.requirement("FD-OV-03")
def test_only_files_of_the_build_are_cached(everywhere: Plan, minimal: Plan) -> None:
    for plan in (everywhere, minimal):
        distribution = plan.one(DISTRIBUTION)

        assert default_behavior(distribution) == from_application(None)
        assert behaviors_of_paths(distribution) == [
            ("/_next/static/*", from_bucket(None)),
            ("/assets/*", from_bucket(None)),
        ]
        assert_serves_everybody(distribution)
        # The application knows its own root.
        assert not distribution["default_root_object"]


@pytest.mark.requirement("FD-OV-03")
def test_the_distribution_and_nobody_else_reads_the_bucket(everywhere: Plan) -> None:
    bucket = assets(everywhere)
    arn = f"arn:aws:s3:::{bucket['bucket']}"

    assert policy(everywhere, bucket) == [
        refuses_plain_http(arn),
        Statement(
            allows=True,
            actions=frozenset({"s3:GetObject"}),
            resources=frozenset({f"{arn}/*"}),
            principals=frozenset({("Service", "cloudfront.amazonaws.com")}),
            conditions=frozenset({("StringEquals", "AWS:SourceArn", f"{everywhere.one(DISTRIBUTION).block}.arn")}),
        ),
    ]


@pytest.mark.requirement("FD-SEC-07")
def test_every_answer_carries_headers_that_guard_its_reader(everywhere: Plan, planner: Planner) -> None:
    distribution, headers = everywhere.one(DISTRIBUTION), everywhere.one(HEADERS)
    csp = everywhere.input("content_security_policy") or "default-src 'self'"

    assert headers["name"] == f"fckdoomscroll-security-headers{suffix(everywhere)}"
    assert compact(headers["security_headers_config"]) == [
        {
            "strict_transport_security": [
                {
                    "access_control_max_age_sec": 31536000,
                    "include_subdomains": True,
                    "preload": True,
                    "override": True,
                }
            ],
            # A page that the application says more of keeps what it says.
            "content_security_policy": [{"content_security_policy": csp, "override": False}],
            "frame_options": [{"frame_option": "DENY", "override": True}],
            "content_type_options": [{"override": True}],
            "referrer_policy": [{"referrer_policy": "strict-origin-when-cross-origin", "override": True}],
        }
    ]
    assert everywhere.references(distribution, "default_cache_behavior", "response_headers_policy_id") == {
        headers.block,
        f"{headers.block}.id",
    }
    of_paths = dynamic_content(planner.sources("doomscroll"), distribution, "ordered_cache_behavior")
    assert of_paths["response_headers_policy_id"] == f"{headers.block}.id"


@pytest.mark.requirement("FD-SEC-07")
def test_the_content_security_policy_is_strict_by_default(minimal: Plan) -> None:
    assert minimal.variables["content_security_policy"]["default"] == "default-src 'self'"


@pytest.mark.requirement("FD-OV-04", "FD-SEC-05")
def test_a_web_acl_limits_who_asks_the_load_balancer(everywhere: Plan, minimal: Plan) -> None:
    for plan in (everywhere, minimal):
        found, association = acl(plan, "REGIONAL"), plan.one(ASSOCIATION)
        limit, of_api = plan.input("waf_rate_limit") or 2000, plan.input("waf_api_rate_limit") or 500
        # The distribution passes requests of many people on from few addresses: its own web ACL counts those.
        here = unless_passed_on(mark(plan))

        assert rules(found) == [
            rate_rule("rate", 0, limit, here),
            *managed_rules(),
            rate_rule("rate-api", 4, of_api, both(below("/api/"), here)),
        ]
        assert found["name"] == f"fckdoomscroll-alb{suffix(plan)}"
        assert plan.referred(association, "web_acl_arn", ACL) == found
        assert plan.referred(association, "resource_arn", BALANCER) == plan.one(BALANCER)


@pytest.mark.requirement("FD-OV-04", "FD-SEC-05", "FD-SEC-06")
def test_a_web_acl_limits_who_asks_the_distribution(everywhere: Plan, minimal: Plan) -> None:
    assert minimal.variables["waf_rate_limit"]["default"] == 2000
    assert minimal.variables["waf_api_rate_limit"]["default"] == 500
    for plan in (everywhere, minimal):
        found = acl(plan, "CLOUDFRONT")
        limit, of_api = plan.input("waf_rate_limit") or 2000, plan.input("waf_api_rate_limit") or 500

        assert rules(found) == [
            rate_rule("rate", 0, limit),
            *managed_rules(),
            rate_rule("rate-api", 4, of_api, below("/api/")),
        ]
        assert found["name"] == f"fckdoomscroll-cdn{suffix(plan)}"
        assert plan.references(plan.one(DISTRIBUTION), "web_acl_id") == {found.block, f"{found.block}.arn"}


@pytest.mark.requirement("FD-OV-04")
def test_what_no_rule_blocks_is_let_through_and_what_one_does_is_written_down(everywhere: Plan) -> None:
    assert {each["scope"] for each in everywhere.all(ACL)} == {"CLOUDFRONT", "REGIONAL"}
    for each in everywhere.all(ACL):
        assert each["default_action"] == [{"allow": [{"custom_request_handling": []}], "block": []}]
        (logging,) = [to for to in everywhere.all(LOGGING) if each.block in everywhere.references(to, "resource_arn")]
        group = everywhere.referred(logging, "log_destination_configs", LOG_GROUP)
        assert each["visibility_config"] == measured(each["name"])
        # The only names of groups that WAF writes to.
        assert group["name"] == f"aws-waf-logs-{each['name']}"
        assert group["retention_in_days"] == (everywhere.input("log_retention_days") or 30)
