"""Budgets that an estimate is held to: the one that the module itself makes, and the ceiling of ``env.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tooling.cost.model import CostEstimate, total
from tooling.gate.model import Finding, Severity

OWN_BUDGET, CEILING = "GP_COST_1", "GP_COST_2"
NAMES = {
    OWN_BUDGET: "What a stack is expected to cost fits the budget that it makes",
    CEILING: "What a stack is expected to cost fits monthly_budget_usd of env.toml",
}
_MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "ANNUALLY": 12}
#: Filters that name a stack and leave none of its services out.
_WHOLE = frozenset({"TagKeyValue", "LinkedAccount"})


def budget_findings(estimate: CostEstimate, plan: Mapping[str, Any], ceiling: float | None) -> tuple[Finding, ...]:
    """What the gate has to say of an estimate.

    A total that is above a budget is a finding. One that is not, but leaves out what has a fixed price, is a finding
    that is undecided: nobody knows that it fits.

    Args:
        estimate: Of the plan.
        plan: The same plan, for the budgets in it.
        ceiling: ``monthly_budget_usd`` of the stack; None for none.
    """
    if not any(line.change not in ("destroyed", "forgotten") for line in estimate.lines):
        return ()
    budgets = list(_own_budgets(plan))
    found = [_held_to(OWN_BUDGET, estimate, limit, address) for address, limit in budgets]
    if ceiling is not None:
        address = budgets[0][0] if budgets else _dearest(estimate)
        found.append(_held_to(CEILING, estimate, Decimal(str(ceiling)), address))
    return tuple(finding for finding in found if finding is not None)


def _held_to(check: str, estimate: CostEstimate, limit: Decimal, address: str) -> Finding | None:
    whose = "the budget that it makes" if check == OWN_BUDGET else "monthly_budget_usd of env.toml"
    if estimate.monthly_usd > limit:
        message = f"{estimate.sentence}: above the ${limit:,.2f} of {whose}; most of it {_most(estimate)}"
        return _finding(check, address, message, undecided=False)
    open_lines = [line for line in estimate.unknown if line.lacks != "usage"]
    if open_lines:
        message = (
            f"{estimate.sentence}: whether that fits the ${limit:,.2f} of {whose} nobody can say, "
            f"without {open_lines[0].address} ({open_lines[0].assumption})"
        )
        return _finding(check, address, message, undecided=True)
    return None


def _finding(check: str, address: str, message: str, *, undecided: bool) -> Finding:
    return Finding(
        check_id=check,
        name=NAMES[check],
        severity=Severity.MEDIUM,
        address=address,
        message=message,
        source="tooling/cost/budgets.py",
        undecided=undecided,
    )


def _most(estimate: CostEstimate) -> str:
    groups = list(estimate.by_resource().items())[:3]
    return ", ".join(f"{address} ${total(line.monthly_usd for line in lines):,.2f}" for address, lines in groups)


def _dearest(estimate: CostEstimate) -> str:
    return next(iter(estimate.by_resource()))


def _own_budgets(plan: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """Budgets over all costs, in dollars a month, that the plan leaves behind."""
    for entry in plan.get("resource_changes") or ():
        values = entry.get("change", {}).get("after")
        if entry.get("type") != "aws_budgets_budget" or entry.get("mode") == "data" or not values:
            continue
        whole = all(block.get("name") in _WHOLE for block in values.get("cost_filter") or ())
        months = _MONTHS.get(str(values.get("time_unit")))
        if values.get("budget_type") != "COST" or values.get("limit_unit") != "USD" or not whole or not months:
            continue
        try:
            yield entry["address"], Decimal(str(values.get("limit_amount"))) / months
        except InvalidOperation:
            continue
