"""Terraform expressions as Python values: written once here, so that no construct glues ``${`` and ``}``.

An *expression* is a plain string of Terraform's language without the braces (``var.region``). The functions
named after a type wrap one for a place that wants such a value; Python must never compare what they return.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias
from weakref import WeakKeyDictionary

from cdktf_app.bindings.core import (
    IResolvable,
    ITerraformIterator,
    TerraformDataSource,
    TerraformIterator,
    TerraformResource,
    Token,
)

_LINE = 120
_BARE_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class Expression(str):
    """Text to be written as it stands, where a plain ``str`` would become a quoted string."""

    __slots__ = ()


def string(expression: str) -> str:
    return f"${{{expression}}}"


@cache
def number(expression: str) -> float:
    return float(Token.as_number(string(expression)))


def boolean(expression: str) -> IResolvable:
    return Token.as_any(string(expression))


def strings(expression: str) -> list[str]:
    return list(_list_token(expression))


@cache
def _list_token(expression: str) -> Sequence[str]:
    return tuple(Token.as_list(string(expression)))


@cache
def _string_map_token(expression: str) -> Mapping[str, str]:
    return dict(Token.as_string_map(string(expression)))


class StringMap(dict[str, str]):
    """A map whose entries only Terraform knows; it remembers what it is made from."""

    def __init__(self, expression: str) -> None:
        super().__init__(_string_map_token(expression))
        self.expression = Expression(expression)
        self.parts = [expression]


def string_map(expression: str) -> Mapping[str, str]:
    return StringMap(expression)


def merged(*maps: Mapping[str, str]) -> StringMap:
    """One map of several; of entries with the same key the last wins."""
    parts = [part for each in maps for part in (each.parts if isinstance(each, StringMap) else [literal(each)])]
    merge = StringMap(f"merge({', '.join(parts)})")
    merge.parts = parts
    return merge


_addresses: WeakKeyDictionary[TerraformResource | TerraformDataSource, str] = WeakKeyDictionary()


def address(resource: TerraformResource | TerraformDataSource) -> str:
    """``aws_s3_bucket.photos``, or with ``data.`` before it."""
    known = _addresses.get(resource)
    if known is None:
        # Two questions to cdktf's process, and the answers never change: each is asked once.
        prefix = "data." if isinstance(resource, TerraformDataSource) else ""
        known = f"{prefix}{resource.terraform_resource_type}.{resource.friendly_unique_id}"
        _addresses[resource] = known
    return known


def attribute(resource: TerraformResource | TerraformDataSource, name: str) -> Expression:
    return Expression(f"{address(resource)}.{name}")


def every(resource: TerraformResource | TerraformDataSource, name: str) -> Expression:
    """The attribute of each instance of a resource with a count: a list, empty when there is none."""
    return Expression(f"{address(resource)}[*].{name}")


def only(resource: TerraformResource | TerraformDataSource, name: str) -> Expression:
    """The attribute of the one instance of a resource with a count of 0 or 1; null when there is none."""
    return Expression(f"one({every(resource, name)})")


def count_if(condition: str) -> float:
    """Value of ``count`` for a resource that exists only when the condition holds."""
    return number(f"{condition} ? 1 : 0")


def map_if(condition: str, expression: str) -> str:
    """A map expression that is empty unless the condition holds."""
    return f"{{ for key, each in {expression} : key => each if {condition} }}"


@dataclass(frozen=True)
class Existence:
    """Whether something exists: always, or under a condition that only Terraform can judge.

    Attributes:
        condition: A Terraform expression. Default: it always exists.
    """

    condition: str | None = None

    @property
    def count(self) -> float | None:
        """Value of ``count``; None where there is no condition."""
        return count_if(self.condition) if self.condition else None

    def attribute(self, resource: TerraformResource | TerraformDataSource, name: str) -> str:
        """An attribute of the resource, null when it does not exist."""
        return string((only if self.condition else attribute)(resource, name))

    def value(self, text: str) -> str:
        """A string that is known before the thing exists, null when it does not."""
        return string(f"{self.condition} ? {literal(text)} : null") if self.condition else text

    def as_list(self, resource: TerraformResource | TerraformDataSource, name: str) -> list[str]:
        """The attribute in a list, which is empty when the resource does not exist."""
        return strings(every(resource, name)) if self.condition else [self.attribute(resource, name)]


def each_of(expression: str) -> ITerraformIterator:
    """Value of ``for_each`` over an expression that is a map."""
    return TerraformIterator.from_map(Token.as_string_map(string(expression)))


def block_if(resource: TerraformResource, block: str, condition: str, content: Mapping[str, object]) -> None:
    """Give a resource a nested block that is there only under a condition (a ``dynamic`` block)."""
    resource.add_override(
        f"dynamic.{block}", {"for_each": string(f"{condition} ? [true] : []"), "content": dict(content)}
    )


Literal: TypeAlias = "str | int | float | bool | Sequence[Literal] | Mapping[str, Literal] | None"


def literal(value: Literal, *, indent: int = 0) -> Expression:
    """A Python value in Terraform's language, one entry a line so that generated code can be reviewed.

    An :class:`Expression` is written as it stands, and so is a string that is nothing but one ``${...}``.
    """
    inner = " " * (indent + 2)
    outer = " " * indent
    if isinstance(value, Expression):
        return value
    if isinstance(value, str):
        if "TfToken[" in value:
            raise ValueError("a token of cdktf's cannot stand inside an expression: name the attribute (attribute())")
        return _text(value)
    if isinstance(value, Mapping):
        if len(value) < 2:
            flat = "".join(f" {_key(key)} = {literal(item)} " for key, item in value.items())
            if _fits(flat):
                return Expression(f"{{{flat}}}")
        lines = (f"{inner}{_key(key)} = {literal(item, indent=indent + 2)}\n" for key, item in value.items())
        return Expression("{\n" + "".join(lines) + outer + "}")
    if isinstance(value, Sequence):
        flat = ", ".join(literal(item) for item in value)
        if _fits(flat):
            return Expression(f"[{flat}]")
        return Expression(
            "[\n" + "".join(f"{inner}{literal(item, indent=indent + 2)},\n" for item in value) + outer + "]"
        )
    return Expression(json.dumps(value))


def jsonencode(value: Literal) -> str:
    """JSON text that Terraform makes, so that references inside are filled in."""
    return string(f"jsonencode({literal(value)})")


def _text(value: str) -> Expression:
    """A string: quoted, what it fills in left as it is; nothing but one ``${...}`` is the expression in it."""
    parts: list[str] = []
    at = 0
    while (start := value.find("${", at)) >= 0:
        end = _closing_brace(value, start)
        if start == 0 and end == len(value):
            return Expression(value[2 : end - 1])
        parts += [json.dumps(value[at:start], ensure_ascii=False)[1:-1], value[start:end]]
        at = end
    parts.append(json.dumps(value[at:], ensure_ascii=False)[1:-1])
    return Expression(f'"{"".join(parts)}"')


def _closing_brace(text: str, start: int) -> int:
    """Where the ``${`` at ``start`` ends."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0 and text[at] == "}":
            return at + 1
    raise ValueError(f"an expression in {text!r} has no end")


def _fits(text: str) -> bool:
    return "\n" not in text and len(text) <= _LINE


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)
