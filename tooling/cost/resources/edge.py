"""CloudFront, Route 53 and WAF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tooling.cost.component import Component, Pricer, only, unpriced
from tooling.cost.estate import Resource

CLOUDFRONT, ROUTE53, WAF = "Amazon CloudFront", "Amazon Route 53", "AWS WAF"
# Managed groups with a price of their own. https://aws.amazon.com/waf/pricing/
_PAID_GROUPS = {
    "AWSManagedRulesBotControlRuleSet",
    "AWSManagedRulesATPRuleSet",
    "AWSManagedRulesACFPRuleSet",
    "AWSManagedRulesAntiDDoSRuleSet",
}


def distribution(item: Resource) -> Iterator[Component]:
    remark = "price of North America and Europe"
    yield only(CLOUDFRONT, "data", "cloudfront.data_out", item.assume("cdn.gb"), "data to viewers", remark)
    yield only(
        CLOUDFRONT, "requests", "cloudfront.request.https", item.assume("cdn.requests"), "HTTPS requests", remark
    )


def zone(item: Resource) -> Iterator[Component]:
    yield only(ROUTE53, "zone", "route53.zone", 1, "hosted zone")
    yield only(ROUTE53, "queries", "route53.query", item.assume("zone.queries"), "queries")


def health_check(item: Resource) -> Iterator[Component]:
    """An endpoint that the plan itself makes is one of AWS; checks of checks and of alarms cost the same."""
    kind = str(item.required("type"))
    watched = [name for name in ("fqdn", "ip_address") if item.planned.expressions.get(name)]
    own = kind in ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL") or any(
        item.estate.view.sources(item.planned.expressions[name], seen_from=item.planned) for name in watched
    )
    of = "aws" if own else "other"
    what = f"check of type {kind}, {'in AWS' if own else 'outside of AWS'}"
    yield only(ROUTE53, "check", f"route53.health_check.{of}", 1, what)
    options = sum(
        (
            kind.startswith("HTTPS"),
            kind.endswith("STR_MATCH"),
            str(item.get("request_interval", 30)) == "10",
            bool(item.get("measure_latency", False)),
        )
    )
    if options:
        what = "options: HTTPS, text search, fast interval, latency"
        yield only(ROUTE53, "options", f"route53.health_check.option.{of}", options, what)


def web_acl(item: Resource) -> Iterator[Component]:
    rules = item.blocks("rule")
    yield only(WAF, "acl", "waf.web_acl", 1, "web ACL")
    yield only(WAF, "rules", "waf.rule", len(rules), "rules and managed rule groups")
    yield only(WAF, "requests", "waf.request", item.assume("firewall.requests"), "requests looked at")
    paid = sorted({name for rule in rules for name in _managed(rule)} & _PAID_GROUPS)
    if paid:
        yield unpriced("groups", WAF, f"no prices of {', '.join(paid)}")


def _managed(rule: Mapping[str, Any]) -> Iterator[str]:
    for statement in rule.get("statement") or ():
        for group in statement.get("managed_rule_group_statement") or ():
            yield str(group.get("name"))


PRICED: Mapping[str, Pricer] = {
    "aws_cloudfront_distribution": distribution,
    "aws_route53_health_check": health_check,
    "aws_route53_zone": zone,
    "aws_wafv2_web_acl": web_acl,
}
