"""Gating the plans of a changeset once more, as they lie on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tooling.changeset import FACTS, GATE, LATEST, PLAN_JSON, read_changeset
from tooling.changeset.reading import as_written, changeset_folder, sealed_bytes, sealed_plan
from tooling.costing import estimate_plan, judge_estimate
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.errors import Exit, ToolError
from tooling.gate_settings import gate_config
from tooling.plan.sources import declared
from tooling.report.facts import Facts

if TYPE_CHECKING:
    from pathlib import Path

    from tooling.changeset import Changeset
    from tooling.changeset.model import SealedStack
    from tooling.environment.config import EnvironmentConfig
    from tooling.environment.stacks import Stack
    from tooling.gate import GateConfig, GateResult
    from tooling.workspace import Workspace


def gate_changeset(workspace: Workspace, env: str, wanted: Sequence[str], name: str = LATEST) -> dict[str, GateResult]:
    """Evaluate today's policies and waivers on the plans of a changeset; needs no account and no Terraform.

    Raises:
        ToolError: There is no such changeset, or it does not cover a stack that was asked for.
    """
    config = load_environment(workspace, env)
    stacks = select_stacks(workspace, env, config, wanted)
    folder = changeset_folder(workspace, env, name)
    changeset = read_changeset(folder, workspace.relative(workspace.changesets(env) / name))
    settings = _settings(workspace, config, changeset, datetime.now(UTC).date())
    results = {}
    for stack in stacks:
        part = changeset.part(stack.architecture)
        if part is None:
            if wanted:
                raise ToolError("the changeset does not cover this stack", where=stack.name, exit_code=Exit.USAGE)
            continue
        results[stack.name] = _evaluated(workspace, config, stack, part, folder / stack.architecture, settings)
    return results


def check_reused(
    workspace: Workspace, config: EnvironmentConfig, changeset: Changeset, stack: Stack, folder: Path
) -> None:
    """Evaluate anew what ``plan`` took over from an earlier plan: nothing is applied on the word of what was kept.

    Args:
        workspace: The project, with the policies that the changeset was gated by.
        config: ``env.toml`` of the environment.
        changeset: What was sealed.
        stack: One of its stacks.
        folder: The files of that stack.

    Raises:
        ToolError: Exit 4: the gate says something else than what was sealed.
    """
    from tooling import gate

    part = changeset.part(stack.architecture)
    if part is None or FACTS not in part.files:
        return
    with as_written(FACTS, stack.name):
        if not Facts.from_json(json.loads(sealed_bytes(part, folder, FACTS, stack.name))).reused:
            return
    with as_written(GATE, stack.name):
        before = json.loads(sealed_bytes(part, folder, GATE, stack.name))
        settings = _settings(workspace, config, changeset, date.fromisoformat(before["evaluated_on"]))
    now = json.loads(json.dumps(gate.to_json(_evaluated(workspace, config, stack, part, folder, settings))))
    if now != before or not now["passed"]:
        raise ToolError(
            "the gate's verdict was taken over from an earlier plan, and evaluated anew it is another one",
            where=stack.name,
            hint=f"remove {workspace.relative(workspace.work / 'kept')}, then: groundplan plan --env {stack.env}",
            exit_code=Exit.REFUSED,
        )


def _settings(workspace: Workspace, config: EnvironmentConfig, changeset: Changeset, day: date) -> GateConfig:
    from tooling import gate

    return gate_config(
        workspace,
        config,
        day,
        env=changeset.env,
        glass=tuple(
            gate.BrokenGlass(address=each.address, reason=each.reason)
            for part in changeset.stacks
            for each in part.glass
        ),
        destroying=changeset.kind == "destroy",
    )


def _evaluated(
    workspace: Workspace,
    config: EnvironmentConfig,
    stack: Stack,
    part: SealedStack,
    folder: Path,
    settings: GateConfig,
) -> GateResult:
    from tooling import gate

    plan = sealed_plan(part, folder, stack.name)
    lines = declared(stack.module, stack.root)
    with as_written(PLAN_JSON, stack.name):
        further = judge_estimate(config, stack, estimate_plan(workspace, config, stack, plan), plan)
        held_to = _as_far_as_made(settings, part, folder, stack.name)
        return gate.evaluate(plan, stack=stack.name, config=held_to, declared=lines, further=further)


def _as_far_as_made(settings: GateConfig, part: SealedStack, folder: Path, where: str) -> GateConfig:
    """Whether the stack counted as one that exists when it was planned: only its account knows how applies ended."""
    changes = json.loads(sealed_bytes(part, folder, GATE, where)).get("changes")
    if settings.limits is None or changes is None:
        return settings
    return replace(settings, limits=replace(settings.limits, half_made=not changes["existing"]))
