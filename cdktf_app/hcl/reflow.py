"""Long expressions over several lines, so that a reviewer can read a dashboard or a state machine.

cdktf writes ``jsonencode({"widgets" = [{"type" = "metric", ...`` on one line of any length. Here such a line
is broken after brackets and commas, keys lose quotation marks that they do not need, and ``"${x}"`` as a
whole value becomes ``x``. None of that changes what Terraform evaluates. An expression whose lines matter
(comments, heredocs) stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cdktf_app.hcl.errors import HclError
from cdktf_app.hcl.syntax import aligned, indented, is_plain_key
from cdktf_app.hcl.template import end_of_quotes, lone_expression

WIDTH = 100
"""Longest expression in characters that stays on its line."""
_SHORT = 50
"""Longest bracket in characters that stays together when the expression around it is broken."""

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_TOKEN = re.compile(
    r"(?P<space>[ \t\r]+)|(?P<newline>\n)|(?P<word>\w[\w-]*)|(?P<quote>\")"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)"
    r"|(?P<other>=>|==|!=|<=|>=|&&|\|\||\.\.\.|::|[^#/\n]|/(?![/*]))"
)


_REFERENCE = re.compile(r"[\w.-]+")


class _LeaveAloneError(Exception):
    """The expression holds something whose lines must not be moved."""


@dataclass
class _Token:
    kind: str
    text: str
    spaced: bool


@dataclass
class _Group:
    opening: str
    spaced: bool
    items: list[list[_Token | _Group]] = field(default_factory=list)
    source: str = ""
    is_fixed: bool = False
    """Index brackets and for expressions: written as they stand."""


_Nodes = list[_Token | _Group]


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
        nodes = _unwrapped(_Parser(text).parse())
    except _LeaveAloneError:
        # Inside brackets a newline ends nothing. The expression's own first and last line breaks may be
        # needed: a comment or a heredoc in front of a bracket on the same line would take it along.
        return (f"({source})" if "\n" in source else text,)
    return tuple(_layout(nodes))


def one_line(source: str) -> str:
    """The expression on a line of its own, however long; for tables.

    Raises:
        HclError: The expression cannot be valid HCL.
    """
    try:
        return _flat(_unwrapped(_Parser(source.strip()).parse()))
    except _LeaveAloneError:
        return " ".join(source.split())


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def parse(self) -> _Nodes:
        items, closing = self._items("")
        if closing or len(items) != 1:
            raise HclError(f"brackets do not match in {_shown(self._source)}")
        return items[0]

    def _items(self, opening: str) -> tuple[list[_Nodes], str]:
        """The items up to the bracket that closes ``opening`` (or to the end), and that bracket.

        Commas part them; in an object line breaks do so too, elsewhere those are space.
        """
        items: list[_Nodes] = [[]]
        spaced = False
        while self._at < len(self._source):
            found = _TOKEN.match(self._source, self._at)
            if found is None:
                raise _LeaveAloneError
            start, self._at = self._at, found.end()
            kind = found.lastgroup or ""
            text = found.group()
            if kind == "close":
                return (items if items[-1] else items[:-1]), text
            if kind == "comma" or (kind == "newline" and opening == "{"):
                if items[-1] or opening != "{":
                    items.append([])
            elif kind == "open":
                items[-1].append(self._group(text, start, spaced, items[-1]))
            elif kind == "quote":
                self._at = end_of_quotes(self._source, start)
                items[-1].append(_Token("quote", self._source[start : self._at], spaced))
            elif kind not in ("space", "newline"):
                if text == "<" and self._source.startswith("<<", start):
                    raise _LeaveAloneError
                items[-1].append(_Token(kind, text, spaced))
            spaced = kind in ("space", "newline")
            self._refuse_neighbours(items[-1])
        return items, ""

    def _group(self, opening: str, start: int, spaced: bool, before: _Nodes) -> _Group:
        group = _Group(opening, spaced)
        group.items, closing = self._items(opening)
        if closing != _CLOSING[opening]:
            raise HclError(f"brackets do not match in {_shown(self._source)}")
        group.source = self._source[start : self._at]
        is_index = opening == "[" and not spaced and bool(before) and _ends_operand(before[-1])
        group.is_fixed = is_index or _is_for(group)
        return group

    def _refuse_neighbours(self, nodes: _Nodes) -> None:
        if len(nodes) < 2:
            return
        left, right = nodes[-2], nodes[-1]
        if not (isinstance(left, _Token) and isinstance(right, _Token)):
            return
        kinds = {left.kind, right.kind}
        keyword = {left.text, right.text} & {"in", "if", "for"}
        if "quote" in kinds and kinds <= {"quote", "word"} and not keyword:
            raise HclError(
                f"no operator between {_shown(left.text)} and {_shown(right.text)}: "
                "a function got a text with quotation marks, which cdktf does not escape; give it as a local"
            )


def _layout(nodes: Sequence[_Token | _Group]) -> list[str]:
    line = _flat(nodes)
    if len(line) <= WIDTH:
        return [line]
    lines = [""]
    for node in nodes:
        if node.spaced and lines[-1]:
            lines[-1] += " "
        text = _flat([node])
        if isinstance(node, _Group) and not node.is_fixed and len(text) > _SHORT:
            first, *rest = _broken(node)
            lines[-1] += first
            lines += rest
        else:
            lines[-1] += text
    return lines


def _broken(group: _Group) -> list[str]:
    closing = _CLOSING[group.opening]
    if group.opening == "{":
        entries = [_entry(item) for item in group.items]
        return [group.opening, *indented(aligned((key, _layout(value)) for key, value in entries)), closing]
    if len(group.items) == 1 and isinstance(group.items[0][-1], _Group):
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


def _filled(items: Sequence[_Nodes]) -> list[str]:
    """As many items on a line as it takes."""
    lines = [""]
    for item in items:
        text = f"{_flat(item)},"
        if len(lines[-1]) + len(text) > WIDTH:
            lines.append("")
        lines[-1] += f" {text}" if lines[-1] else text
    return lines


def _broken_or_flat(node: _Token | _Group) -> list[str]:
    if isinstance(node, _Group) and not node.is_fixed and len(_flat([node])) > _SHORT:
        return _broken(node)
    return [_flat([node])]


def _flat(nodes: Sequence[_Token | _Group]) -> str:
    text = ""
    for node in nodes:
        text += (" " if node.spaced and text else "") + (node.text if isinstance(node, _Token) else _flat_group(node))
    return text


def _flat_group(group: _Group) -> str:
    if group.is_fixed:
        return group.source
    if group.opening == "{":
        inner = ", ".join(f"{key} = {_flat(value)}" for key, value in map(_entry, group.items))
        return f"{{ {inner} }}" if inner else "{}"
    inner = ", ".join(_flat(_unwrapped(item)) for item in group.items)
    return group.opening + inner + _CLOSING[group.opening]


def _entry(item: _Nodes) -> tuple[str, _Nodes]:
    """Key and value of an object's item."""
    for at, node in enumerate(item):
        if isinstance(node, _Token) and node.text in ("=", ":"):
            key = _flat(item[:at])
            plain = key[1:-1] if key.startswith('"') else ""
            return plain if is_plain_key(plain) else key, _unwrapped(item[at + 1 :])
    raise HclError(f"an object's item has no value: {_shown(_flat(item))}")


def _unwrapped(nodes: _Nodes) -> _Nodes:
    """``"${x}"``, where it is all there is, as ``x``."""
    if len(nodes) != 1 or not isinstance(nodes[0], _Token) or nodes[0].kind != "quote":
        return nodes
    inner = lone_expression(nodes[0].text[1:-1])
    if inner is None or "\n" in inner:
        return nodes
    try:
        return _unwrapped(_Parser(inner.strip()).parse())
    except _LeaveAloneError:
        return nodes


def _is_for(group: _Group) -> bool:
    first = group.items[0][0] if group.items and group.items[0] else None
    return group.opening != "(" and isinstance(first, _Token) and first.text == "for"


def _is_number(node: _Token | _Group) -> bool:
    return isinstance(node, _Token) and node.text.isdecimal()


def _ends_operand(node: _Token | _Group) -> bool:
    return isinstance(node, _Group) or node.kind in ("word", "quote") or node.text == "*"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
