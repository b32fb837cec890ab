"""Where the code has to follow what was accepted, or the next plan puts it back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.drift.model import REALITY
from tooling.gate.addresses import Address, parse_address
from tooling.gate.planned import references_in

if TYPE_CHECKING:
    from tooling.drift.model import DriftedResource
    from tooling.environment.stacks import Stack
    from tooling.workspace import Workspace


@dataclass(frozen=True)
class Follow:
    """One value that the code does not say yet.

    Attributes:
        path: Of the attribute; empty for a resource that is gone.
        value: What it is now, as text; empty for a resource that is gone.
        where: The variable in tfvars, or the place in the code, as a sentence.
    """

    address: str
    path: str
    value: str
    where: str


def follows(
    workspace: Workspace, stack: Stack, plan: Mapping[str, Any], resources: tuple[DriftedResource, ...]
) -> tuple[Follow, ...]:
    """What has to follow for every attribute that moved in the account.

    Args:
        workspace: The project.
        stack: Whose code.
        plan: The plan with refresh that found the drift.
        resources: What was accepted.
    """
    code = _Code(workspace, stack, plan)
    found = []
    for resource in resources:
        if resource.gone:
            what = "take it out of the code, or the next plan makes it again"
            found.append(Follow(resource.address, "", "", f"{what}: {code.place(resource.declared_at)}"))
        for moved in resource.attributes:
            if moved.mover == REALITY:
                where = code.source(resource, moved.path)
                found.append(Follow(resource.address, moved.path, moved.after or "(nothing)", where))
    return tuple(found)


class _Code:
    """The configuration of a plan, followed from an argument up to the values of the root module."""

    def __init__(self, workspace: Workspace, stack: Stack, plan: Mapping[str, Any]) -> None:
        self._workspace, self._stack = workspace, stack
        self._root = (plan.get("configuration") or {}).get("root_module") or {}

    def source(self, resource: DriftedResource, path: str) -> str:
        """Where the value of one attribute is said."""
        at = parse_address(resource.address)
        entry = self._entry(at)
        argument = re.split(r"[.\[]", path, maxsplit=1)[0]
        expression = _narrowed((entry or {}).get("expressions") or {}, path)
        references = list(references_in(expression))
        if any(one.startswith("each.") for one in references):
            references += references_in((entry or {}).get("for_each_expression"))
        variables = list(dict.fromkeys(self._variables(at.calls, references)))
        place = self.place(resource.declared_at)
        if variables:
            told = "; ".join(self._value(name) for name in variables)
            return f"{argument} in {place}, which is made from {told}"
        written = "" if expression is not None else ", which does not set it: set it, or have it ignored"
        return f"{argument} in {place}{written}"

    def place(self, declared_at: str) -> str:
        """A place in the HCL, and where that comes from if it is generated."""
        if not declared_at:
            return f"the module of {self._stack.architecture}"
        architecture = self._stack.architecture
        for path in (f"cdktf_app/architectures/{architecture}.py", f"cdktf_app/architectures/{architecture}"):
            if (self._workspace.root / path).exists():
                return f"{declared_at}, generated from {path}"
        return declared_at

    def _value(self, name: str) -> str:
        """A variable of the root module: where it is set, or has its default."""
        for file in sorted(self._stack.root.glob("*.tfvars")):
            if line := _line(file.read_text(encoding="utf-8"), rf"^\s*{re.escape(name)}\s*="):
                return f"{name} in {self._workspace.relative(file)}:{line}"
        values = self._workspace.relative(self._stack.root / "terraform.tfvars")
        for file in sorted(self._stack.root.glob("*.tf")):
            if line := _line(file.read_text(encoding="utf-8"), rf'^variable\s+"{re.escape(name)}"'):
                return f"{name}, to be set in {values} (its default is in {self._workspace.relative(file)}:{line})"
        return f"{name}, to be set in {values}"

    def _entry(self, at: Address) -> Mapping[str, Any] | None:
        module = self._module(at.calls)
        for entry in module.get("resources") or ():
            if (entry["mode"], entry["type"], entry["name"]) == (at.mode, at.type, at.name):
                return dict(entry)
        return None

    def _module(self, calls: tuple[str, ...]) -> Mapping[str, Any]:
        module: Mapping[str, Any] = self._root
        for name in calls:
            module = ((module.get("module_calls") or {}).get(name) or {}).get("module") or {}
        return module

    def _variables(self, calls: tuple[str, ...], references: list[str]) -> Iterator[str]:
        """Variables of the root module that an expression within ``calls`` rests on."""
        for reference in references:
            if not reference.startswith("var."):
                continue
            name = re.split(r"[.\[]", reference.removeprefix("var."), maxsplit=1)[0]
            if not calls:
                yield name
                continue
            call = (self._module(calls[:-1]).get("module_calls") or {}).get(calls[-1]) or {}
            expression = (call.get("expressions") or {}).get(name)
            yield from self._variables(calls[:-1], list(references_in(expression)))


def _narrowed(expressions: Mapping[str, Any], path: str) -> Any:
    """The expression of an attribute, or of the innermost block around it that the configuration tells apart."""
    found: Any = expressions
    for part in re.findall(r"[^.\[\]]+", path):
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        if not isinstance(found, Mapping) or part not in found:
            break
        found = found[part]
    return None if found is expressions else found


def _line(text: str, pattern: str) -> int:
    """The number of the first line that matches; 0 for none."""
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(pattern, line):
            return number
    return 0
