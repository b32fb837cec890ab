"""YAML files that people write, read strictly: every complaint names file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from tooling.errors import Exit, ToolError

#: The C loader is ten times faster; a PyYAML built without it still works.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Text:
    """A scalar and where it stands.

    Attributes:
        value: The text as written, without quotes.
        where: ``file:line``.
    """

    value: str
    where: str


def bad(what: str, where: str, hint: str | None = None) -> ToolError:
    """The error for a file that cannot be used as it is."""
    return ToolError(what, where=where, hint=hint, exit_code=Exit.USAGE)


def compose(path: Path) -> yaml.Node | None:
    """The node tree of a file; None when it is empty.

    Raises:
        ToolError: The file is missing or is not YAML (exit code 2, with the line).
    """
    return composed(text_of(path), path)


def text_of(path: Path) -> str:
    """What is in a file.

    Raises:
        ToolError: The file is missing or is not UTF-8 (exit code 2).
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise bad(f"cannot be read: {error.strerror}", str(path)) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise bad("is not UTF-8 text", f"{path}:{line}", "save it as UTF-8") from error


def composed(text: str, path: Path) -> yaml.Node | None:
    """The node tree of what was read of a file; None when it is empty.

    Raises:
        ToolError: It is not YAML (exit code 2, with the line).
    """
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f":{mark.line + 1}" if mark else ""
        raise bad(f"is not YAML: {error.problem}", f"{path}{place}") from error
    except yaml.reader.ReaderError as error:
        # libyaml counts bytes, and gives the character as its number.
        line = text.encode().count(b"\n", 0, error.position) + 1
        raise bad(f"is not YAML: a character is not allowed ({error.reason})", f"{path}:{line}") from error
    except RecursionError as error:
        raise bad("is nested too deeply", str(path)) from error
    return node


def line_of(node: yaml.Node, path: Path, root: Path | None = None) -> str:
    """``file:line`` of a node.

    Args:
        node: The node.
        path: Its file.
        root: The folder that the file is named from, for what is kept and read elsewhere. Default: as ``path`` says.
    """
    if root is not None and path.resolve().is_relative_to(root):
        path = path.resolve().relative_to(root)
    return f"{path}:{node.start_mark.line + 1}"


def mapping(node: yaml.Node, path: Path) -> Iterator[tuple[Text, yaml.Node]]:
    """Keys and values of a mapping, refusing a key that is written twice.

    Raises:
        ToolError: It is no mapping, or a key is not a text, or stands there twice.
    """
    if not isinstance(node, yaml.MappingNode):
        raise bad(f"expected 'key: value' lines, found a {_kind(node)}", line_of(node, path))
    seen: dict[str, str] = {}
    for key_node, value_node in node.value:
        key = scalar(key_node, path)
        if key.value in seen:
            raise bad(f"'{key.value}' is given twice, first at {seen[key.value]}", key.where)
        seen[key.value] = key.where
        yield key, value_node


def sequence(node: yaml.Node, path: Path) -> list[yaml.Node]:
    """Items of a list.

    Raises:
        ToolError: It is no list.
    """
    if not isinstance(node, yaml.SequenceNode):
        raise bad(f"expected a list, found a {_kind(node)}", line_of(node, path))
    return list(node.value)


def scalar(node: yaml.Node, path: Path) -> Text:
    """One value as text.

    Raises:
        ToolError: It is a list or a mapping.
    """
    if not isinstance(node, yaml.ScalarNode):
        raise bad(f"expected a single value, found a {_kind(node)}", line_of(node, path))
    return Text(str(node.value).strip(), line_of(node, path))


def _kind(node: yaml.Node) -> str:
    return type(node).__name__.removesuffix("Node").lower()
