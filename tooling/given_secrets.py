"""Secrets that a stack is given and no file of the project holds: generated, kept beside the work files, never shown.

Terraform takes them from its environment, as ``TF_VAR_<variable>``; what the shell exports comes before what is kept.
"""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.errors import Exit, ToolError
from tooling.workspace import private_folder, write_private

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.workspace import Workspace

PREFIX = "TF_VAR_"
# Letters and digits are allowed by every rule that a password is under.
_ALPHABET = string.ascii_letters + string.digits
LENGTH = 40
_VARIABLE = re.compile(r'^variable "(\w+)" {\n(.*?)^}', re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"TF_VAR_(\w+)='([^'\n]*)'")


@dataclass(frozen=True)
class Given:
    """One secret that a stack needs.

    Attributes:
        variable: Of the root module.
        where: ``generated``, ``asked``, ``kept`` from before, ``exported`` by the shell, or ``terraform.tfvars``.
    """

    variable: str
    where: str


def wanted(stack: Stack) -> tuple[str, ...]:
    """Variables of the stack's root that are sensitive and have no default.

    Raises:
        ToolError: Exit 2: there is no such root.
    """
    file = stack.root / "variables.tf"
    if not file.is_file():
        raise ToolError("there is no variables.tf", where=stack.name, hint="groundplan synth", exit_code=Exit.USAGE)
    found = _VARIABLE.findall(file.read_text(encoding="utf-8"))
    return tuple(
        name
        for name, body in found
        if re.search(r"^\s+sensitive\s+= true$", body, re.M) and not re.search(r"^\s+default\s+=", body, re.M)
    )


def secrets_file(workspace: Workspace, stack: Stack) -> Path:
    """Where a stack's secrets are kept: ignored by git, mode 0600."""
    return workspace.work / "secrets" / stack.env / f"{stack.architecture}.env"


def kept(workspace: Workspace, stack: Stack) -> dict[str, str]:
    """Variables and their values, as they were written."""
    file = secrets_file(workspace, stack)
    return dict(_LINE.findall(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def for_terraform(workspace: Workspace, stack: Stack, environ: Mapping[str, str]) -> dict[str, str]:
    """What Terraform's environment is given in addition; the shell's own comes first."""
    return {
        f"{PREFIX}{name}": value for name, value in kept(workspace, stack).items() if not environ.get(f"{PREFIX}{name}")
    }


def init(
    workspace: Workspace,
    stack: Stack,
    environ: Mapping[str, str],
    *,
    rotate: tuple[str, ...] = (),
    ask: Callable[[str], str] | None = None,
) -> tuple[Given, ...]:
    """See to it that a stack has each secret that it needs.

    Args:
        workspace: The project.
        stack: Which stack.
        environ: The shell's variables: what is exported is not written anywhere.
        rotate: Variables that get another value though there is one.
        ask: Asks a person for a value. Default: none, values are generated.

    Raises:
        ToolError: Exit 2: a variable to rotate is none of them or is set elsewhere, or an answer cannot be kept.
    """
    names = wanted(stack)
    if unknown := [name for name in rotate if name not in names]:
        raise ToolError(
            f"'{unknown[0]}' is no secret of the stack",
            where=stack.name,
            hint=f"there are: {', '.join(names) or 'none'}",
            exit_code=Exit.USAGE,
        )
    in_file = _set_in_file(stack)
    values, found = kept(workspace, stack), []
    for name in names:
        place = _place(name, environ, in_file, values, rotate)
        if place and name in rotate:
            set_by = "the shell exports it" if place == "exported" else f"{place} sets it"
            raise ToolError(
                f"{name} is not rotated: {set_by}, and that comes first",
                where=stack.name,
                hint="take it out there, or change it there",
                exit_code=Exit.USAGE,
            )
        if not place:
            values[name] = ask(name) if ask else _generated()
            _check(stack, name, values[name])
            place = "asked" if ask else "generated"
        found.append(Given(name, place))
    if any(one.where in ("asked", "generated") for one in found):
        file = secrets_file(workspace, stack)
        private_folder(file.parent)
        write_private(file, "".join(f"{PREFIX}{name}='{value}'\n" for name, value in sorted(values.items())))
    return tuple(found)


def _place(
    name: str, environ: Mapping[str, str], in_file: frozenset[str], values: Mapping[str, str], rotate: tuple[str, ...]
) -> str:
    # Terraform takes a value of the file before one of its environment.
    if name in in_file:
        return "terraform.tfvars"
    if environ.get(f"{PREFIX}{name}"):
        return "exported"
    return "kept" if name in values and name not in rotate else ""


def _set_in_file(stack: Stack) -> frozenset[str]:
    """What the stack's own values set, as those of an environment on the emulator may."""
    file = stack.root / "terraform.tfvars"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return frozenset(re.findall(r"^(\w+)\s*=", text, re.MULTILINE))


def _generated() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def _check(stack: Stack, name: str, value: str) -> None:
    if not value or "'" in value or not value.isprintable():
        raise ToolError(
            f"{name} is empty, or has a line end, an apostrophe or the like in it",
            where=stack.name,
            hint="letters, digits and other signs are taken",
            exit_code=Exit.USAGE,
        )
