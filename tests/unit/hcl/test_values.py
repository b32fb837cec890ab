"""Values: what JSON holds is what HCL holds."""

from __future__ import annotations

import math

import pytest
from hypothesis import given

from cdktf_app.hcl import HclError
from cdktf_app.hcl.expressions import bare_lines, value_lines
from cdktf_app.hcl.strings import Reading
from cdktf_app.hcl.syntax import Attribute, Block, block_lines
from tests.support.terraform_json import literals
from tests.unit.hcl.literal_reader import read_literal
from tests.unit.hcl.rendering import render_value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (False, "false"),
        (True, "true"),
        (0, "0"),
        (-7, "-7"),
        (10**30, "1" + "0" * 30),
        (0.1, "0.1"),
        (1e-7, "1e-07"),
        ("", '""'),
        ([], "[]"),
        ({}, "{}"),
        ([[], {}], "[[], {}]"),
        ([None, False, 0, ""], '[null, false, 0, ""]'),
    ],
)
def test_empty_and_false_values_are_written(value: object, written: str) -> None:
    assert render_value(value) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("${aws_sqs_queue.q.arn}", "aws_sqs_queue.q.arn"),
        ("${ var.x }", "var.x"),
        ("${a.b}${c.d}", '"${a.b}${c.d}"'),
        ("${a.b} ", '"${a.b} "'),
        ('${{ "a" = "}" }}', '{ a = "}" }'),
        ('${"${a.b}"}', "a.b"),
        ('${f("}", "\\"}")}', 'f("}", "\\"}")'),
        ("$${a.b}", '"$${a.b}"'),
        ("$$${a.b}", '"$$${a.b}"'),
        ("%%{a.b}", '"%%{a.b}"'),
        ("100%", '"100%"'),
        ("$", '"$"'),
        ("%{ if a.b }x%{ endif }", '"%{ if a.b }x%{ endif }"'),
        ("${~ a.b ~}", '"${~ a.b ~}"'),
        ("\n x\n\n ${~ a.b ~}\n y", '"\\n x\\n\\n${""} ${~ a.b ~}\\n${""} y"'),
    ],
)
def test_only_a_lone_expression_is_unwrapped(text: str, written: str) -> None:
    assert render_value(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('say "hi"', r'"say \"hi\""'),
        ("back\\slash", r'"back\\slash"'),
        ("tab\tline\ncr\r", r'"tab\tline\ncr\r"'),
        ('"${f("a")}" and "b"', r'"\"${f("a")}\" and \"b\""'),
        ("\x00\x1b\u2028", r'"\u0000\u001b\u2028"'),
        ("Käse 日本 😀", '"Käse 日本 😀"'),
    ],
)
def test_characters_are_escaped_outside_of_expressions_only(text: str, written: str) -> None:
    assert render_value(text) == written


def test_text_of_several_lines_becomes_an_indented_heredoc() -> None:
    text = 'function f() {\n\n  return "$${x}\\n" + `${var.x}`;\n}\n'

    written = render_value(text)

    assert written == ('<<-EOT\n    function f() {\n\n      return "$${x}\\n" + `${var.x}`;\n    }\n  EOT')


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a\nb\nEOT\nc\n", "<<-EOT_\n"),
        ("  a\n  b\n  c\n", "<<EOT\n  a\n"),
        ("a\n  \nb\nc\n", "<<EOT\na\n"),
        ("a\n%{ if var.x ~}\nb\n%{ endif ~}\nc\n", "<<EOT\na\n"),
        ("a\nb\nc", '"a\\nb'),
        ("a\r\nb\r\nc\r\n", '"a\\r\\nb'),
        ("a\n", '"a\\n"'),
    ],
)
def test_heredoc_is_used_only_where_it_is_exact(text: str, start: str) -> None:
    assert render_value(text).startswith(start)


def test_object_keys_are_quoted_when_they_have_to_be() -> None:
    value = {"plain": 1, "for": 2, "a-b": 3, "1st": 4, "${var.x}": 5, "x${var.x}": 6, "": 7, "a.b": 8}

    keys = [line.split(" = ")[0].strip() for line in render_value(value).splitlines()[1:-1]]

    assert keys == ["plain", '"for"', '"a-b"', '"1st"', "(var.x)", '"x${var.x}"', '""', '"a.b"']


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("${", "an expression is not closed"),
        ("${f(x}", "brackets do not match"),
        ('${"a}', "a quoted string is not closed"),
        ("${}", "there is no expression"),
        ("${<<EOT\nx}", "a heredoc is not closed"),
        (math.nan, "nan is not a number"),
        (math.inf, "inf is not a number"),
        ({1: 2}, "must be a string, got 1"),
        ({"a": {"b": object}}, "a > b: type is not a type of JSON"),
        ("\ud800", "not a Unicode text"),
        ('${f("a "quoted" b")}', "cdktf does not escape"),
    ],
)
def test_rejects_what_has_no_hcl_form(value: object, message: str) -> None:
    with pytest.raises(HclError, match=message):
        value_lines(value)


@pytest.mark.parametrize("reference", ["", "  ", 1, None])
def test_rejects_a_reference_that_is_no_text(reference: object) -> None:
    with pytest.raises(HclError, match="expected the text of an expression"):
        bare_lines(reference)


@given(literals())
def test_any_literal_reads_as_it_was(value: object) -> None:
    lines = value_lines(value, Reading.LITERAL)

    assert read_literal("\n".join(lines)) == value


@given(literals())
def test_any_literal_reads_as_it_was_when_indented(value: object) -> None:
    lines = block_lines(Block("locals", (), [[Attribute("x", value_lines([value, {"in": value}], Reading.LITERAL))]]))

    assert read_literal("\n".join(lines[1:-1]).partition("=")[2]) == [value, {"in": value}]
