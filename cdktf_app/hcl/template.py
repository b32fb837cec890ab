"""Where text ends and expressions begin in a Terraform template.

A string of Terraform JSON is a template in the same language as HCL's, only without the backslash escapes. So
it is enough to find its ``${...}`` and ``%{...}`` sequences: they are copied as they are, the text between is
escaped.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from cdktf_app.hcl.errors import HclError


class Kind(Enum):
    """What a piece of a template is."""

    TEXT = "text"
    INTERPOLATION = "interpolation"
    DIRECTIVE = "directive"


class Part(NamedTuple):
    """A piece of a template, with the source as it stood there (``${`` and ``}`` included)."""

    kind: Kind
    source: str


# Two or more `$` before a brace are text (Terraform reads the last two as one), a single one begins an expression.
_SPECIAL = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
_IN_EXPRESSION = re.compile(r'[{}"#]|//|/\*|<<-?(?P<delimiter>[A-Za-z_][\w-]*)[ \t]*\n')
_IN_QUOTES = re.compile(r'\\.|"|\$\$\{|%%\{|\$\{|%\{', re.DOTALL)


def split(template: str) -> list[Part]:
    """The parts of a template in order; their sources joined are the template again.

    Raises:
        HclError: A sequence is not closed.
    """
    parts: list[Part] = []
    text = 0
    at = 0
    while found := _SPECIAL.search(template, at):
        if len(found.group()) > 2:
            at = found.end()
            continue
        end = end_of_expression(template, found.end()) + 1
        if text < found.start():
            parts.append(Part(Kind.TEXT, template[text : found.start()]))
        kind = Kind.INTERPOLATION if found.group() == "${" else Kind.DIRECTIVE
        parts.append(Part(kind, template[found.start() : end]))
        text = at = end
    if text < len(template):
        parts.append(Part(Kind.TEXT, template[text:]))
    return parts


def lone_expression(template: str) -> str | None:
    """What stands between the braces when the template is one ``${...}`` and nothing else; else None.

    Terraform gives such a template the expression's own type, so it may be written bare. One with strip
    markers (``${~ x ~}``) is left alone.

    Raises:
        HclError: A sequence is not closed, or there is nothing in it.
    """
    if not (template.startswith("${") and template.endswith("}")):
        return None
    parts = split(template)
    if len(parts) != 1:
        return None
    inner = template[2:-1]
    if not inner.strip():
        raise HclError(f"there is no expression in {template!r}")
    return None if inner.startswith("~") or inner.endswith("~") else inner


def end_of_expression(source: str, start: int) -> int:
    """Index of the brace that closes the expression beginning at ``start``.

    Raises:
        HclError: There is none.
    """
    depth = 0
    at = start
    while found := _IN_EXPRESSION.search(source, at):
        mark = found.group()
        at = found.end()
        if mark == "{":
            depth += 1
        elif mark == "}":
            if depth == 0:
                return found.start()
            depth -= 1
        elif mark == '"':
            at = end_of_quotes(source, found.start())
        elif mark in ("#", "//"):
            at = _after(source, "\n", at)
        elif mark == "/*":
            at = _after(source, "*/", at)
        else:
            at = _end_of_heredoc(source, at, found["delimiter"])
    raise HclError(f"an expression is not closed: {_excerpt(source, start - 2)}")


def end_of_quotes(source: str, start: int) -> int:
    """Index behind the quotation mark that closes the one at ``start``.

    Raises:
        HclError: There is none.
    """
    at = start + 1
    while found := _IN_QUOTES.search(source, at):
        mark = found.group()
        if mark == '"':
            return found.end()
        at = end_of_expression(source, found.end()) + 1 if mark in ("${", "%{") else found.end()
    raise HclError(f"a quoted string is not closed: {_excerpt(source, start)}")


def _end_of_heredoc(source: str, start: int, delimiter: str) -> int:
    closing = re.compile(rf"^[ \t]*{re.escape(delimiter)}[ \t]*$", re.MULTILINE).search(source, start)
    if closing is None:
        raise HclError(f"a heredoc is not closed: {delimiter}")
    return closing.end()


def _after(source: str, mark: str, start: int) -> int:
    found = source.find(mark, start)
    return len(source) if found < 0 else found + len(mark)


def _excerpt(source: str, start: int) -> str:
    shown = source[max(start, 0) :]
    return repr(shown if len(shown) <= 80 else f"{shown[:77]}...")
