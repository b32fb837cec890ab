"""AWS Budgets."""

from cdktf_cdktf_provider_aws.budgets_budget import (
    BudgetsBudget,
    BudgetsBudgetCostFilter,
    BudgetsBudgetNotification,
)

__all__ = [
    "BudgetsBudget",
    "BudgetsBudgetCostFilter",
    "BudgetsBudgetNotification",
]
