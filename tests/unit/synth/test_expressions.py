from __future__ import annotations

from pathlib import Path

import pytest

from cdktf_app import expressions
from cdktf_app.bindings.cloudwatch import CloudwatchLogGroup
from cdktf_app.bindings.core import App
from cdktf_app.expressions import Existence, Expression, Literal, jsonencode, literal
from cdktf_app.module_stack import ModuleStack


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", '"plain"'),
        ('with "quotes"', '"with \\"quotes\\""'),
        ("${var.region}", "var.region"),
        ("${var.a}-${var.b}", '"${var.a}-${var.b}"'),
        ('${lookup(var.m, "k")}', 'lookup(var.m, "k")'),
        ('a-${lookup(var.m, "k")}-"b"', '"a-${lookup(var.m, "k")}-\\"b\\""'),
        ('${merge({ a = "x" }, var.m)}', 'merge({ a = "x" }, var.m)'),
        ("line\nbreak", '"line\\nbreak"'),
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


def test_refuses_an_expression_without_an_end() -> None:
    with pytest.raises(ValueError, match="has no end"):
        literal("a-${var.b")


@pytest.fixture
def stack(tmp_path: Path) -> ModuleStack:
    return ModuleStack(App(outdir=str(tmp_path)), "app")


@pytest.fixture
def group(stack: ModuleStack) -> CloudwatchLogGroup:
    return CloudwatchLogGroup(stack, "group", name="g")


def test_refuses_a_token_inside_an_expression(group: CloudwatchLogGroup) -> None:
    with pytest.raises(ValueError, match="a token of cdktf's cannot stand inside an expression"):
        literal({"arn": group.arn})


def test_an_attribute_is_named_by_its_resource(group: CloudwatchLogGroup) -> None:
    assert expressions.attribute(group, "arn") == "aws_cloudwatch_log_group.group.arn"
    assert expressions.every(group, "arn") == "aws_cloudwatch_log_group.group[*].arn"
    assert expressions.only(group, "arn") == "one(aws_cloudwatch_log_group.group[*].arn)"


@pytest.mark.parametrize(
    ("condition", "count", "attribute", "listed"),
    [
        (None, None, "aws_cloudwatch_log_group.group.arn", ["${aws_cloudwatch_log_group.group.arn}"]),
        (
            "var.wanted",
            "${var.wanted ? 1 : 0}",
            "one(aws_cloudwatch_log_group.group[*].arn)",
            "${aws_cloudwatch_log_group.group[*].arn}",
        ),
    ],
)
def test_what_may_not_exist_is_null_or_an_empty_list(
    stack: ModuleStack,
    group: CloudwatchLogGroup,
    condition: str | None,
    count: str | None,
    attribute: str,
    listed: object,
) -> None:
    exists = Existence(condition)
    CloudwatchLogGroup(stack, "counted", name="c", count=exists.count)
    stack.output("listed", exists.as_list(group, "arn"), description="Listed.")

    module = stack.to_module()
    assert module["resource"]["aws_cloudwatch_log_group"]["counted"].get("count") == count
    assert exists.attribute(group, "arn") == f"${{{attribute}}}"
    assert module["output"]["listed"]["value"] == listed


def test_a_block_under_a_condition_is_dynamic(stack: ModuleStack, group: CloudwatchLogGroup) -> None:
    expressions.block_if(group, "config", "var.a || var.b", {"arn": "${var.arn}"})
    expressions.block_if(group, "other", "var.c", {"n": 1})

    assert stack.to_module()["resource"]["aws_cloudwatch_log_group"]["group"]["dynamic"] == {
        "config": {"for_each": "${var.a || var.b ? [true] : []}", "content": {"arn": "${var.arn}"}},
        "other": {"for_each": "${var.c ? [true] : []}", "content": {"n": 1}},
    }


def test_a_merged_map_can_be_merged_further() -> None:
    tags = expressions.merged(expressions.merged(expressions.string_map("var.tags"), {"A": "1"}), {"B": "2"})

    assert isinstance(tags, expressions.StringMap)
    assert tags.parts == ["var.tags", '{ A = "1" }', '{ B = "2" }']


def test_a_map_can_be_empty_under_a_condition() -> None:
    assert expressions.map_if("var.on", "var.m") == "{ for key, each in var.m : key => each if var.on }"
