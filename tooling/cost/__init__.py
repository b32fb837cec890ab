"""What a stack costs in a month, estimated from its plan, without an account."""

from tooling.cost.budgets import budget_findings
from tooling.cost.estimating import estimate
from tooling.cost.model import CostEstimate, CostLine, from_json, to_json
from tooling.cost.usage import Usage, load_usage

__all__ = [
    "CostEstimate",
    "CostLine",
    "Usage",
    "budget_findings",
    "estimate",
    "from_json",
    "load_usage",
    "to_json",
]
