"""An expression as tokens and brackets: as much of HCL's grammar as it takes to break lines safely."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from cdktf_app.hcl.errors import HclError
from cdktf_app.hcl.template import end_of_quotes

CLOSING = {"(": ")", "[": "]", "{": "}"}

_TOKEN = re.compile(
    r"(?P<space>[ \t\r]+)|(?P<newline>\n)|(?P<word>\w[\w-]*)|(?P<quote>\")"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)"
    r"|(?P<other>=>|==|!=|<=|>=|&&|\|\||\.\.\.|::|[^#/\n]|/(?![/*]))"
)


class FixedLinesError(Exception):
    """The expression holds something whose lines must not be moved: a comment, a heredoc."""


@dataclass
class Token:
    """A word, a quoted string or an operator."""

    kind: str
    text: str
    spaced: bool
    """Whether there was space before it."""


@dataclass
class Group:
    """Brackets with the items that commas part."""

    opening: str
    spaced: bool
    items: list[Nodes] = field(default_factory=list)
    source: str = ""
    is_fixed: bool = False
    """Index brackets and for expressions: written as they stand."""


Node: TypeAlias = Token | Group
Nodes: TypeAlias = list[Node]


def parse(source: str) -> Nodes:
    """The tokens and groups of an expression.

    Raises:
        FixedLinesError: It must stay as it is.
        HclError: It cannot be valid HCL: brackets do not match, or two values stand side by side.
    """
    return _Parser(source).parse()


def shown(text: str) -> str:
    """A text for an error message, not too long."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def parse(self) -> Nodes:
        items, closing = self._items("")
        if closing or len(items) != 1:
            raise HclError(f"brackets do not match in {shown(self._source)}")
        return items[0]

    def _items(self, opening: str) -> tuple[list[Nodes], str]:
        """The items up to the bracket that closes ``opening`` (or to the end), and that bracket.

        Commas part them; in an object line breaks do so too, elsewhere those are space.
        """
        items: list[Nodes] = [[]]
        spaced = False
        while self._at < len(self._source):
            found = _TOKEN.match(self._source, self._at)
            if found is None:
                raise FixedLinesError
            start, self._at = self._at, found.end()
            kind = found.lastgroup or ""
            if kind == "close":
                return (items if items[-1] else items[:-1]), found.group()
            if kind == "comma" or (kind == "newline" and opening == "{"):
                if items[-1] or opening != "{":
                    items.append([])
            elif kind not in ("space", "newline"):
                items[-1].append(self._node(kind, start, spaced, items[-1]))
                _refuse_neighbours(items[-1])
            spaced = kind in ("space", "newline")
        return items, ""

    def _node(self, kind: str, start: int, spaced: bool, before: Nodes) -> Node:
        if kind == "open":
            return self._group(start, spaced, before)
        if kind == "quote":
            self._at = end_of_quotes(self._source, start)
        text = self._source[start : self._at]
        # A line break in quotes is one in an interpolation, where a heredoc may be.
        if "\n" in text or self._source.startswith("<<", start):
            raise FixedLinesError
        return Token(kind, text, spaced)

    def _group(self, start: int, spaced: bool, before: Nodes) -> Group:
        opening = self._source[start]
        group = Group(opening, spaced)
        group.items, closing = self._items(opening)
        if closing != CLOSING[opening]:
            raise HclError(f"brackets do not match in {shown(self._source)}")
        group.source = self._source[start : self._at]
        is_index = opening == "[" and not spaced and bool(before) and _ends_operand(before[-1])
        group.is_fixed = is_index or _is_for(group)
        return group


def _refuse_neighbours(nodes: Nodes) -> None:
    if len(nodes) < 2:
        return
    left, right = nodes[-2], nodes[-1]
    if not (isinstance(left, Token) and isinstance(right, Token)):
        return
    kinds = {left.kind, right.kind}
    has_keyword = not {left.text, right.text}.isdisjoint(("in", "if", "for"))
    if "quote" in kinds and kinds <= {"quote", "word"} and not has_keyword:
        raise HclError(
            f"no operator between {shown(left.text)} and {shown(right.text)}: "
            "a function got a text with quotation marks, which cdktf does not escape; give it as a local"
        )


def _is_for(group: Group) -> bool:
    first = group.items[0][0] if group.items and group.items[0] else None
    return group.opening != "(" and isinstance(first, Token) and first.text == "for"


def _ends_operand(node: Node) -> bool:
    return isinstance(node, Group) or node.kind in ("word", "quote") or node.text == "*"
