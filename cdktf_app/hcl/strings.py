"""Strings of Terraform JSON as quoted strings and heredocs of HCL, character for character."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from cdktf_app.hcl.errors import HclError
from cdktf_app.hcl.syntax import indented
from cdktf_app.hcl.template import Kind, Part, split


class Reading(Enum):
    """How Terraform reads a JSON string, which depends on where it stands."""

    TEMPLATE = "template"
    """With expressions in it: arguments of resources, values of outputs, locals."""
    LITERAL = "literal"
    """As it is, where Terraform evaluates nothing (defaults, descriptions, backends): ``${`` is text."""


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Quotation mark and backslash; and what an editor or a diff would not show, or Terraform's scanner would drop.
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]')
_BEGINS_EXPRESSION = re.compile(r"\$+(?=\{)|%+(?=\{)")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
# The shortest text worth a heredoc: below that, the markers are more lines than the text.
_HEREDOC_LINES = 3


def as_template(text: str, reading: Reading) -> str:
    """The text as a template: a literal one gets its ``${`` and ``%{`` escaped.

    Raises:
        HclError: The text holds half of a surrogate pair, which no file can hold.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise HclError(f"not a Unicode text: {text!r}") from error
    if reading is Reading.LITERAL:
        return _BEGINS_EXPRESSION.sub(lambda found: found.group() + found.group()[0], text)
    # Terraform takes a byte order mark in front of a template for one of a file and drops it.
    return text.removeprefix("\ufeff")


def quoted(template: str) -> str:
    """The template as a quoted string of HCL."""
    parts = split(template)
    written = [_escape(part.source) if part.kind is Kind.TEXT else part.source for part in parts]
    for number, part in enumerate(parts):
        if part.kind is Kind.TEXT and "\n" in part.source:
            after_strip = number > 0 and parts[number - 1].source.endswith("~}")
            before_strip = number + 1 < len(parts) and parts[number + 1].source[2] == "~"
            written[number] = _stop_stripping(part.source, after_strip, before_strip)
    return f'"{"".join(written)}"'


def _stop_stripping(text: str, after_strip: bool, before_strip: bool) -> str:
    """The text escaped so that a strip marker (``~``) beside it takes no more than it would without escapes.

    In JSON that is the spaces of one line with its end. A quoted string has no lines, so an empty
    interpolation stands where it has to stop.
    """
    lines = _LINES.findall(text)
    pieces = [text]
    if len(lines) > 1 and after_strip and not lines[0].strip():
        pieces = [lines[0], "".join(lines[1:])]
    if len(lines) > 1 and before_strip and not lines[-1].strip():
        last = lines[-1]
        pieces[-1:] = [piece for piece in (pieces[-1].removesuffix(last), last) if piece]
    return '${""}'.join(map(_escape, pieces))


def _escape(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: _ESCAPES.get(found.group(), f"\\u{ord(found.group()):04x}"), text)


def heredoc(template: str) -> list[str] | None:
    """The template as a heredoc, or None where a quoted string is shorter or the only exact form.

    It is an indented one (``<<-``) if the text allows: Terraform takes off what all lines have in common.
    Else its lines stand at the margin, in one piece that nothing may indent.
    """
    lines = template.split("\n")
    if len(lines) <= _HEREDOC_LINES or lines.pop() != "" or _INVISIBLE.search(template):
        return None
    delimiter = "EOT"
    while any(line.strip() == delimiter for line in lines):
        delimiter += "_"
    if _may_be_indented(template, lines):
        return [f"<<-{delimiter}", *indented(lines), delimiter]
    return [f"<<{delimiter}\n{template}{delimiter}"]


def _may_be_indented(template: str, lines: Sequence[str]) -> bool:
    if any(line and not line.strip() for line in lines):
        return False
    if not any(line and not line[0].isspace() for line in lines):
        return False
    return all(_keeps_to_its_line(part) for part in split(template))


def _keeps_to_its_line(part: Part) -> bool:
    if part.kind is Kind.TEXT:
        return True
    strips = part.source.startswith("${~") or part.source.endswith("~}")
    # What a directive strips depends on the indentation around it.
    return part.kind is Kind.INTERPOLATION and not strips and "\n" not in part.source
