"""A new policy: a check that an attribute of a resource type is set, its examples, its severity and its row."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.errors import Exit, ToolError
from tooling.scaffold.binding import read_binding
from tooling.scaffold.draft import Draft, camel, check_name, render

if TYPE_CHECKING:
    from tooling.workspace import Workspace

_POLICIES = Path("policies")
_ID = re.compile(r"GP_[A-Z0-9]+_[0-9]+")


def draft_policy(
    workspace: Workspace, topic: str, *, check_id: str, resource: str, attribute: str, severity: str
) -> Draft:
    """The files of a check.

    Args:
        workspace: The project.
        topic: Name of its file, as ``queue_retention``.
        check_id: Its id, as ``GP_QUEUE_1``.
        resource: Type that it looks at.
        attribute: Attribute that must be set.
        severity: How bad a finding is.

    Raises:
        ToolError: Exit 2: a name will not do, the id is taken, or the type has no such attribute.
    """
    check_name(topic, "a policy", words=True)
    severities, readme = _POLICIES / "severity.yaml", _POLICIES / "README.md"
    rated = (workspace.root / severities).read_text(encoding="utf-8")
    listed = (workspace.root / readme).read_text(encoding="utf-8")
    if not _ID.fullmatch(check_id):
        raise ToolError(f"a check's id is {check_id!r}", hint="as GP_QUEUE_1", exit_code=Exit.USAGE)
    if re.search(rf"^{check_id}:", rated, re.MULTILINE):
        raise ToolError(f"{check_id} is taken", where=severities.as_posix(), exit_code=Exit.USAGE)
    binding = read_binding(resource)
    if attribute not in binding.optional and attribute not in binding.required:
        raise ToolError(f"{resource} has no attribute '{attribute}'", exit_code=Exit.USAGE)
    told = f"{resource} says its {attribute}"
    values = {"title": camel(topic), "id": check_id, "resource": resource, "attribute": attribute, "told": told}
    rows = sorted(
        {*re.findall(r"^\| `GP_.*\n", listed, re.MULTILINE), f"| `{check_id}` | `{resource}` without `{attribute}` |\n"}
    )
    own = rated.index("# What the gate judges itself")
    lines = [line for line in rated[:own].splitlines() if line.startswith("GP_")]
    lines = sorted([*lines, f"{check_id}: {severity.ljust(10)} # {resource} without {attribute}"])
    head = rated[: rated.index("GP_")]
    return Draft(
        new={
            _POLICIES / f"{topic}.py": render("policy/check.py", **values),
            _POLICIES / "examples" / f"{check_id}.yaml": render("policy/example.yaml", **values),
        },
        changed={
            severities: head + "\n".join(lines) + "\n\n" + rated[own:],
            readme: re.sub(r"(?:^\| `GP_.*\n)+", lambda _: "".join(rows), listed, count=1, flags=re.MULTILINE),
        },
        told=("the gate holds every plan against it from now on; what stays gets a waiver (policies/waivers.yaml)",),
        then=(".venv/bin/python -m pytest tests/unit/gate/test_policies.py", "groundplan plan"),
    )
