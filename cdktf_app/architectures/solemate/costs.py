"""What it costs: the budget, the weekly report of unusual spending, and the tags that bills are broken down by."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic
from cdktf_app.constructs.cost_allocation_tags import CostAllocationTags
from cdktf_app.constructs.cost_anomalies import CostAnomalies, CostAnomaliesProps
from cdktf_app.constructs.cost_budget import BudgetAlert, CostBudget, CostBudgetProps
from cdktf_app.deployment import Deployment

# Those that every resource has (SM-UI-03).
_TAGS = ("CostCenter", "Environment", "ManagedBy", "Project")


@dataclass(frozen=True, kw_only=True)
class CostsProps:
    """Shape of the cost control.

    Attributes:
        deployment: Names, account and tags.
        variables: The module's inputs.
        alerts: Who hears when the budget is overrun.
    """

    deployment: Deployment
    variables: Variables
    alerts: AlertTopic


class Costs(Construct):
    """Budget with alerts, the anomalies of the week, and cost allocation tags."""

    def __init__(self, scope: Construct, construct_id: str, *, props: CostsProps) -> None:
        super().__init__(scope, construct_id)
        variables = props.variables
        props.alerts.allow_budgets()
        CostBudget(
            self,
            "budget",
            props=CostBudgetProps(
                deployment=props.deployment,
                name="monthly",
                monthly_limit=variables.monthly_budget,
                alerts=[
                    BudgetAlert(percent=80),
                    BudgetAlert(percent=100),
                    BudgetAlert(percent=100, forecast=True),
                ],
                topic=props.alerts,
            ),
        )
        CostAnomalies(
            self,
            "anomalies",
            props=CostAnomaliesProps(
                deployment=props.deployment,
                name="anomalies",
                emails=variables.alert_emails,
                monitor_arn=variables.anomaly_monitor_arn,
                least_impact=variables.anomaly_least_impact,
            ),
        )
        CostAllocationTags(self, "tags", keys=_TAGS, managed=variables.manage_cost_allocation_tags)
