"""What a shell may complete the options with: folders are looked at, nothing is read."""

from __future__ import annotations

import click

from tooling.errors import ToolError


def environments(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001
    """Names of the environments."""
    return sorted(name for name in _folders("env.toml") if name.startswith(incomplete))


def stacks(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001
    """Names of the stacks of the environment that the line names before, or else of local."""
    env = ctx.params.get("env") or "local"
    return sorted(name for name in _folders("main.tf", str(env)) if name.startswith(incomplete))


def _folders(holding: str, below: str = "") -> list[str]:
    from tooling.workspace import find_workspace

    try:
        base = find_workspace().envs / below
    except ToolError:
        return []
    return [file.parent.name for file in base.glob(f"*/{holding}")]
