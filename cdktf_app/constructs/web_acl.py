"""A web ACL of AWS WAF: a rate limit for each address, and AWS's own rules against common attacks."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True, kw_only=True)
class WebAclProps:
    """Shape of a web ACL.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        rate_limit: Requests that one address may make in 5 minutes.
        logs: Retention and encryption of the log of what was blocked or counted.
    """

    deployment: Deployment
    name: str
    rate_limit: float
    logs: LogSettings


class WebAcl(Construct):
    """Regional web ACL with its log; ``protect`` puts it before something."""

    def __init__(self, scope: Construct, construct_id: str, *, props: WebAclProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.name(props.name)
        self.acl = Wafv2WebAcl(
            self,
            "this",
            name=name,
            scope="REGIONAL",
            default_action=Wafv2WebAclDefaultAction(allow=Wafv2WebAclDefaultActionAllow()),
            rule=[_rate_rule(props.rate_limit), *(_managed_rule(*each) for each in enumerate(_MANAGED, start=1))],
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

    def protect(self, construct_id: str, resource_arn: str) -> None:
        """Put the ACL before a load balancer or the stage of a REST API."""
        Wafv2WebAclAssociation(self, construct_id, resource_arn=resource_arn, web_acl_arn=self.acl.arn)


def _rate_rule(limit: float) -> Wafv2WebAclRule:
    return _rule(
        "rate",
        0,
        {"rate_based_statement": [{"limit": limit, "aggregate_key_type": "IP", "evaluation_window_sec": 300}]},
        action=Wafv2WebAclRuleAction(block=Wafv2WebAclRuleActionBlock()),
    )


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
