"""From the plans of a changeset to their drawings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tooling.changeset import PLAN_JSON, read_changeset
from tooling.changeset.reading import as_written, changeset_folder, sealed_plan
from tooling.diagram import draw
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.workspace import Workspace


def draw_changeset(workspace: Workspace, env: str, wanted: Sequence[str], name: str) -> dict[str, str]:
    """Draw the stacks of a changeset; needs no account and no Terraform.

    Args:
        workspace: The project.
        env: Whose changeset.
        wanted: Architectures; none means all that the changeset covers.
        name: Its id, or ``latest``.

    Returns:
        By architecture: its SVG.

    Raises:
        ToolError: Exit 2: there is no such changeset, or it does not cover a stack that was asked for. Exit 4: it, or
            a plan of it, is not what was sealed.
    """
    folder = changeset_folder(workspace, env, name)
    changeset = read_changeset(folder, workspace.relative(workspace.changesets(env) / name))
    parts = {part.architecture: part for part in changeset.stacks}
    missing = [architecture for architecture in wanted if architecture not in parts]
    if missing:
        raise ToolError(
            "the changeset does not cover this stack",
            where=f"{env}/{missing[0]}",
            hint=f"it covers {', '.join(parts)}",
            exit_code=Exit.USAGE,
        )
    drawings = {}
    for architecture in dict.fromkeys(wanted or parts):
        stack = f"{env}/{architecture}"
        plan = sealed_plan(parts[architecture], folder / architecture, stack)
        with as_written(PLAN_JSON, stack):
            drawings[architecture] = draw(plan, title=stack)
    return drawings
