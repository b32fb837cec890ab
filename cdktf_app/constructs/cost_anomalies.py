"""Cost Explorer's look-out for unusual spending, reported by mail once a week."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.costexplorer import (
    CeAnomalyMonitor,
    CeAnomalySubscription,
    CeAnomalySubscriptionThresholdExpression,
    CeAnomalySubscriptionThresholdExpressionDimension,
)
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class CostAnomaliesProps:
    """Shape of the look-out.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        emails: Who gets the report; nobody: there is none.
        monitor_arn: The account's monitor of its services, of which AWS allows one. Empty: it is made.
        least_impact: Anomalies below so many US dollars are left out.
    """

    deployment: Deployment
    name: str
    emails: Input
    monitor_arn: Input
    least_impact: Input


class CostAnomalies(Construct):
    """Monitor of every AWS service, and the weekly report. Weekly reports go by mail only, not by SNS."""

    def __init__(self, scope: Construct, construct_id: str, *, props: CostAnomaliesProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.name(props.name)
        given = props.monitor_arn.expression
        monitor = CeAnomalyMonitor(
            self,
            "monitor",
            count=expressions.count_if(f'{given} == ""'),
            name=name,
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
            tags=props.deployment.tags,
        )
        report = CeAnomalySubscription(
            self,
            "report",
            count=expressions.count_if(f"length({props.emails.expression}) > 0"),
            name=name,
            frequency="WEEKLY",
            monitor_arn_list=[expressions.string(f'{given} != "" ? {given} : {expressions.only(monitor, "arn")}')],
            subscriber=[],
            threshold_expression=CeAnomalySubscriptionThresholdExpression(
                dimension=CeAnomalySubscriptionThresholdExpressionDimension(
                    key="ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                    match_options=["GREATER_THAN_OR_EQUAL"],
                    values=[expressions.string(f"tostring({props.least_impact.expression})")],
                )
            ),
            tags=props.deployment.tags,
        )
        report.add_override(
            "dynamic.subscriber",
            {
                "for_each": expressions.string(f"toset({props.emails.expression})"),
                "content": {"type": "EMAIL", "address": "${subscriber.value}"},
            },
        )
