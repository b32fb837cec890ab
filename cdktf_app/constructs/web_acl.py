"""A web ACL of AWS WAF: a rate limit for each address, and AWS's own rules against common attacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cdktf_app.bindings.cloudwatch import CloudwatchLogGroup
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.wafv2 import (
    Wafv2WebAcl,
    Wafv2WebAclAssociation,
    Wafv2WebAclDefaultAction,
    Wafv2WebAclDefaultActionAllow,
    Wafv2WebAclLoggingConfiguration,
    Wafv2WebAclLoggingConfigurationRedactedFields,
    Wafv2WebAclLoggingConfigurationRedactedFieldsSingleHeader,
    Wafv2WebAclRule,
    Wafv2WebAclRuleAction,
    Wafv2WebAclRuleActionBlock,
    Wafv2WebAclRuleOverrideAction,
    Wafv2WebAclRuleOverrideActionNone,
    Wafv2WebAclRuleVisibilityConfig,
    Wafv2WebAclVisibilityConfig,
)
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.deployment import Deployment

# WAF writes only to log groups whose names begin so.
LOG_PREFIX = "aws-waf-logs-"
# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
_MANAGED = (
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesAmazonIpReputationList",
)


# What a path may look like before somebody reads it as one that begins with the prefix.
_PATH_TRANSFORMATIONS = ("URL_DECODE", "NORMALIZE_PATH")

Match = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class PathLimit:
    """A limit of its own for requests to some paths.

    Attributes:
        name: Name of the rule.
        prefix: What the paths begin with.
        rate_limit: Requests to them that one address may make in 5 minutes.
    """

    name: str
    prefix: str
    rate_limit: float


@dataclass(frozen=True, kw_only=True)
class RequestHeader:
    """A header that a request carries."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class WebAclProps:
    """Shape of a web ACL.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        rate_limit: Requests that one address may make in 5 minutes.
        logs: Retention and encryption of the log of what was blocked or counted.
        scope: REGIONAL, or CLOUDFRONT for a distribution, which wants it in us-east-1. Default: REGIONAL.
        path_limits: Limits of single paths, beside the one for all. Default: none.
        counted_before: Header of requests that no limit here counts, for a distribution's web ACL did: they come from
            the addresses of CloudFront, which many visitors share. Default: every request is counted.
    """

    deployment: Deployment
    name: str
    rate_limit: float
    logs: LogSettings
    scope: str = "REGIONAL"
    path_limits: Sequence[PathLimit] = ()
    counted_before: RequestHeader | None = None


class WebAcl(Construct):
    """Web ACL with its log; ``protect`` puts a regional one before something, a distribution names its own."""

    def __init__(self, scope: Construct, construct_id: str, *, props: WebAclProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.name(props.name)
        self.acl = Wafv2WebAcl(
            self,
            "this",
            name=name,
            scope=props.scope,
            default_action=Wafv2WebAclDefaultAction(allow=Wafv2WebAclDefaultActionAllow()),
            rule=list(_rules(props)),
            visibility_config=Wafv2WebAclVisibilityConfig(
                cloudwatch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
            ),
            tags=props.deployment.tags,
        )
        logs = CloudwatchLogGroup(
            self,
            "logs",
            name=f"{LOG_PREFIX}{name}",
            retention_in_days=props.logs.retention_days,
            kms_key_id=props.logs.kms_key.arn if props.logs.kms_key else None,
            tags=props.deployment.tags,
        )
        Wafv2WebAclLoggingConfiguration(
            self,
            "logging",
            resource_arn=self.acl.arn,
            log_destination_configs=[logs.arn],
            # Tokens have no place in a log.
            redacted_fields=[
                Wafv2WebAclLoggingConfigurationRedactedFields(
                    single_header=Wafv2WebAclLoggingConfigurationRedactedFieldsSingleHeader(name="authorization")
                )
            ],
        )

    @property
    def arn(self) -> str:
        return self.acl.arn

    def protect(self, construct_id: str, resource_arn: str) -> None:
        """Put the ACL before a load balancer or the stage of a REST API."""
        Wafv2WebAclAssociation(self, construct_id, resource_arn=resource_arn, web_acl_arn=self.acl.arn)


def _rules(props: WebAclProps) -> Iterator[Wafv2WebAclRule]:
    here = _unless_carrying(props.counted_before) if props.counted_before else None
    yield _rate_rule("rate", 0, props.rate_limit, only_if=here)
    for priority, group in enumerate(_MANAGED, start=1):
        yield _managed_rule(priority, group)
    for priority, limit in enumerate(props.path_limits, start=1 + len(_MANAGED)):
        path = _below(limit.prefix)
        only_if = {"and_statement": [{"statement": [path, here]}]} if here else path
        yield _rate_rule(limit.name, priority, limit.rate_limit, only_if=only_if)


def _rate_rule(name: str, priority: int, limit: float, *, only_if: Match | None) -> Wafv2WebAclRule:
    counted = {"scope_down_statement": [only_if]} if only_if else {}
    return _rule(
        name,
        priority,
        {
            "rate_based_statement": [
                {"limit": limit, "aggregate_key_type": "IP", "evaluation_window_sec": 300, **counted}
            ]
        },
        action=Wafv2WebAclRuleAction(block=Wafv2WebAclRuleActionBlock()),
    )


def _below(prefix: str) -> Match:
    return _matches("STARTS_WITH", prefix, {"uri_path": [{}]}, _PATH_TRANSFORMATIONS)


def _unless_carrying(header: RequestHeader) -> Match:
    carries = _matches("EXACTLY", header.value, {"single_header": [{"name": header.name}]}, ("NONE",))
    return {"not_statement": [{"statement": [carries]}]}


def _matches(
    constraint: str, text: str, place: Mapping[str, object], transformations: Sequence[str]
) -> Mapping[str, object]:
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


def _managed_rule(priority: int, group: str) -> Wafv2WebAclRule:
    return _rule(
        group,
        priority,
        {"managed_rule_group_statement": [{"vendor_name": "AWS", "name": group}]},
        override_action=Wafv2WebAclRuleOverrideAction(none=Wafv2WebAclRuleOverrideActionNone()),
    )


def _rule(
    name: str,
    priority: int,
    statement: Mapping[str, object],
    *,
    action: Wafv2WebAclRuleAction | None = None,
    override_action: Wafv2WebAclRuleOverrideAction | None = None,
) -> Wafv2WebAclRule:
    return Wafv2WebAclRule(
        name=name,
        priority=priority,
        action=action,
        override_action=override_action,
        # The bindings have no types for statements, which nest without end.
        statement=statement,
        visibility_config=Wafv2WebAclRuleVisibilityConfig(
            cloudwatch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
        ),
    )
