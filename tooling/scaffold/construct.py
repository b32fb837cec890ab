"""A new construct: one AWS resource type with names, tags and what it needs, its binding, and its test."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.errors import Exit, ToolError
from tooling.scaffold.binding import Binding, read_binding
from tooling.scaffold.draft import Draft, camel, check_name, render

if TYPE_CHECKING:
    from tooling.workspace import Workspace

_BINDINGS = Path("cdktf_app/bindings")
_BY_HAND = "write this one by hand, after a neighbour in cdktf_app/constructs"
_WIDTH = 120
_OWN_FIELDS = frozenset({"deployment", "enabled"})
_SAMPLES = {"str": '"given"', "float": "1", "bool": "True"}


def draft_construct(workspace: Workspace, name: str, *, resource: str) -> Draft:
    """The files of a construct.

    Args:
        workspace: The project.
        name: Its name, as ``work_queue``.
        resource: Type of the resource that it makes, as ``aws_sqs_queue``.

    Raises:
        ToolError: Exit 2: the name will not do, the bindings have no such type, or it cannot be made without a block.
    """
    check_name(name, "a construct", words=True)
    binding = read_binding(resource)
    _check(name, binding)
    place, changed = _exported(workspace, binding)
    named = next((key for key in ("name", "bucket", "function_name") if key in binding.arguments), "")
    given = {key: kind for key, kind in binding.required.items() if key != named}
    values = {
        "name": name,
        "title": camel(name),
        "words": name.replace("_", " "),
        "resource": resource,
        "binding": binding.name,
        "imports": sorted(
            (f"from cdktf_app.bindings.{place} import {binding.name}", "from cdktf_app.bindings.core import Construct")
        ),
        "named": named,
        "tagged": "tags" in binding.optional,
        "given": given,
        "samples": {key: _sample(kind) for key, kind in given.items()},
        "sequences": any(kind.startswith("Sequence") for kind in given.values()),
    }
    new = {
        Path("cdktf_app/constructs") / f"{name}.py": render("construct/construct.py", **values),
        Path("tests/unit/constructs") / f"test_{name}.py": render("construct/test_construct.py", **values),
    }
    if not changed:
        return Draft(new=new, then=_then(name))
    path, text = changed
    if (workspace.root / path).is_file():
        return Draft(new=new, changed={path: text}, then=_then(name))
    return Draft(new={**new, path: text}, then=_then(name))


def _then(name: str) -> tuple[str, ...]:
    return (f".venv/bin/python -m pytest tests/unit/constructs/test_{name}.py",)


def _check(name: str, binding: Binding) -> None:
    if camel(name) in {binding.name, "Construct", "Deployment", "Sequence"}:
        raise ToolError(
            f"{camel(name)} is the name of a class that the construct is made of",
            hint="say what it is for, as work_queue",
            exit_code=Exit.USAGE,
        )
    if binding.blocks:
        what = f"{binding.type} needs {binding.blocks[0]}, which is a block or a map"
        raise ToolError(what, hint=_BY_HAND, exit_code=Exit.USAGE)
    if taken := sorted(_OWN_FIELDS & set(binding.required)):
        what = f"{binding.type} needs {taken[0]}, which every construct has for something else"
        raise ToolError(what, hint=_BY_HAND, exit_code=Exit.USAGE)


def _sample(kind: str) -> str:
    inner = kind.removeprefix("Sequence[").removesuffix("]")
    return f"[{_SAMPLES[inner]}]" if kind.startswith("Sequence") else _SAMPLES[inner]


def _exported(workspace: Workspace, binding: Binding) -> tuple[str, tuple[Path, str] | None]:
    """The module of ``cdktf_app.bindings`` that has the class, and the file that must change for it to have it."""
    files = sorted((workspace.root / _BINDINGS).glob("*.py"))
    texts = {file.stem: file.read_text(encoding="utf-8") for file in files}
    imported = f"cdktf_cdktf_provider_aws.{binding.module}"
    for stem, text in texts.items():
        names = _imports(text).get(imported)
        if names and binding.name in names[1]:
            return stem, None
    own = (stem for stem, text in texts.items() if imported in _imports(text))
    near = (stem for stem, text in texts.items() if f"provider_aws.{binding.service}_" in text)
    stem = next(own, None) or next(near, None) or binding.service
    text = texts.get(stem) or f'"""Resources of {binding.service}."""\n\n__all__ = []\n'
    return stem, (_BINDINGS / f"{stem}.py", _listed(_imported(text, imported, binding.name), binding.name))


def _imports(text: str) -> dict[str, tuple[ast.ImportFrom, list[str]]]:
    return {
        str(node.module): (node, [one.name for one in node.names])
        for node in ast.parse(text).body
        if isinstance(node, ast.ImportFrom)
    }


def _imported(text: str, module: str, name: str) -> str:
    """The text with the class among its imports, which stand in the order of their modules."""
    found, lines = _imports(text), text.splitlines(keepends=True)
    names = sorted([*(found[module][1] if module in found else ()), name])
    line = f"from {module} import {', '.join(names)}\n"
    if len(line) > _WIDTH + 1:
        line = "".join([f"from {module} import (\n", *(f"    {one},\n" for one in names), ")\n"])
    if module in found:
        node = found[module][0]
        lines[node.lineno - 1 : node.end_lineno] = [line]
    elif later := [node.lineno for other, (node, _) in found.items() if other > module]:
        lines.insert(min(later) - 1, line)
    elif found:
        lines.insert(max(node.end_lineno or node.lineno for node, _ in found.values()), line)
    else:
        lines.insert(1, f"\n{line}")
    return "".join(lines)


def _listed(text: str, name: str) -> str:
    """The text with the class in its ``__all__``.

    Raises:
        ToolError: Exit 2: it has none.
    """
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names = sorted([*ast.literal_eval(node.value), name])
            lines = text.splitlines(keepends=True)
            lines[node.lineno - 1 : node.end_lineno] = ["__all__ = [\n", *(f'    "{one}",\n' for one in names), "]\n"]
            return "".join(lines)
    raise ToolError("a file of cdktf_app/bindings has no __all__", hint="write one", exit_code=Exit.USAGE)
