"""Values of Terraform JSON as HCL expressions: nothing is dropped, nothing changes its type."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cdktf_app.hcl.errors import HclError, located
from cdktf_app.hcl.reflow import WIDTH, expression_lines
from cdktf_app.hcl.strings import Reading, as_template, heredoc, quoted
from cdktf_app.hcl.syntax import aligned, indented, is_plain_key
from cdktf_app.hcl.template import lone_expression


def value_lines(value: object, reading: Reading = Reading.TEMPLATE) -> Sequence[str]:
    """The lines of a value as it stands behind ``name =``.

    Args:
        value: What ``json.loads`` can return: None, bool, int, float, str, list or dict with string keys.
        reading: Whether Terraform evaluates the strings in it at this place.

    Raises:
        HclError: The value has no HCL form (NaN, a template that is not closed, a type JSON does not have).
    """
    if isinstance(value, str):
        template = as_template(value, reading)
        return heredoc(template) or _string_lines(template, reading)
    return _lines(value, reading)


def bare_expression(value: object) -> str:
    """An expression that JSON has to write as a string: a reference in ``depends_on``, a variable's type.

    Raises:
        HclError: The value is not a string, or an empty one.
    """
    if not isinstance(value, str) or not value.strip():
        raise HclError(f"expected the text of an expression, got {value!r}")
    inner = lone_expression(value)
    return (value if inner is None else inner).strip()


def bare_lines(value: object) -> Sequence[str]:
    """References as they are written without quotation marks: one, a list of them, or an object of them."""
    if isinstance(value, Mapping):
        entries = [(bare_expression(key), [bare_expression(item)]) for key, item in value.items()]
        return _object_lines(entries)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _list_lines([[bare_expression(item)] for item in value])
    return expression_lines(bare_expression(value))


def _lines(value: object, reading: Reading) -> Sequence[str]:
    if value is None:
        return ["null"]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, int):
        return [str(value)]
    if isinstance(value, float):
        return [_number(value)]
    if isinstance(value, str):
        return _string_lines(as_template(value, reading), reading)
    if isinstance(value, Mapping):
        return _object_lines([(_key(key, reading), _item_lines(key, item, reading)) for key, item in value.items()])
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return _list_lines([_lines(item, reading) for item in value])
    raise HclError(f"{type(value).__name__} is not a type of JSON: {value!r}")


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise HclError(f"{value} is not a number that Terraform has")
    return repr(value)


def _string_lines(template: str, reading: Reading) -> Sequence[str]:
    if reading is Reading.TEMPLATE:
        inner = lone_expression(template)
        if inner is not None:
            return expression_lines(inner)
    return [quoted(template)]


def _item_lines(key: object, value: object, reading: Reading) -> Sequence[str]:
    with located(str(key)):
        return value_lines(value, reading)


def _key(key: object, reading: Reading) -> str:
    if not isinstance(key, str):
        raise HclError(f"the key of an object must be a string, got {key!r}")
    if is_plain_key(key):
        return key
    template = as_template(key, reading)
    inner = lone_expression(template) if reading is Reading.TEMPLATE else None
    if inner is None:
        return quoted(template)
    lines = expression_lines(inner)
    return f"({lines[0]})" if len(lines) == 1 else quoted(template)


def _list_lines(items: Sequence[Sequence[str]]) -> list[str]:
    flat = ", ".join(item[0] for item in items)
    if all(len(item) == 1 and "\n" not in item[0] for item in items) and len(flat) <= WIDTH:
        return [f"[{flat}]"]
    lines = ["["]
    for *head, tail in items:
        lines += indented([*head, f"{tail},"])
    return [*lines, "]"]


def _object_lines(entries: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    return ["{", *indented(aligned(entries)), "}"] if entries else ["{}"]
