"""HCL as lines of text: attributes, blocks, indentation.

A value is a list of lines without the indentation of what it stands in. A single element may hold newlines of
its own where they must not be touched (an expression with a heredoc in it): then only its first line is
indented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
# Words that mean something else where a key may stand: `for` opens a for expression, the others are values.
_RESERVED = frozenset({"for", "true", "false", "null"})


@dataclass(frozen=True)
class Attribute:
    """``name = value``."""

    name: str
    value: Sequence[str]


@dataclass(frozen=True)
class Block:
    """``keyword "label" { ... }``. The body is groups with a blank line between them."""

    keyword: str
    labels: tuple[str, ...]
    body: Sequence[Sequence[Attribute | Block]]


def is_plain_key(name: str) -> bool:
    """Whether the name may stand in front of ``=`` without quotation marks."""
    return _IDENTIFIER.match(name) is not None and name not in _RESERVED


def block_lines(block: Block) -> list[str]:
    """The lines of a block."""
    head = " ".join((block.keyword, *(f'"{label}"' for label in block.labels)))
    groups = [lines for lines in map(_group_lines, block.body) if lines]
    if not groups:
        return [f"{head} {{}}"]
    return [f"{head} {{", *indented(_spaced(groups)), "}"]


def block_text(blocks: Iterable[Block]) -> str:
    """Blocks one after the other with a blank line between them, ending with a newline."""
    return "\n".join(_spaced(block_lines(block) for block in blocks)) + "\n"


def aligned(entries: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """``key = value`` lines, the equals signs of neighbours in one column as ``terraform fmt`` sets them."""
    lines: list[str] = []
    for is_chain, run in groupby(entries, key=lambda entry: _may_be_aligned(entry[1])):
        neighbours = list(run)
        width = max(len(key) for key, _ in neighbours) if is_chain else 0
        for key, value in neighbours:
            lines += [f"{key:<{width}} = {value[0]}", *value[1:]]
    return lines


def _may_be_aligned(value: Sequence[str]) -> bool:
    return value[0].startswith("<<") or (len(value) == 1 and "\n" not in value[0])


def indented(lines: Iterable[str]) -> list[str]:
    """The lines one level further in; empty lines stay empty."""
    return [f"  {line}" if line else line for line in lines]


def _group_lines(group: Sequence[Attribute | Block]) -> list[str]:
    lines: list[str] = []
    for attributes, run in groupby(group, key=lambda item: isinstance(item, Attribute)):
        if attributes:
            lines += aligned((item.name, item.value) for item in run if isinstance(item, Attribute))
        else:
            if lines:
                lines.append("")
            lines += _spaced(block_lines(item) for item in run if isinstance(item, Block))
    return lines


def _spaced(groups: Iterable[Sequence[str]]) -> Iterator[str]:
    for number, lines in enumerate(groups):
        if number:
            yield ""
        yield from lines
