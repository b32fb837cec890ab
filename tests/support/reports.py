"""Changesets made by hand, to render reports of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tests.support.report_plans import HOSTILE, Json, plan_of, sample_plan
from tooling.changeset import Changeset, SealedCost, SealedGate, SealedStack
from tooling.cost import CostEstimate, CostLine
from tooling.gate import BrokenGlass, Finding, GateResult, Severity, Waiver
from tooling.gate.changes import Changes, Door, GrantChange, Loss
from tooling.plan.summary import summarise
from tooling.report import ReportData, ReportStack
from tooling.report.facts import Facts
from tooling.report.rows import TouchedRow

DAY = date(2026, 11, 21)


def finding(check_id: str = "CKV_AWS_1", address: str = "aws_sqs_queue.q", **more: Any) -> Finding:
    fields: Json = {
        "name": f"Rule {check_id}",
        "severity": Severity.HIGH,
        "message": "is wrong",
        "source": "policies/x.py",
    }
    return Finding(check_id=check_id, address=address, **{**fields, **more})


def waiver(**more: Any) -> Waiver:
    fields: Json = {
        "check": "CKV_AWS_2",
        "address": "aws_sns_topic.*",
        "reason": "The document wants it so.",
        "requirement": "KF-DDB-01",
        "owner": "platform",
        "expires": date(2026, 12, 1),
        "stacks": ("*",),
        "where": "policies/waivers.yaml:12",
    }
    return Waiver(**{**fields, **more})


def verdict(stack: str = "dev/kefir", **more: Any) -> GateResult:
    fields: Json = {
        "passed": True,
        "fail_on": Severity.LOW,
        "evaluated_on": DAY,
        "findings": (),
        "waived": (),
        "unused_waivers": (),
        "resources_evaluated": 11,
        "checks_evaluated": 120,
        "own_checks": ("GP_IAM_1",),
        "canary": ("GP_IAM_1",),
        "checkov_version": "3.3.30",
    }
    return GateResult(stack=stack, **{**fields, **more})


def sample_verdict(stack: str = "dev/kefir") -> GateResult:
    """A refused plan with everything that a verdict can hold."""
    ours = waiver()
    glass = BrokenGlass(address="aws_ecs_task_definition.app", reason="rolled out by hand tonight")
    changes = Changes(
        destroys=("aws_dynamodb_table.gone",),
        replaces=("aws_ecs_task_definition.app",),
        stateful=(Loss(address="aws_dynamodb_table.gone", what="the table and its items"),),
        doors=(
            Door(
                address="aws_vpc_security_group_ingress_rule.web",
                what="tcp/443 to aws_security_group.web",
                reached_from="the internet",
                new=True,
                authenticated=False,
            ),
        ),
        grants=(
            GrantChange(
                subject="aws_iam_role_policy.handler",
                statement="Allow dynamodb:Scan on arn:table",
                direction="widened",
                existing=True,
            ),
        ),
        existing=True,
    )
    return verdict(
        stack,
        passed=False,
        findings=(
            finding("GP_BLAST_3", "aws_dynamodb_table.gone", declared_at="modules/kefir/table.tf:3"),
            finding("CKV_AWS_9", HOSTILE, message=HOSTILE, severity=Severity.INFO),
        ),
        waived=(finding("CKV_AWS_2", "aws_sns_topic.alerts", severity=Severity.LOW, waived_by=ours),),
        baselined=(finding("CKV_AWS_3", "aws_s3_bucket.tagged", severity=Severity.MEDIUM),),
        excused=(finding("GP_BLAST_2", "aws_ecs_task_definition.app", glass=glass),),
        undecided_passes=(finding("CKV_AWS_4", "aws_lambda_function.handler", undecided=True),),
        expiring=(ours,),
        changes=changes,
    )


def cost_line(address: str, monthly: str | None, kind: str = "fixed", **more: Any) -> CostLine:
    amount = Decimal(monthly) if monthly is not None else None
    fields: Json = {
        "type": "aws_db_instance",
        "service": "Amazon RDS",
        "part": "hours",
        "what": "Instance hours",
        "quantity": Decimal(730),
        "unit": "hours",
        "price_usd": Decimal("0.032"),
        "per": 1,
        "before_usd": Decimal(0),
        "lacks": "" if amount is not None else "usage",
        "assumption": "730 hours a month",
        "source": "https://aws.amazon.com/rds/pricing/",
        "as_of": "2026-11-21",
        "region": "us-east-1",
        "change": "updated",
    }
    return CostLine(address=address, kind=kind, monthly_usd=amount, **{**fields, **more})  # type: ignore[arg-type]


def sample_cost(stack: str = "dev/kefir") -> CostEstimate:
    lines = (
        cost_line("aws_db_instance.main", "23.36"),
        cost_line("aws_lambda_function.handler", "1.20", "usage", what="Requests", unit="requests"),
        cost_line(
            "aws_sqs_queue.many", None, "unknown", what="Requests", quantity=None, assumption="no figure in usage.yaml"
        ),
    )
    return CostEstimate(stack=stack, prices_as_of="2026-11-21", lines=lines)


def sample_facts() -> Facts:
    return Facts(
        seconds={"init": 0.4, "plan": 12.5, "gate": 1.25},
        declared={
            "aws_dynamodb_table.gone": "modules/kefir/table.tf:3",
            "aws_sns_topic.alerts": "modules/kefir/a.tf:9",
        },
        quoted={"modules/kefir/table.tf:3": ('resource "aws_dynamodb_table" "gone" {', '  name = "gone"', "}")},
        rows=(TouchedRow("KF-DDB-01", "One table.", "waiver of CKV_AWS_2; tests of aws_dynamodb_table", 2, "passed"),),
    )


def report_stack(
    plan: Mapping[str, Any],
    *,
    name: str = "dev/kefir",
    gate: GateResult | None = None,
    cost: CostEstimate | None = None,
    facts: Facts | None = None,
) -> ReportStack:
    return ReportStack(name, plan, summarise(plan), gate or verdict(name), cost, facts or Facts(seconds={"plan": 1.0}))


def report_of(*stacks: ReportStack, asked: tuple[str, ...] = ("an approval by another identity",)) -> ReportData:
    """A changeset of these stacks."""
    parts = tuple(
        SealedStack(
            architecture=stack.name.partition("/")[2],
            files={},
            module="",
            root="",
            tfvars="",
            lock="",
            functions="",
            provider="",
            lineage="",
            serial=0,
            gate_passed=stack.gate.passed,
            changes=stack.summary.counts,
        )
        for stack in stacks
    )
    changeset = Changeset(
        id="20261121T201500Z-3fa9c1",
        env="dev",
        kind="apply",
        target="aws",
        account_id="111122223333",
        region="us-east-1",
        created="2026-11-21T20:15:00+00:00",
        expires="2026-11-24T20:15:00+00:00",
        by="arn:aws:sts::111122223333:assumed-role/deployer/jane",
        toolkit="0.1.0",
        terraform="1.13.5",
        commit="0123456789abcdef0123456789abcdef01234567",
        dirty=False,
        settings="",
        gate=SealedGate("", "", "", "", "", "LOW", "3.3.30"),
        cost=SealedCost(None, "", "", ""),
        stacks=parts,
        seal="5eal" * 16,
    )
    return ReportData(changeset, stacks, asked, ".groundplan/changesets/dev/20261121T201500Z-3fa9c1")


def sample_report() -> ReportData:
    """A report with something in every part of it."""
    return report_of(
        report_stack(sample_plan(), gate=sample_verdict(), cost=sample_cost(), facts=sample_facts()),
        report_stack(plan_of(), name="dev/rewind"),
    )
