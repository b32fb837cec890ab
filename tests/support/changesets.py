"""Changesets made by hand: sealed as real ones are, with contents of a few bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from tooling.changeset import Changeset, SealedCost, SealedGate, SealedStack, sealed, write_changeset
from tooling.changeset.sealing import file_digests
from tooling.gate import Finding, GateResult, Severity, to_json
from tooling.workspace import Workspace, private_folder, write_private

ID = "20260102T030405Z-0a1b2c"
GATE = SealedGate(
    policies="1" * 64,
    waivers="2" * 64,
    severity="3" * 64,
    requirements="",
    baseline="",
    fail_on="LOW",
    checkov="3.3.30",
)


def a_workspace(root: Path, *environments: str) -> Workspace:
    """A checkout with environments that have no stacks yet."""
    (root / "cdktf_app").mkdir(parents=True)
    for env in environments:
        (root / "envs" / env).mkdir(parents=True)
        (root / "envs" / env / "env.toml").write_text("")
    return Workspace(root)


def a_finding(check_id: str, address: str = "module.x.aws_x.y", severity: Severity = Severity.HIGH) -> Finding:
    return Finding(check_id=check_id, name="n", severity=severity, address=address, message="is wrong", source="s")


def a_verdict(stack: str, findings: Sequence[Finding] = (), **more: Any) -> GateResult:
    values: dict[str, Any] = {
        "stack": stack,
        "passed": not findings,
        "fail_on": Severity.LOW,
        "evaluated_on": date(2026, 1, 2),
        "findings": tuple(findings),
        "waived": (),
        "unused_waivers": (),
        "resources_evaluated": 1,
        "checks_evaluated": 1,
        "own_checks": (),
        "canary": (),
        "checkov_version": "3.3.30",
        **more,
    }
    return GateResult(**values)


def a_changeset(
    workspace: Workspace,
    env: str = "dev",
    stacks: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    verdicts: Mapping[str, GateResult] | None = None,
    plan: bytes = b"the plan, with its password",
    part: Mapping[str, Any] | None = None,
    **more: Any,
) -> tuple[Changeset, Path]:
    """Write and seal a changeset, and let ``latest`` point to it.

    Args:
        workspace: Where.
        env: Its environment.
        stacks: The plan's JSON of each stack. Default: one stack, ``kefir``, that changes nothing.
        verdicts: The gate's, by stack. Default: all passed.
        plan: The bytes of every plan file.
        part: Other values of every stack's parts.
        more: Other values of the changeset.
    """
    folder = private_folder(workspace.changesets(env) / more.get("id", ID))
    parts = []
    for name, content in (stacks or {"kefir": {"resource_changes": []}}).items():
        own = private_folder(folder / name)
        verdict = (verdicts or {}).get(name) or a_verdict(f"{env}/{name}")
        write_private(own / "plan.tfplan", plan)
        write_private(own / "plan.json", json.dumps(content))
        write_private(own / "gate.json", json.dumps(to_json(verdict)))
        write_private(own / "gate.sarif", "{}")
        values: dict[str, Any] = {
            **dict.fromkeys(("module", "root", "tfvars", "lock", "functions", "provider"), "4" * 64),
            "lineage": "a-line",
            "serial": 7,
            "gate_passed": verdict.passed,
            "changes": {},
            **(part or {}),
        }
        parts.append(SealedStack(architecture=name, files=file_digests(own), **values))
    write_private(folder / "report.md", "# a report\n")
    write_private(folder / "report.html", "<!doctype html>")
    base = Changeset(
        id=ID,
        env=env,
        kind="apply",
        target="emulator",
        account_id="123456789012",
        region="us-east-1",
        created="2026-01-02T03:04:05+00:00",
        expires="2026-01-05T03:04:05+00:00",
        by="arn:aws:iam::123456789012:user/ada",
        toolkit="0.1.0",
        terraform="1.11.4",
        commit="c" * 40,
        dirty=False,
        settings="5" * 64,
        gate=GATE,
        cost=SealedCost(monthly_usd=None, prices="6" * 64, prices_as_of="", usage=""),
        stacks=tuple(parts),
    )
    changeset = sealed(replace(base, **more))
    write_changeset(workspace.changesets(env), changeset)
    return changeset, folder
