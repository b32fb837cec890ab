from __future__ import annotations

import pytest

from cdktf_app.expressions import Expression, Literal, jsonencode, literal


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", '"plain"'),
        ('with "quotes"', '"with \\"quotes\\""'),
        ("${var.region}", "var.region"),
        ("${var.a}-${var.b}", '"${var.a}-${var.b}"'),
        (Expression("aws_x.y.id"), "aws_x.y.id"),
        (True, "true"),
        (None, "null"),
        (1.5, "1.5"),
        ([], "[]"),
        ({}, "{}"),
        (["a", 1], '["a", 1]'),
        ({"one": 1}, "{ one = 1 }"),
        ({"not bare": 1}, '{ "not bare" = 1 }'),
        ({"a": 1, "b": [2]}, "{\n  a = 1\n  b = [2]\n}"),
    ],
)
def test_a_value_is_written_in_terraforms_language(value: Literal, expected: str) -> None:
    assert literal(value) == expected


def test_a_list_too_long_for_a_line_is_written_one_entry_a_line() -> None:
    text = literal(["x" * 70, "y" * 70])

    assert text == f'[\n  "{"x" * 70}",\n  "{"y" * 70}",\n]'


def test_nesting_is_indented() -> None:
    assert literal({"a": {"b": 1, "c": 2}, "d": 3}) == "{\n  a = {\n    b = 1\n    c = 2\n  }\n  d = 3\n}"


def test_json_is_made_by_terraform() -> None:
    assert jsonencode({"stage": "${var.environment}"}) == "${jsonencode({ stage = var.environment })}"
