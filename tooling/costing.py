"""What stacks cost: of a plan as it is made, and of the plans of a changeset as they lie on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.changeset import LATEST, PLAN_JSON, read_changeset
from tooling.changeset.reading import as_written, changeset_folder, sealed_plan
from tooling.cost import CostEstimate, budget_findings, estimate, load_usage
from tooling.cost.usage import FILE
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.errors import Exit, ToolError
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.cost.bills import Bill, By
    from tooling.environment.config import EnvironmentConfig
    from tooling.environment.stacks import Stack
    from tooling.gate import Finding
    from tooling.session import Session
    from tooling.workspace import Workspace


def estimate_plan(
    workspace: Workspace, config: EnvironmentConfig, stack: Stack, plan: Mapping[str, Any]
) -> CostEstimate:
    """What a stack costs in a month, by its plan, today's prices and ``usage.yaml``.

    Raises:
        ToolError: ``usage.yaml`` or the table of prices is malformed (exit code 2, file and line).
    """
    from tooling.cost.prices import load_prices

    path = workspace.envs / stack.env / FILE
    return estimate(
        plan,
        stack=stack.name,
        region=config.region,
        usage=load_usage(path, workspace.relative(path)),
        prices=load_prices(),
    )


def judge_estimate(
    config: EnvironmentConfig, stack: Stack, expected: CostEstimate, plan: Mapping[str, Any]
) -> tuple[Finding, ...]:
    """Where an estimate does not fit a budget: the module's own, and the one of ``env.toml``."""
    return budget_findings(expected, plan, config.stacks[stack.architecture].monthly_budget_usd)


def estimate_changeset(
    workspace: Workspace, env: str, wanted: Sequence[str], name: str = LATEST
) -> tuple[CostEstimate, ...]:
    """Estimates of the plans of a changeset, with today's prices and assumptions; needs no account and no Terraform.

    Raises:
        ToolError: There is no such changeset, it does not cover a stack that was asked for, or was edited.
    """
    config = load_environment(workspace, env)
    stacks = select_stacks(workspace, env, config, wanted)
    folder = changeset_folder(workspace, env, name)
    changeset = read_changeset(folder, workspace.relative(workspace.changesets(env) / name))
    found = []
    for stack in stacks:
        part = changeset.part(stack.architecture)
        if part is not None:
            plan = sealed_plan(part, folder / stack.architecture, stack.name)
            with as_written(PLAN_JSON, stack.name):
                found.append(estimate_plan(workspace, config, stack, plan))
        elif wanted:
            raise ToolError("the changeset does not cover this stack", where=stack.name, exit_code=Exit.USAGE)
    return tuple(found)


def bill_of(session: Session, stack: Stack, by: By, *, weekly: bool) -> Bill:
    """What was paid for a stack: in the last seven days, or this month.

    Raises:
        ToolError: Cost Explorer refused, or did not answer.
    """
    from tooling.cost.bills import HOME_REGION, last_week, read_bill, this_month

    progress = StackProgress(session.progress, stack.name, "cost explorer")
    hint = "it needs ce:GetCostAndUsage, and an account that has Cost Explorer switched on"
    named = session.config.stacks[stack.architecture].environment
    with asking_aws(progress, hint=hint):
        bill = read_bill(
            session.target.client("ce", HOME_REGION),
            stack.name,
            [stack.env, *([named] if named else [])],
            (last_week if weekly else this_month)(session.clock().date()),
            by,
        )
    progress.end(f"{len(bill.paid)} {by}s")
    return bill
