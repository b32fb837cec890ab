"""What it costs: the document's budget (FD-COST-01, FD-COST-02)."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic
from cdktf_app.constructs.cost_budget import BudgetAlert, CostBudget, CostBudgetProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class CostsProps:
    """Shape of the cost control.

    Attributes:
        deployment: Names, account and tags.
        variables: The module's inputs.
        alerts: Who hears when the budget is nearly spent, and when it is.
    """

    deployment: Deployment
    variables: Variables
    alerts: AlertTopic


class Costs(Construct):
    """Budget of the month with alerts."""

    def __init__(self, scope: Construct, construct_id: str, *, props: CostsProps) -> None:
        super().__init__(scope, construct_id)
        props.alerts.allow_budgets()
        CostBudget(
            self,
            "budget",
            props=CostBudgetProps(
                deployment=props.deployment,
                name="monthly",
                monthly_limit=props.variables.monthly_budget,
                alerts=[BudgetAlert(percent=80), BudgetAlert(percent=100)],
                topic=props.alerts,
            ),
        )
