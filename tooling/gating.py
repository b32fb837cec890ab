"""Gating the plans of a changeset once more, as they lie on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tooling.changeset import LATEST, PLAN_JSON, read_changeset
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.errors import Exit, ToolError
from tooling.planning import gate_config

if TYPE_CHECKING:
    from tooling.gate import GateResult
    from tooling.workspace import Workspace


def gate_changeset(workspace: Workspace, env: str, wanted: Sequence[str], name: str = LATEST) -> dict[str, GateResult]:
    """Evaluate today's policies and waivers on the plans of a changeset; needs no account and no Terraform.

    Raises:
        ToolError: There is no such changeset, or it does not cover a stack that was asked for.
    """
    from tooling import gate

    config = load_environment(workspace, env)
    stacks = select_stacks(workspace, env, config, wanted)
    folder = (workspace.changesets(env) / name).resolve()
    changeset = read_changeset(folder, workspace.relative(workspace.changesets(env) / name))
    covered = {part.architecture for part in changeset.stacks}
    results = {}
    for stack in stacks:
        if stack.architecture not in covered:
            if wanted:
                raise ToolError("the changeset does not cover this stack", where=stack.name, exit_code=Exit.USAGE)
            continue
        plan = json.loads((folder / stack.architecture / PLAN_JSON).read_bytes())
        settings = gate_config(workspace, config, datetime.now(UTC).date())
        results[stack.name] = gate.evaluate(plan, stack=stack.name, config=settings)
    return results
