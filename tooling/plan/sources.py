"""Where the HCL of a stack declares what its plan names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

#: A block that has an address. ``terraform fmt`` puts every outer block at the beginning of a line.
_BLOCK = re.compile(r'^(resource|data|module)\s+"([^"]+)"(?:\s+"([^"]+)")?\s*\{')
_SOURCE = re.compile(r'^\s+source\s*=\s*"(\.{1,2}/[^"]+)"')
_HEREDOC = re.compile(r"<<-?\s*\"?([A-Za-z_]\w*)\"?\s*$")


def declared(stack_module: Path, root: Path) -> dict[str, str]:
    """``file:line`` of every resource, data source and module call of a stack, by address without instance keys.

    Args:
        stack_module: The module that the root calls, for the shape that is in use (``modules/kefir/removable``).
        root: The root module (``envs/dev/kefir``).

    Returns:
        ``{"module.kefir.aws_dynamodb_table.data": "modules/kefir/data.tf:3", ...}``; files are named from the folder
        that holds both modules.
    """
    base = Path(os.path.commonpath([stack_module.resolve(), root.resolve()]))
    return dict(_declared(root.resolve(), "", base))


def _declared(module: Path, prefix: str, base: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(module.glob("*.tf")):
        called = ""
        for number, line in _outside_of_heredocs(file):
            if block := _BLOCK.match(line):
                kind, first, second = block.groups()
                called = f"{prefix}module.{first}." if kind == "module" else ""
                data = "data." if kind == "data" else ""
                address = called.removesuffix(".") or f"{prefix}{data}{first}.{second}"
                yield address, f"{file.relative_to(base).as_posix()}:{number}"
            elif called and (source := _SOURCE.match(line)):
                yield from _declared((module / source.group(1)).resolve(), called, base)
            elif line.startswith("}"):
                called = ""


def _outside_of_heredocs(file: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers, without those of texts, which may look like anything."""
    end = None
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if end is not None:
            end = None if line.strip() == end else end
            continue
        yield number, line
        if heredoc := _HEREDOC.search(line):
            end = heredoc.group(1)
