"""A new policy: a check that an attribute of a resource type is set, its examples, its severity and its row."""

from __future__ import annotations

import re
from difflib import get_close_matches
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
    if attribute not in binding.arguments:
        near = get_close_matches(attribute, binding.arguments, n=3, cutoff=0.4) or sorted(binding.arguments)[:5]
        hint = f"there are: {', '.join(near)} ..."
        raise ToolError(f"{resource} has no attribute '{attribute}'", hint=hint, exit_code=Exit.USAGE)
    told = f"{resource} says its {attribute}"
    values = {"title": camel(topic), "id": check_id, "resource": resource, "attribute": attribute, "told": told}
    rating = f"{f'{check_id}: {severity}'.ljust(23)} # {resource} without {attribute}\n"
    row = f"| `{check_id}` | `{resource}` without `{attribute}` |\n"
    return Draft(
        new={
            _POLICIES / f"{topic}.py": render("policy/check.py", **values),
            _POLICIES / "examples" / f"{check_id}.yaml": render("policy/example.yaml", **values),
        },
        changed={
            severities: _among(rated, rating, "GP_", severities),
            readme: _among(listed, row, r"\| `GP_", readme),
        },
        told=("the gate holds every plan against it from now on; what stays gets a waiver (policies/waivers.yaml)",),
        then=(".venv/bin/python -m pytest tests/unit/gate/test_policies.py", "groundplan plan"),
    )


def _among(text: str, line: str, begins: str, path: Path) -> str:
    """The line in its place among the first lines that begin so."""
    found = re.search(rf"(?:^{begins}.*\n)+", text, re.MULTILINE)
    if found is None:
        raise ToolError("has no list of the project's own checks (GP_...)", where=path.as_posix(), exit_code=Exit.USAGE)
    lines = sorted([*found[0].splitlines(keepends=True), line])
    return text[: found.start()] + "".join(lines) + text[found.end() :]
