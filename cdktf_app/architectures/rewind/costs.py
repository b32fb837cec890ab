"""What it costs: the document's budget, what is tracked, and the weekly report."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.rewind.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic
from cdktf_app.constructs.cost_anomalies import CostAnomalies, CostAnomaliesProps
from cdktf_app.constructs.cost_budget import BudgetAlert, CostBudget, CostBudgetProps
from cdktf_app.deployment import Deployment

# As Cost Explorer calls them (RW-BUD-02).
_TRACKED = {"lambda": "AWS Lambda", "dynamodb": "Amazon DynamoDB", "personalize": "Amazon Personalize"}


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
    """Budget with alerts, a budget to track each service, and the anomalies of the week."""

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
        for name, service in _TRACKED.items():
            CostBudget(
                self,
                f"tracked_{name}",
                props=CostBudgetProps(
                    deployment=props.deployment,
                    name=name,
                    monthly_limit=variables.monthly_budget,
                    filters={"Service": [service]},
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
