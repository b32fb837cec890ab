"""Gating the plans of a changeset once more, as they lie on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tooling.changeset import GATE, LATEST, PLAN_JSON, read_changeset
from tooling.changeset.reading import as_written, changeset_folder, sealed_bytes, sealed_plan
from tooling.costing import estimate_plan, judge_estimate
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.errors import Exit, ToolError
from tooling.plan.sources import declared
from tooling.planning import gate_config

if TYPE_CHECKING:
    from pathlib import Path

    from tooling.changeset.model import SealedStack
    from tooling.gate import GateConfig, GateResult
    from tooling.workspace import Workspace


def gate_changeset(workspace: Workspace, env: str, wanted: Sequence[str], name: str = LATEST) -> dict[str, GateResult]:
    """Evaluate today's policies and waivers on the plans of a changeset; needs no account and no Terraform.

    Raises:
        ToolError: There is no such changeset, or it does not cover a stack that was asked for.
    """
    from tooling import gate

    config = load_environment(workspace, env)
    stacks = select_stacks(workspace, env, config, wanted)
    folder = changeset_folder(workspace, env, name)
    changeset = read_changeset(folder, workspace.relative(workspace.changesets(env) / name))
    settings = gate_config(
        workspace,
        config,
        datetime.now(UTC).date(),
        env=env,
        glass=tuple(
            gate.BrokenGlass(address=each.address, reason=each.reason)
            for part in changeset.stacks
            for each in part.glass
        ),
        destroying=changeset.kind == "destroy",
    )
    results = {}
    for stack in stacks:
        part = changeset.part(stack.architecture)
        if part is None:
            if wanted:
                raise ToolError("the changeset does not cover this stack", where=stack.name, exit_code=Exit.USAGE)
            continue
        plan = sealed_plan(part, folder / stack.architecture, stack.name)
        lines = declared(stack.module, stack.root)
        with as_written(PLAN_JSON, stack.name):
            further = judge_estimate(config, stack, estimate_plan(workspace, config, stack, plan), plan)
            held_to = _as_far_as_made(settings, part, folder / stack.architecture, stack.name)
            results[stack.name] = gate.evaluate(plan, stack=stack.name, config=held_to, declared=lines, further=further)
    return results


def _as_far_as_made(settings: GateConfig, part: SealedStack, folder: Path, where: str) -> GateConfig:
    """Whether the stack counted as one that exists when it was planned: only its account knows how applies ended."""
    changes = json.loads(sealed_bytes(part, folder, GATE, where)).get("changes")
    if settings.limits is None or changes is None:
        return settings
    return replace(settings, limits=replace(settings.limits, half_made=not changes["existing"]))
