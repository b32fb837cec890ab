"""A new construct: one AWS resource type with names, tags and what it needs, its binding, and its test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.scaffold.binding import Binding, read_binding
from tooling.scaffold.draft import Draft, camel, check_name, render

if TYPE_CHECKING:
    from tooling.workspace import Workspace

_BINDINGS = Path("cdktf_app/bindings")
_SAMPLES = {"str": '"given"', "float": "1", "bool": "True"}


def draft_construct(workspace: Workspace, name: str, *, resource: str) -> Draft:
    """The files of a construct.

    Args:
        workspace: The project.
        name: Its name, as ``work_queue``.
        resource: Type of the resource that it makes, as ``aws_sqs_queue``.

    Raises:
        ToolError: Exit 2: the name will not do, or the bindings have no such type.
    """
    check_name(name, "a construct", words=True)
    binding = read_binding(resource)
    place, changed = _exported(workspace, binding)
    named = next((key for key in ("name", "bucket", "function_name") if key in _arguments(binding)), "")
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


def _arguments(binding: Binding) -> frozenset[str]:
    return binding.optional | set(binding.required)


def _sample(kind: str) -> str:
    inner = kind.removeprefix("Sequence[").removesuffix("]")
    return f"[{_SAMPLES[inner]}]" if kind.startswith("Sequence") else _SAMPLES[inner]


def _exported(workspace: Workspace, binding: Binding) -> tuple[str, tuple[Path, str] | None]:
    """The module of ``cdktf_app.bindings`` that has the class, and the file that must change for it to have it."""
    imported = f"from cdktf_cdktf_provider_aws.{binding.module} import (\n"
    files = sorted((workspace.root / _BINDINGS).glob("*.py"))
    texts = {file.stem: file.read_text(encoding="utf-8") for file in files}
    for stem, text in texts.items():
        if imported in text:
            if re.search(rf"^    {binding.name},$", text, re.MULTILINE):
                return stem, None
            return stem, (
                _BINDINGS / f"{stem}.py",
                _sorted(text.replace(imported, f"{imported}    {binding.name},\n"), binding),
            )
    stem = next((stem for stem, text in texts.items() if f"provider_aws.{binding.service}_" in text), binding.service)
    head = texts.get(stem) or f'"""Resources of {binding.service}."""\n\n__all__ = [\n]\n'
    block = f"{imported}    {binding.name},\n)\n"
    before, _, after = head.partition("__all__ = [\n")
    imports = sorted([*re.findall(r"^from .+? import \(\n(?:    .+\n)+\)\n", before, re.MULTILINE), block])
    docstring = before[: before.index('"""\n', 3) + 4]
    text = f"{docstring}\n{''.join(imports)}\n__all__ = [\n{after}"
    return stem, (_BINDINGS / f"{stem}.py", _sorted(text, binding))


def _sorted(text: str, binding: Binding) -> str:
    """The class in ``__all__``, and every list in order."""
    text = text.replace("__all__ = [\n", f'__all__ = [\n    "{binding.name}",\n')

    def in_order(match: re.Match[str]) -> str:
        return match[1] + "".join(sorted(match[2].splitlines(keepends=True))) + match[3]

    return re.sub(r"((?:import \(|__all__ = \[)\n)((?:    .+\n)+)([)\]])", in_order, text)
