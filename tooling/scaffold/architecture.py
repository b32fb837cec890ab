"""A new architecture: a module with a private bucket and a function that uses it, a stack of it, its tests."""

from __future__ import annotations

import keyword
import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.environment.config import load_environment
from tooling.errors import Exit, ToolError
from tooling.gate.waivers import TICKET
from tooling.scaffold.draft import Draft, camel, check_name, render

if TYPE_CHECKING:
    from tooling.workspace import Workspace

#: How long the first waivers hold: until somebody has had the time to think them over.
_WAIVED_DAYS = 90
_FUNCTION = re.compile(r"[a-z][A-Za-z0-9]{0,39}")
# What Python, cdktf or the function's neighbours have for something else.
_TAKEN_FUNCTIONS = frozenset({*keyword.kwlist, "node", "shared", "to_string"})
# Of a function's and a role's name: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_LONGEST_NAME = 64
_FOLDERS = ("cdktf_app/architectures", "functions", "tests/plan")
_SOURCES = ("__init__", "storage", "variables", "work")


def draft_architecture(workspace: Workspace, name: str, *, env: str, function: str, ticket: str, today: date) -> Draft:
    """The files of an architecture, and its stack in an environment.

    Args:
        workspace: The project.
        name: Its name: a Python module, and the beginning of every resource's name.
        env: Environment that gets a stack of it.
        function: Name of its function.
        ticket: What the waivers of its first findings name.
        today: The day that they count from.

    Raises:
        ToolError: Exit 2: a name will not do, or is taken; the ticket is none.
    """
    config = load_environment(workspace, env)
    _check(workspace, name, function, ticket, f"{name}-{env}-{function}")
    values: dict[str, str | bool] = {"name": name, "title": camel(name), "env": env, "function": function}
    values |= {"part": _words(function), "ticket": ticket, "expires": f"{today + timedelta(days=_WAIVED_DAYS)}"}
    values |= {"account_id": config.account_id}
    # Where all else is kept, this is too.
    values |= {"retain_data": not config.stacks or any(stack.retain_data for stack in config.stacks.values())}
    code = Path("cdktf_app/architectures") / name
    new = {code / f"{file}.py": render(f"architecture/{file}.py", **values) for file in _SOURCES}
    new |= {
        Path("functions") / name / function / "index.mjs": render("architecture/index.mjs", **values),
        Path("envs") / env / name / "terraform.tfvars": render("architecture/terraform.tfvars", **values),
        Path("tests/plan") / name / f"test_{name}.py": render("architecture/test_plan.py", **values),
        Path("docs/architectures") / f"{name}.md": render("architecture/page.md", **values),
    }
    settings, waivers = Path("envs") / env / "env.toml", Path("policies/waivers.yaml")
    changed = {
        settings: _appended(workspace, settings, render("architecture/env.toml", **values)),
        waivers: _appended(workspace, waivers, render("architecture/waivers.yaml", **values)),
    }
    told = (f"{waivers}: the findings of its first plan are waived for {_WAIVED_DAYS} days, in the name of {ticket}",)
    stack = f"--env {env} --stack {name}"
    then = ("groundplan synth", f"groundplan plan {stack}", f"groundplan apply {stack}")
    return Draft(new=new, changed=changed, told=told, then=then)


def _check(workspace: Workspace, name: str, function: str, ticket: str, longest: str) -> None:
    check_name(name, "an architecture", words=False)
    for folder in _FOLDERS:
        if (workspace.root / folder / name).exists():
            raise ToolError(
                f"'{name}' is taken", where=f"{folder}/{name}", hint="choose another name", exit_code=Exit.USAGE
            )
    if not _FUNCTION.fullmatch(function) or {function, _words(function)} & _TAKEN_FUNCTIONS:
        hint = "letters and digits, a small letter first, no word of Python: resizePhoto"
        raise ToolError(f"a function is named {function!r}", hint=hint, exit_code=Exit.USAGE)
    if len(longest) > _LONGEST_NAME:
        hint = f"Lambda and IAM take {_LONGEST_NAME}: a shorter --function, or a shorter name"
        raise ToolError(f"'{longest}' has {len(longest)} characters", hint=hint, exit_code=Exit.USAGE)
    if not TICKET.fullmatch(ticket):
        hint = "as OPS-7, or the address of a page"
        raise ToolError(f"--ticket is {ticket!r}", hint=hint, exit_code=Exit.USAGE)


def _words(function: str) -> str:
    """``resizePhoto`` as Terraform's ids are written: ``resize_photo``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in function).lstrip("_")


def _appended(workspace: Workspace, path: Path, lines: str) -> str:
    return f"{(workspace.root / path).read_text(encoding='utf-8').rstrip()}\n\n{lines}"
