"""Terraform expressions as Python values: written once here, so that no construct glues ``${`` and ``}``.

An *expression* is a plain string of Terraform's language without the braces (``var.region``). The functions
named after a type wrap one for a place that wants such a value; Python must never compare what they return.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from cdktf_app.bindings.core import (
    IResolvable,
    ITerraformIterator,
    TerraformDataSource,
    TerraformIterator,
    TerraformResource,
    Token,
)

_LONE = re.compile(r"\$\{([^{}]*)\}")
_LINE = 120
_BARE_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class Expression(str):
    """Text to be written as it stands, where a plain ``str`` would become a quoted string."""

    __slots__ = ()


def string(expression: str) -> str:
    return f"${{{expression}}}"


def number(expression: str) -> float:
    return float(Token.as_number(string(expression)))


def boolean(expression: str) -> IResolvable:
    return Token.as_any(string(expression))


def strings(expression: str) -> list[str]:
    return list(Token.as_list(string(expression)))


def string_map(expression: str) -> Mapping[str, str]:
    return dict(Token.as_string_map(string(expression)))


def address(resource: TerraformResource | TerraformDataSource) -> str:
    """``aws_s3_bucket.photos``, or with ``data.`` before it."""
    prefix = "data." if isinstance(resource, TerraformDataSource) else ""
    return f"{prefix}{resource.terraform_resource_type}.{resource.friendly_unique_id}"


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


def each_of(expression: str) -> ITerraformIterator:
    """Value of ``for_each`` over an expression that is a map."""
    return TerraformIterator.from_map(Token.as_string_map(string(expression)))


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
        lone = _LONE.fullmatch(value)
        return Expression(lone.group(1) if lone else json.dumps(value, ensure_ascii=False))
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


def _fits(text: str) -> bool:
    return "\n" not in text and len(text) <= _LINE


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)
