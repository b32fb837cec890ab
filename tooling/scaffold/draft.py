"""What a scaffold would write, and writing it."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from jinja2 import Environment

    from tooling.workspace import Workspace

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Files of a new part, with paths below the project's root.

    Attributes:
        new: Text of each file that is made.
        changed: Whole new text of each file that gets some lines.
        told: What the writer has to know, a sentence each. Default: nothing.
        then: The next commands, in order. Default: none.
    """

    new: Mapping[Path, str]
    changed: Mapping[Path, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    then: tuple[str, ...] = ()


def check_new(workspace: Workspace, draft: Draft) -> None:
    """Nothing is written over.

    Raises:
        ToolError: A file is there already.
    """
    for path in draft.new:
        if (workspace.root / path).exists():
            raise ToolError("is there already", where=path.as_posix(), hint="choose another name, or remove it first")


def write(workspace: Workspace, draft: Draft) -> None:
    """Write all of it, or nothing: every text is on the disk before the first one takes its place.

    Raises:
        ToolError: A file is there already.
        OSError: A file cannot be written.
    """
    check_new(workspace, draft)
    beside: dict[Path, Path] = {}
    try:
        for path, text in (*draft.new.items(), *draft.changed.items()):
            file = workspace.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            beside[file] = file.with_name(f".{file.name}.new")
            beside[file].write_text(text, encoding="utf-8")
        for file, ready in beside.items():
            ready.replace(file)
    finally:
        for ready in beside.values():
            ready.unlink(missing_ok=True)


def render(template: str, **values: Any) -> str:
    """The text of ``templates/<template>.j2``; values stand in it as ``<<name>>``."""
    text = _environment().get_template(f"{template}.j2").render(**values)
    return text if text.endswith("\n") else f"{text}\n"


def check_name(name: str, what: str, *, words: bool) -> None:
    """A name that is a Python module, and with ``words=False`` part of a bucket's name too.

    Raises:
        ToolError: Exit 2: it is not.
    """
    pattern, allowed = (
        (r"[a-z][a-z0-9]*(_[a-z0-9]+)*", "lower-case words joined by _")
        if words
        else (r"[a-z][a-z0-9]*", "lower-case letters and digits, a letter first")
    )
    if not 2 <= len(name) <= 30 or not re.fullmatch(pattern, name) or keyword.iskeyword(name):
        raise ToolError(
            f"{what} is named {name!r}", hint=f"2 to 30 characters: {allowed}; no word of Python", exit_code=Exit.USAGE
        )


def camel(name: str) -> str:
    """``work_queue`` as a class is named."""
    return "".join(word.capitalize() for word in name.split("_"))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Python, HCL and Terraform's own templates are full of braces.
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
