"""Budgets of AWS: a limit a month, and who hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cdktf_app.bindings.budgets import BudgetsBudget, BudgetsBudgetCostFilter, BudgetsBudgetNotification
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class BudgetAlert:
    """When somebody hears of it: so many percent of the limit, spent or, by AWS's forecast, about to be."""

    percent: int
    forecast: bool = False


@dataclass(frozen=True, kw_only=True)
class CostBudgetProps:
    """Shape of a budget.

    Attributes:
        deployment: Names, account and tags.
        name: Last part of its name.
        monthly_limit: Limit in US dollars a month.
        filters: What counts, by kind of filter (``Service``). Default: the whole account.
        alerts: When somebody hears of it. Default: never, the budget only tracks.
        topic: Who hears of it. Asked for by alerts.
    """

    deployment: Deployment
    name: str
    monthly_limit: Input
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    alerts: Sequence[BudgetAlert] = ()
    topic: AlertTopic | None = None


class CostBudget(Construct):
    """Budget of costs by the month.

    Raises:
        ValueError: There are alerts and nobody to tell.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: CostBudgetProps) -> None:
        super().__init__(scope, construct_id)
        if props.alerts and props.topic is None:
            raise ValueError(f"budget {props.name}: alerts need a topic")
        BudgetsBudget(
            self,
            "this",
            name=props.deployment.name(props.name),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=props.monthly_limit.string,
            limit_unit="USD",
            cost_filter=[
                BudgetsBudgetCostFilter(name=name, values=list(values)) for name, values in props.filters.items()
            ]
            or None,
            notification=[
                BudgetsBudgetNotification(
                    comparison_operator="GREATER_THAN",
                    notification_type="FORECASTED" if alert.forecast else "ACTUAL",
                    threshold=alert.percent,
                    threshold_type="PERCENTAGE",
                    subscriber_sns_topic_arns=[props.topic.arn] if props.topic else None,
                )
                for alert in props.alerts
            ]
            or None,
            tags=props.deployment.tags,
        )
