"""Taking over an estate that has findings: the baseline of an environment, written and shortened."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.environment.config import load_environment
from tooling.gate_settings import gate_config

if TYPE_CHECKING:
    from tooling.gate import GateResult
    from tooling.workspace import Workspace


@dataclass(frozen=True)
class Written:
    """What became of a baseline.

    Attributes:
        path: The file.
        entries: How many it holds now.
        added: How many came in.
        removed: How many left: what is mended.
    """

    path: Path
    entries: int
    added: int
    removed: int


def write_baseline(
    workspace: Workspace,
    env: str,
    results: Mapping[str, GateResult],
    *,
    accept_new: bool,
    today: date,
    by: str | None = None,
) -> Written:
    """Write the open findings of an environment into its baseline, or take out of it what is mended.

    Args:
        workspace: The project.
        env: Name of the environment.
        results: What the gate says of its stacks now, with the baseline that there is.
        accept_new: Take in what is open although there is a baseline already.
        today: Stands in new entries.
        by: Who answers for the new entries. Default: the name that this process runs under.

    Raises:
        ToolError: The baseline that there is is malformed (exit code 2).
    """
    from tooling.gate.baseline import as_yaml, load_baseline, renewed
    from tooling.gate.policies_folder import read_policies

    path = gate_config(workspace, load_environment(workspace, env), today, env=env).baseline
    assert path is not None
    policies = read_policies(workspace.policies)
    before = load_baseline(path, checks={*policies.ids, *policies.builtin}, root=workspace.root)
    after = renewed(
        before,
        results,
        accept_new=accept_new or not path.exists(),
        today=today,
        by=by or getpass.getuser(),
    )
    path.write_text(as_yaml(after), encoding="utf-8")
    kept = len([entry for entry in after if entry.where])
    return Written(path, entries=len(after), added=len(after) - kept, removed=len(before) - kept)
