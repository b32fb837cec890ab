"""Long expressions over several lines, so that a reviewer can read a dashboard or a state machine.

cdktf writes ``jsonencode({"widgets" = [{"type" = "metric", ...`` on one line of any length. Here such a line is
broken after brackets and commas, keys lose quotation marks that they do not need, and ``"${x}"`` as a whole
value becomes ``x``. None of that changes what Terraform evaluates. An expression whose lines matter (comments,
heredocs) stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from cdktf_app.hcl.errors import HclError
from cdktf_app.hcl.expression_tree import CLOSING, FixedLinesError, Group, Node, Nodes, Token, parse, shown
from cdktf_app.hcl.syntax import aligned, indented, is_plain_key
from cdktf_app.hcl.template import lone_expression

WIDTH = 100
"""Longest expression in characters that stays on its line."""
_SHORT = 50
"""Longest bracket in characters that stays together when the expression around it is broken."""

_REFERENCE = re.compile(r"[\w.-]+")


@lru_cache(maxsize=4096)
def expression_lines(source: str) -> tuple[str, ...]:
    """The lines of an expression; ``source`` is what stood between ``${`` and ``}``.

    Modules say the same thing often, and each is written in two shapes: so the answers are kept.

    Raises:
        HclError: The expression cannot be valid HCL.
    """
    text = source.strip()
    if _REFERENCE.fullmatch(text):
        return (text,)
    try:
        nodes = _unwrapped(parse(text))
    except FixedLinesError:
        # In brackets a line break ends nothing. Those at the very start and end may be needed: a comment or a
        # heredoc would take along a bracket behind it on the same line.
        return (f"({source})" if "\n" in source else text,)
    return tuple(_steps(nodes) or _layout(nodes))


def one_line(source: str) -> str:
    """The expression on a line of its own, however long; for tables.

    Raises:
        HclError: The expression cannot be valid HCL.
    """
    try:
        text = _flat(_unwrapped(parse(source.strip())))
    except FixedLinesError:
        text = source
    return " ".join(text.split())


def _steps(nodes: Nodes) -> list[str] | None:
    """A long condition with a line for each of its parts; None if it is not one."""
    operators = [node.text for node in nodes if isinstance(node, Token) and node.kind == "other"]
    if len(_flat(nodes)) <= WIDTH or "?" in operators or not {"&&", "||"} & set(operators):
        return None
    lines: list[str] = []
    part: Nodes = []
    for node in nodes:
        part.append(node)
        if isinstance(node, Token) and node.text in ("&&", "||"):
            lines += _layout(part)
            part = []
    return ["(", *indented([*lines, *_layout(part)]), ")"]


def _layout(nodes: Sequence[Node]) -> list[str]:
    line = _flat(nodes)
    if _fits(line, WIDTH):
        return [line]
    lines = [""]
    for node in nodes:
        if node.spaced and lines[-1]:
            lines[-1] += " "
        first, *rest = _broken_or_flat(node)
        lines[-1] += first
        lines += rest
    return lines


def _broken_or_flat(node: Node) -> list[str]:
    text = _flat([node])
    if isinstance(node, Group) and not node.is_fixed and not _fits(text, _SHORT):
        return _broken(node)
    return text.split("\n")


def _broken(group: Group) -> list[str]:
    closing = CLOSING[group.opening]
    if group.opening == "{":
        entries = [_entry(item) for item in group.items]
        return [group.opening, *indented(aligned((key, _layout(value)) for key, value in entries)), closing]
    if len(group.items) == 1 and isinstance(group.items[0][-1], Group):
        # `jsonencode({` and `})` rather than two levels of brackets around one thing.
        lines = _layout(group.items[0]) if len(group.items[0]) > 1 else _broken_or_flat(group.items[0][-1])
        lines[0] = group.opening + lines[0]
        lines[-1] += closing
        return lines
    if group.opening == "[" and all(len(item) == 1 and _is_number(item[0]) for item in group.items):
        return [group.opening, *indented(_filled(group.items)), closing]
    lines = [group.opening]
    for number, item in enumerate(group.items, 1):
        # A call takes no comma behind its last argument where that is an expansion (`...`).
        last = number == len(group.items)
        *head, tail = indented(_layout(_unwrapped(item)))
        lines += [*head, tail + ("" if last and group.opening == "(" else ",")]
    return [*lines, closing]


def _filled(items: Sequence[Nodes]) -> list[str]:
    """As many items on a line as it takes."""
    lines = [""]
    for item in items:
        text = f"{_flat(item)},"
        if len(lines[-1]) + len(text) > WIDTH:
            lines.append("")
        lines[-1] += f" {text}" if lines[-1] else text
    return lines


def _flat(nodes: Sequence[Node]) -> str:
    """One line; more only where a for expression has some of its own."""
    text = ""
    for node in nodes:
        text += " " if node.spaced and text else ""
        text += node.text if isinstance(node, Token) else _flat_group(node)
    return text


def _flat_group(group: Group) -> str:
    if group.is_fixed:
        return group.source
    if group.opening == "{":
        inner = ", ".join(f"{key} = {_flat(value)}" for key, value in map(_entry, group.items))
        return f"{{ {inner} }}" if inner else "{}"
    inner = ", ".join(_flat(_unwrapped(item)) for item in group.items)
    return group.opening + inner + CLOSING[group.opening]


def _fits(text: str, width: int) -> bool:
    return len(text) <= width and "\n" not in text


def _entry(item: Nodes) -> tuple[str, Nodes]:
    """Key and value of an object's item."""
    for at, node in enumerate(item):
        if isinstance(node, Token) and node.text in ("=", ":"):
            key = _flat(item[:at])
            plain = key[1:-1] if key.startswith('"') else ""
            return plain if is_plain_key(plain) else key, _unwrapped(item[at + 1 :])
    raise HclError(f"an object's item has no value: {shown(_flat(item))}")


def _unwrapped(nodes: Nodes) -> Nodes:
    """``"${x}"``, where it is all there is, as ``x``."""
    if len(nodes) != 1 or not isinstance(nodes[0], Token) or nodes[0].kind != "quote":
        return nodes
    inner = lone_expression(nodes[0].text[1:-1])
    if inner is None:
        return nodes
    try:
        return _unwrapped(parse(inner.strip()))
    except FixedLinesError:
        return nodes


def _is_number(node: Node) -> bool:
    return isinstance(node, Token) and node.text.isdecimal()
